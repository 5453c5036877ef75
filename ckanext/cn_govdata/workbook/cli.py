"""`ckan cn-govdata workbook import | export | template`: the reporting workbook both ways."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import click

from ckanext.cn_govdata.schema.site_user import as_site_user, contexts
from ckanext.cn_govdata.workbook import export, import_
from ckanext.cn_govdata.workbook.problems import Refused

if TYPE_CHECKING:
    from ckanext.cn_govdata.workbook.result import Result

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group(short_help="The national reporting workbook")
def workbook() -> None:
    """Import and export of the national reporting workbook."""


@workbook.command("import")
@click.argument("file", type=_FILE)
@click.option("--organization", required=True, help="Name or id of the owner organisation.")
@click.option("--dry-run", is_flag=True, help="Check only; nothing is written.")
@click.option("--partial", is_flag=True, help="Write the datasets that have no error.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_command(
    file: Path, organization: str, dry_run: bool, partial: bool, as_json: bool
) -> None:
    """Import FILE (.xlsx, .xls or .csv) into an organisation.

    Nothing is written when any dataset has an error, unless --partial. Exits with 1 then.
    """
    try:
        result = import_.run(file, organization, contexts(), dry_run=dry_run, partial=partial)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    except tk.ObjectNotFound as error:
        raise click.BadParameter(
            f"no organisation {organization}", param_hint="--organization"
        ) from error
    if as_json:
        click.echo(json.dumps(result.as_dict(), ensure_ascii=False))
    else:
        _show(result)
    sys.exit(0 if result.went_well else 1)


def _show(result: Result) -> None:
    for problem in result.problems:
        click.echo(
            f"{problem.severity}\t{problem.sheet}!{problem.cell}\t{problem.header}\t"
            f"{problem.value}\t{problem.rule}"
        )
    if result.problems_left_out:
        click.echo(f"… and {result.problems_left_out} more problems")
    click.echo(
        f"{'Written' if result.written else 'Nothing written'}: created {result.created}, "
        f"updated {result.updated}, unchanged {result.unchanged}, refused {result.refused}"
    )


@workbook.command("export")
@click.option("--query", default="*:*", help="Words to search for.")
@click.option("--organization", help="Only datasets of this organisation (name or id).")
@click.option("--division", help="Only datasets of this division and of those below it.")
@click.option("--out", required=True, type=_OUT, help="File to write: .xlsx or .csv.")
def export_command(query: str, organization: str | None, division: str | None, out: Path) -> None:
    """Export datasets to a workbook."""
    try:
        filters = [export.of_organization(organization)] if organization else []
        filters += [export.of_division(division)] if division else []
    except (tk.ObjectNotFound, ValueError) as error:
        raise click.UsageError(str(error)) from error
    datasets = export.found(as_site_user(), query, " ".join(filters))
    click.echo(f"{export.to_file(out, datasets)} datasets written to {out}")


@workbook.command()
@click.option("--out", required=True, type=_OUT, help="File to write: .xlsx or .csv.")
def template(out: Path) -> None:
    """Write an empty workbook with the columns and code lists."""
    export.to_file(out, ())
    click.echo(f"Template written to {out}")
