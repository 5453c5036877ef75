"""The configuration of a harvest source, checked and resolved to what the engine reads."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from ckanext.cn_govdata.crawl.profile import Profile, ProfileError
from ckanext.cn_govdata.crawl.source import Source
from ckanext.cn_govdata.portals import families, registry
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.text import dates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from jsonschema import ValidationError

# Whoever may edit a source must not be able to send just any entry of the ini file to its portal.
SECRET_PREFIXES = ("CN_GOVDATA_SECRET_", "ckanext.cn_govdata.secret.")
VARIANT = "variant"  # the parameter that picks a profile's variant whatever the host
_SECRET_HEADER = re.compile(
    r"cookie|authori[sz]ation|token|secret|password|api-?key", re.IGNORECASE
)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NUMBERS = ("withdraw_after_days", "max_withdraw_share")


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names the key."""


def check_config(config: Mapping[str, Any]) -> Profile:
    """Check a source's configuration and return its family's profile. Raises `ConfigError`."""
    problem = best_match(_validator().iter_errors(config))
    if problem is not None:
        raise ConfigError(_message(problem))
    try:
        profile = families.profile(config["family"])
    except (families.UnknownFamilyError, ProfileError) as error:
        raise ConfigError(f"family: {error.args[0]}") from error
    _check_parameters(profile, config.get("parameters", {}))
    _check_headers(config.get("headers", {}))
    return profile


def build(
    config: Mapping[str, Any],
    url: str,
    *,
    full: bool = True,
    today: date | None = None,
    detail_refresh_days: int = 30,
    secrets: Callable[[str], str | None] = os.environ.get,
) -> Source:
    """Resolve a configuration and the address of its source.

    `secrets` looks up what the configuration's `secret` names; the environment, if not given.
    The division is that of the registry's row, else the six digits that `portal_id` begins with.
    Of the address only scheme, host and port count; where the family has a `context` and the
    configuration none, the first part of its path is that. Raises `ConfigError`.
    """
    profile = check_config(config)
    parts = _address(url)
    portal_id = config.get("portal_id") or parts.netloc
    portal = registry.get(portal_id)
    parameters = dict(config.get("parameters", {}))
    name = parameters.pop(VARIANT, None)
    hosts = [parts.netloc, *([urlsplit(portal.base_url).netloc] if portal else [])]
    try:
        variants = [profile.variant(host, name) for host in hosts]
    except ProfileError as error:
        raise ConfigError(f"parameters.{VARIANT}: {error}") from error
    profile = next((one for one in variants if one is not profile), profile)
    if "context" in profile.parameters and "context" not in parameters:
        parameters |= _context_of(parts, profile)
    own = {name: config[name] for name in _NUMBERS if config.get(name) is not None}
    return Source(
        profile=profile,
        portal_id=portal_id,
        base_url=f"{parts.scheme}://{parts.netloc}",
        division_code=portal.division_code if portal else _division_of(portal_id),
        parameters=parameters,
        headers=config.get("headers", {}),
        secret=_secret(config.get("secret"), secrets),
        details=config.get("details", "changed"),
        concurrency=config.get("concurrency") or 1,
        page_size=config.get("page_size"),
        max_records=config.get("max_records"),
        exclude=frozenset(config.get("exclude", ())),
        full=full,
        today=today or dates.today(),
        detail_refresh_days=detail_refresh_days,
        **own,
    )


def _secret(name: str | None, secrets: Callable[[str], str | None]) -> str | None:
    if name is None:
        return None
    if not name.startswith(SECRET_PREFIXES):
        raise ConfigError(f"secret: {name!r} does not begin with {' or '.join(SECRET_PREFIXES)}")
    found = (secrets(name) or "").strip()
    if not found:
        raise ConfigError(f"secret: there is no entry {name!r}, or it is empty")
    return found


@cache
def _validator() -> Draft202012Validator:
    file = files(__package__).joinpath("data", "source_config.schema.json")
    return Draft202012Validator(json.loads(file.read_text("utf-8")))


def _message(problem: ValidationError) -> str:
    path = ".".join(str(part) for part in problem.absolute_path)
    return f"{path}: {problem.message}" if path else problem.message


def _check_parameters(profile: Profile, parameters: Mapping[str, Any]) -> None:
    known = {*profile.parameters, VARIANT}
    if unknown := sorted(set(parameters) - known):
        raise ConfigError(
            f"parameters.{unknown[0]}: not a parameter of {profile.family}; "
            f"known: {', '.join(sorted(known))}"
        )
    name = parameters.get(VARIANT)
    if name is not None and name not in profile.variants:
        known_variants = ", ".join(profile.variants) or "none"
        raise ConfigError(f"parameters.{VARIANT}: unknown {name!r}; known: {known_variants}")


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if _SECRET_HEADER.search(name):
            raise ConfigError(
                f"headers.{name}: anyone may read a source's configuration; name an entry of the "
                "environment in secret instead"
            )
        if not _HEADER_NAME.fullmatch(name) or "\n" in value or "\r" in value:
            raise ConfigError(f"headers.{name}: not a header")


def _address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise ConfigError(f"url: {url!r} is not an http or https address")
    if parts.username is not None:
        raise ConfigError("url: an address must not hold a name or password")
    return parts


def _context_of(parts: SplitResult, profile: Profile) -> dict[str, str]:
    first = parts.path.strip("/").split("/")[0]
    return {"context": f"/{first}"} if first and profile.parameters["context"] else {}


def _division_of(portal_id: str) -> str | None:
    code = portal_id[:6]
    return code if re.fullmatch(r"\d{6}(-.*)?", portal_id) and divisions.get(code) else None
