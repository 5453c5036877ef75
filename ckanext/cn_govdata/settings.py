"""The settings of the suite, one typed function each. Nobody else names an option.

Types, defaults and descriptions are declared in `config_declaration.yaml`. Functions raise
`ValueError`, naming the option, for a value that cannot be used.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.crawl.client import ClientSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "ckanext.cn_govdata."
WORKER, STOCK = "worker", "stock"
_NIGHT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)")
_MINUTES_A_DAY = 24 * 60


def http_user_agent() -> str:
    """How the harvester introduces itself."""
    return tk.config[f"{PREFIX}http.user_agent"]


def http_rate() -> float:
    """Requests a second and host; 0 = no limit."""
    return _number("http.rate")


def http_connect_timeout() -> float:
    """Seconds until a connection must stand."""
    return _number("http.connect_timeout")


def http_read_timeout() -> float:
    """Seconds until the next part of an answer must come."""
    return _number("http.read_timeout")


def http_max_bytes() -> int:
    """Largest answer, in bytes after decompression."""
    return tk.config[f"{PREFIX}http.max_bytes"]


def http_allowed_networks() -> tuple[str, ...]:
    """CIDRs that are allowed though they are not public."""
    return tuple(tk.config[f"{PREFIX}http.allowed_networks"])


def http_respect_robots() -> bool:
    """Whether robots.txt is followed."""
    return tk.config[f"{PREFIX}http.respect_robots"]


def http_proxy() -> str | None:
    """Address of the proxy, if there is one."""
    return tk.config.get(f"{PREFIX}http.proxy") or None


def harvest_full_listing_days() -> int:
    """Days until a source must be listed completely again."""
    return tk.config[f"{PREFIX}harvest.full_listing_days"]


def harvest_detail_refresh_days() -> int:
    """Days until the detail of an unchanged record is read anew."""
    return tk.config[f"{PREFIX}harvest.detail_refresh_days"]


def harvest_host_concurrency() -> int:
    """Requests at once to one host, over all workers of the site."""
    return tk.config[f"{PREFIX}harvest.host_concurrency"]


def harvest_runner() -> str:
    """Who does the jobs of `cn_portal` sources: `WORKER`, or `STOCK` for ckanext-harvest's own."""
    runner = tk.config[f"{PREFIX}harvest.runner"]
    if runner not in (WORKER, STOCK):
        raise ValueError(f"{PREFIX}harvest.runner: {runner!r} is neither {WORKER} nor {STOCK}")
    return runner


def harvest_lease_seconds() -> int:
    """Seconds after which the job of a dead worker is continued by another."""
    return tk.config[f"{PREFIX}harvest.lease_seconds"]


def harvest_portals_at_once() -> int:
    """Portals that one worker reads at a time."""
    return tk.config[f"{PREFIX}harvest.portals_at_once"]


def harvest_batch_size() -> int:
    """Records a transaction."""
    return tk.config[f"{PREFIX}harvest.batch_size"]


def harvest_withdraw_after_days() -> int:
    """Days between missing a record and withdrawing its dataset."""
    return tk.config[f"{PREFIX}harvest.withdraw_after_days"]


def harvest_max_withdraw_share() -> float:
    """Share of a source's datasets that one run may withdraw, 0 to 1."""
    share = _number("harvest.max_withdraw_share")
    if share > 1:
        raise ValueError(f"{PREFIX}harvest.max_withdraw_share must not be above 1")
    return share


def harvest_one_owner() -> bool:
    """Whether a dataset that several portals publish is kept once."""
    return tk.config[f"{PREFIX}harvest.one_owner"]


def harvest_activities() -> bool:
    """Whether harvests show in the activity streams."""
    return tk.config[f"{PREFIX}harvest.activities"]


def harvest_night() -> tuple[int, int]:
    """The hours in which scheduled sources are harvested: first minute of the day, and how many.

    Of Chinese time (UTC+8). A night may go beyond midnight.
    """
    text = tk.config[f"{PREFIX}harvest.night"]
    match = _NIGHT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{PREFIX}harvest.night: {text!r} is not like 22:00-06:00")
    start, end = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
    return start, (end - start) % _MINUTES_A_DAY or _MINUTES_A_DAY


def harvest_keep_days() -> int:
    """Days for which past jobs, their objects and errors are kept."""
    days = tk.config[f"{PREFIX}harvest.keep_days"]
    if days < 1:
        raise ValueError(f"{PREFIX}harvest.keep_days must be at least 1")
    return days


def metrics_token() -> str | None:
    """The secret with which a monitor reads `/cn-govdata/metrics`."""
    return tk.config.get(f"{PREFIX}metrics.token") or None


def portals_file() -> Path | None:
    """The operator's own rows of the registry of portals."""
    name = tk.config.get(f"{PREFIX}portals.file")
    return Path(name) if name else None


def workbook_max_export() -> int:
    """Most datasets that a page exports into one workbook."""
    return tk.config[f"{PREFIX}workbook.max_export"]


def dcat_base_uri() -> str:
    """What all addresses of the linked data begin with, without a slash at the end."""
    own = tk.config.get(f"{PREFIX}dcat.base_uri") or tk.config.get("ckanext.dcat.base_uri")
    return str(own or tk.config["ckan.site_url"]).rstrip("/")


def client_settings(source_config: Mapping[str, Any]) -> ClientSettings:
    """How one source is asked: the site's settings, then the source's own."""
    own = {
        "rate": source_config.get("rate"),
        "verify_tls": source_config.get("verify_tls"),
    }
    return ClientSettings(
        **{
            "user_agent": http_user_agent(),
            "rate": http_rate(),
            "host_concurrency": max(
                harvest_host_concurrency(), source_config.get("concurrency") or 1
            ),
            "connect_timeout": http_connect_timeout(),
            "read_timeout": http_read_timeout(),
            "max_bytes": http_max_bytes(),
            "allowed_networks": http_allowed_networks(),
            "respect_robots": http_respect_robots(),
            "proxy": http_proxy(),
            **{name: value for name, value in own.items() if value is not None},
        }
    )


def _number(option: str) -> float:
    # CKAN 2.11 declares no option as a decimal number.
    value = tk.config[f"{PREFIX}{option}"]
    try:
        number = float(value)
    except ValueError as error:
        raise ValueError(f"{PREFIX}{option}: {value!r} is not a number") from error
    if not number >= 0:
        raise ValueError(f"{PREFIX}{option} must not be below 0")
    return number
