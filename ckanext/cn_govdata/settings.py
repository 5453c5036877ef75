"""The settings of the suite, one typed function each. Nobody else names an option.

Types, defaults and descriptions are declared in `config_declaration.yaml`. Functions raise
`ValueError`, naming the option, for a value that cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.crawl.client import ClientSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "ckanext.cn_govdata."


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


def workbook_max_export() -> int:
    """Most datasets that a page exports into one workbook."""
    return tk.config[f"{PREFIX}workbook.max_export"]


def client_settings(source_config: Mapping[str, Any]) -> ClientSettings:
    """How one source is asked: the site's settings, then the source's own."""
    own = {
        "rate": source_config.get("rate"),
        "host_concurrency": source_config.get("concurrency"),
        "verify_tls": source_config.get("verify_tls"),
    }
    return ClientSettings(
        **{
            "user_agent": http_user_agent(),
            "rate": http_rate(),
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
