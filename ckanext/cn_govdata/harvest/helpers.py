"""Template helpers of the harvest pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.harvest import status
from ckanext.cn_govdata.harvest.saving import ANYWAY
from ckanext.cn_govdata.portals import families, registry
from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.once import once
from ckanext.cn_govdata.store import errors, remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.cn_govdata.crawl.profile import Profile


def cn_govdata_harvest_job(job_id: str) -> dict[str, Any] | None:
    """What a job of ours came to, or ``None`` for a job of another harvester."""
    return remembered.of_job(job_id)


def cn_govdata_harvest_progress(job_id: str) -> dict[str, Any] | None:
    """How far a job is that waits or runs, or ``None``."""
    return status.of_job(job_id)


def cn_govdata_harvest_errors(job_id: str) -> list[dict[str, Any]]:
    """The records that a job refused, by kind and reason, with examples."""
    return errors.groups(job_id)


def cn_govdata_no_worker() -> str | None:
    """What to do where jobs go to workers and none lives."""
    return status.no_worker()


def cn_govdata_families() -> list[dict[str, Any]]:
    """The platform families with their parameters: name, default and help of each."""
    return [_family(families.profile(name)) for name in families.families()]


def cn_govdata_source_portal(source: dict[str, Any]) -> dict[str, str] | None:
    """Id and title of the registry's portal that a source harvests, if it is one's."""
    portal = registry.get(str(source.get("portal_id") or ""))
    return {"id": portal.portal_id, "title": portal.title} if portal else None


def cn_govdata_save_anyway() -> str:
    """The name of the source form's box for portals that cannot be read today."""
    return ANYWAY


def _family(profile: Profile) -> dict[str, Any]:
    return {
        "family": profile.family,
        "title": profile.title,
        "parameters": [
            {
                "name": name,
                "default": "" if default is None else default,
                "help": codes.in_reader_language(profile.help[name])
                if name in profile.help
                else "",
            }
            for name, default in profile.parameters.items()
        ],
    }


@tk.chained_helper
def package_count_for_source(original: Callable[[str], int], source_id: str) -> int:
    """ckanext-harvest's own, asked once a request: the sidebar is rendered twice."""
    return once(("package_count_for_source", source_id), lambda: original(source_id))


HELPERS = {
    helper.__name__: helper
    for helper in (
        cn_govdata_families,
        cn_govdata_harvest_errors,
        cn_govdata_harvest_job,
        cn_govdata_harvest_progress,
        cn_govdata_no_worker,
        cn_govdata_save_anyway,
        cn_govdata_source_portal,
        package_count_for_source,
    )
}
