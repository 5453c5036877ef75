"""Template helpers of the harvest pages."""

from __future__ import annotations

from typing import Any

from ckanext.cn_govdata.store import remembered


def cn_govdata_harvest_job(job_id: str) -> dict[str, Any] | None:
    """What a job of ours came to, or ``None`` for a job of another harvester."""
    return remembered.of_job(job_id)


HELPERS = {"cn_govdata_harvest_job": cn_govdata_harvest_job}
