"""`ckan cn-govdata organizations`: organisations of the division tree."""

from __future__ import annotations

import click

from ckanext.cn_govdata.schema import organizations as tree
from ckanext.cn_govdata.schema import themes


@click.group(short_help="Organisations of the division tree")
def organizations() -> None:
    """Organisations of the division tree."""


@organizations.command()
@click.option("--division", required=True, help="Code of GB/T 2260; 100000 is the nation.")
@click.option("--below", is_flag=True, help="Also those of all divisions below it.")
def create(division: str, below: bool) -> None:
    """Create the organisation of a division and of those above it, and the theme groups.

    What is there already stays as it is.
    """
    codes = list(tree.below(division)) if below else [division]
    try:
        with click.progressbar(codes, label="Organisations") as progress:
            for code in progress:
                tree.ensure(code)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--division") from error
    made = themes.ensure()
    click.echo(f"{len(codes)} organisations are there; {made} theme groups were created.")
