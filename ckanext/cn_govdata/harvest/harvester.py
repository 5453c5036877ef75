"""The harvest source type `cn_portal`: ckanext-harvest's interface over the one runner.

There is one path. Whoever takes a job from the queue, the stock gather consumer included, runs
`runner.run`, which lists, compares, maps and writes the whole source and ends the job. The stock
fetch stage therefore receives nothing.
"""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.cn_govdata.harvest import runner
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.portals.source import ConfigError, check_config


class PortalHarvester:
    """The methods of `IHarvester`, for the plugin class to inherit."""

    def info(self) -> dict[str, str]:
        """What the form of a harvest source shows."""
        return {
            "name": SOURCE_TYPE,
            "title": tk._("Chinese open data portal"),
            "description": tk._("A local portal of a documented platform family"),
            "form_config_interface": "Text",
        }

    def validate_config(self, config: str | None) -> str:
        """The configuration as it is stored; a `ValueError` names the key that is wrong."""
        try:
            value = json.loads(config or "{}")
        except json.JSONDecodeError as error:
            raise ValueError(tk._("The configuration is not JSON: {0}").format(error)) from error
        try:
            check_config(value)
        except ConfigError as error:
            raise ValueError(str(error)) from error
        return json.dumps(value, ensure_ascii=False, indent=2)

    def gather_stage(self, harvest_job: HarvestJob) -> list[str]:
        """Harvest the whole source; nothing is left for the fetch stage."""
        runner.run(harvest_job.id)
        return []

    def fetch_stage(self, harvest_object: HarvestObject) -> str:  # noqa: ARG002
        """Nothing to fetch: the runner has read the record already."""
        return "unchanged"

    def import_stage(self, harvest_object: HarvestObject) -> str:  # noqa: ARG002
        """Nothing to import: the runner has written the dataset already."""
        return "unchanged"

    def get_original_url(self, harvest_object_id: str) -> str | None:
        """The landing page of the record at its portal, for error reports."""
        harvest_object: Any = HarvestObject.get(harvest_object_id)
        if harvest_object is None or harvest_object.package is None:
            return None
        return harvest_object.package.url
