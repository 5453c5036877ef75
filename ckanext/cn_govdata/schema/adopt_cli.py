"""`ckan cn-govdata adopt`: the older datasets of a site under our fields."""

from __future__ import annotations

import sys

import ckan.plugins.toolkit as tk
import click

from ckanext.cn_govdata.schema import adopt as adopting
from ckanext.cn_govdata.schema.printing import print_json, print_table

_SHOWN = 20


@click.command(short_help="Fill our fields from the extras of older datasets")
@click.option("--dry-run", is_flag=True, help="Look only; nothing is written.")
@click.option("--organization", help="Only datasets of this organisation (name or id).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def adopt(dry_run: bool, organization: str | None, as_json: bool) -> None:
    """Fill empty fields of older datasets from free extras whose labels and values are certain.

    The extras stay. Exits with 1 when CKAN refused a dataset.
    """
    try:
        length = adopting.count(organization)
        with click.progressbar(length=length, label="Datasets", file=sys.stderr) as bar:
            report = adopting.run(
                organization, dry_run=dry_run, progress=lambda done: bar.update(done - bar.pos)
            )
    except tk.ObjectNotFound as error:
        raise click.BadParameter(
            f"no organisation {organization}", param_hint="--organization"
        ) from error
    if as_json:
        print_json(report.as_dict())
    else:
        _show(report, dry_run=dry_run)
    sys.exit(1 if report.refused else 0)


def _show(report: adopting.Report, *, dry_run: bool) -> None:
    print_table(("field", "datasets"), report.fields.most_common())
    if report.unknown:
        print_table(("extra that is no field", "datasets"), report.unknown.most_common(_SHOWN))
    for package_id, reason in list(report.refused.items())[:_SHOWN]:
        click.echo(f"refused: {package_id}: {reason}")
    click.echo(
        f"{report.datasets} datasets, {report.adopted} {'would be filled' if dry_run else 'filled'}, "
        f"{len(report.refused)} refused; {report.complete} lack nothing mandatory then."
    )
