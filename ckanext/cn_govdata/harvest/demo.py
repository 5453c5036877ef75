"""`ckan cn-govdata demo load`: a catalogue of real records, harvested from replay portals."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.cn_govdata.harvest import source_list
from ckanext.cn_govdata.harvest.cli import run_all
from ckanext.cn_govdata.harvest.console import Console
from ckanext.cn_govdata.schema import themes


@click.group(short_help="Demonstration catalogue")
def demo() -> None:
    """The demonstration catalogue."""


@demo.command()
@click.option(
    "--portals",
    "portals_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON list of portals to harvest: portal, family, base_url, context, settings.",
)
def load(portals_file: Path) -> None:
    """Create themes, organisations and sources, harvest them, and say what to look at.

    The last line is JSON: the counts and the addresses.
    """
    entries = json.loads(portals_file.read_text(encoding="utf-8"))
    themes.ensure()
    try:
        names = source_list.create(entries, {"rate": 0, "concurrency": 4})
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    reports = run_all(names, Console())
    looks = _looks(names[0])
    for title, address in looks.items():
        click.echo(f"  {title}: {address}")
    result = {
        "datasets": _count(),
        "reports": [report.counters() for report in reports],
        "look": looks,
    }
    click.echo(json.dumps(result, ensure_ascii=False))
    sys.exit(0 if all(report.went_well for report in reports) else 1)


def _count() -> int:
    found = tk.get_action("package_search")({}, {"rows": 0, "fq": "dataset_type:dataset"})
    return found["count"]


def _looks(source_name: str) -> dict[str, str]:
    """Addresses worth opening, by what they show."""
    found = tk.get_action("package_search")(
        {}, {"rows": 1, "q": "医疗 机构", "fq": "dataset_type:dataset"}
    )
    dataset = found["results"][0] if found["results"] else {"name": "", "division_code": ""}
    source = model.Package.get(source_name)
    job = tk.get_action("harvest_job_list")(
        {"ignore_auth": True, "user": ""}, {"source_id": source.id}
    )[0]
    site = tk.config["ckan.site_url"].rstrip("/")
    return {
        "dataset": f"{site}/dataset/{dataset['name']}",
        "division": f"{site}/dataset/?vocab_cn_division={dataset.get('division_code', '')}",
        "search": f"{site}/dataset/?q=医疗机构",
        "dcat": f"{site}/dataset/{dataset['name']}.ttl",
        "job": f"{site}/harvest/{source_name}/job/{job['id']}",
    }
