"""The declarative description of a platform family, compiled once. `docs/profiles.md` explains it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import reading
from ckanext.cn_govdata.crawl.messages import Request
from ckanext.cn_govdata.crawl.reading import Reader
from ckanext.cn_govdata.crawl.record import Record
from ckanext.cn_govdata.crawl.steps import (
    Codes,
    Fields,
    ListStep,
    ProfileError,
    header_names,
    names_given,
    names_used,
)

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.templates import Template

__all__ = ["Download", "Hook", "Profile", "ProfileError"]

Hook = Callable[[Request, Mapping[str, Any]], Request]

_REQUEST_KEYS = frozenset({"get", "post", *reading.BODY_KINDS})
# Names that fields may bear beside those of the record.
_EXTRA_FIELDS = frozenset({"contact.name", "contact.phone", "contact.email", "formats"})
_BUILT_IN = frozenset({"page", "offset", "size", "today"})


@dataclass(frozen=True, slots=True)
class Download:
    """When a listed file may be fetched without logging in, and from where."""

    url: Template | None
    anonymous: str  # always | unconditional: only files of datasets that are open to all


@dataclass(frozen=True, slots=True)
class Profile:
    """One platform family, or one host's variant of it."""

    family: str
    title: str
    undocumented: tuple[str, ...]  # parts of the interface that no source describes
    secret: str | None  # what the configuration's `secret` must hold, for families that want one
    parameters: Mapping[str, Any]
    help: Mapping[str, Mapping[str, str]]  # what each parameter means, by language
    headers: Mapping[str, Template]
    lists: tuple[ListStep, ...]
    landing_page: Template | None
    download: Download | None
    volatile: frozenset[str]  # counters: kept, but no reason to call a record changed
    hook: Hook | None
    variants: Mapping[str, Mapping[str, Any]]
    source: Mapping[str, Any]
    _compiled: dict[str, Profile] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Profile:
        """Compile a profile read from YAML. `ProfileError` names the key that is wrong."""
        reader = Reader(mapping)
        family = reader.needed("family")
        download = reader.child("download")
        profile = cls(
            family=family,
            title=reader.text("title") or family,
            undocumented=reader.texts("undocumented"),
            secret=reader.text("secret"),
            parameters=reader.mapping("parameters"),
            help=_help(reader),
            headers=reading.headers(reader),
            lists=reading.lists(reader),
            landing_page=reader.template("landing_page"),
            download=_download(download) if download else None,
            volatile=frozenset(reader.texts("volatile")),
            hook=_hook(reader.text("hook")),
            variants=reader.mapping("variants"),
            source=mapping,
        )
        reader.finish()
        _check_names(profile)
        for name in profile.variants:
            profile.variant(name=name)
        return profile

    def variant(self, host: str | None = None, name: str | None = None) -> Profile:
        """The variant of that name, or else of that host; the profile itself if it has none."""
        name = name or self._variant_of(host)
        if name is None:
            return self
        if name not in self.variants:
            known = ", ".join(self.variants) or "none"
            raise ProfileError(f"{self.family} has no variant {name!r}; known: {known}")
        if name not in self._compiled:
            try:
                merged = Profile.from_mapping(merge(self.source, self.variants[name]))
            except ProfileError as error:
                raise ProfileError(f"variants.{name}: {error}") from error
            self._compiled[name] = merged
        return self._compiled[name]

    def _variant_of(self, host: str | None) -> str | None:
        hosts = ((name, variant.get("hosts", ())) for name, variant in self.variants.items())
        return next((name for name, known in hosts if host in known), None)

    def codes_of(self, name: str) -> Codes | None:
        """The code table of a field, wherever the profile reads it."""
        found = (step[name].codes for step in _field_steps(self) if name in step)
        return next((codes for codes in found if codes is not None), None)


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A profile with a variant's keys laid over it: mappings merge, everything else is replaced."""
    dropped = {"variants"} | (_REQUEST_KEYS if changes.keys() & {"get", "post"} else set())
    merged = {key: value for key, value in base.items() if key not in dropped}
    for key, value in changes.items():
        if key == "hosts":
            continue
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping) and key not in _REQUEST_KEYS:
            merged[key] = merge(old, value)
        else:
            merged[key] = value
    return merged


def _help(reader: Reader) -> Mapping[str, Mapping[str, str]]:
    known, found = reader.mapping("parameters"), reader.mapping("help")
    for name, texts in found.items():
        if name not in known:
            raise ProfileError(f"{reader.path('help')}.{name} is not a parameter")
        if not isinstance(texts, Mapping) or not texts.get("en"):
            raise ProfileError(f"{reader.path('help')}.{name} needs a text in the language en")
    return found


def _download(reader: Reader) -> Download:
    anonymous = reader.needed("anonymous")
    if anonymous not in {"always", "unconditional"}:
        raise ProfileError(f"{reader.path('anonymous')} is always or unconditional")
    download = Download(reader.template("get"), anonymous)
    reader.finish()
    return download


def _hook(name: str | None) -> Hook | None:
    if name is None:
        return None
    module, _, function = name.partition(":")
    try:
        hook: Hook = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ProfileError(f"hook: {name!r} is not module:function: {error}") from error
    return hook


def _field_steps(profile: Profile) -> Iterator[Fields]:
    for step in profile.lists:
        yield step.fields
        if step.detail:
            yield step.detail.fields


def _check_names(profile: Profile) -> None:
    """Every name in an address is a value there is; every field is the record's or in an address."""
    given = set(profile.parameters) | _BUILT_IN
    used: set[str] = header_names(profile.headers)
    for step in profile.lists:
        used |= names_used(step)
        given |= names_given(step)
    for template in (profile.landing_page, profile.download and profile.download.url):
        used.update(template.names if template else ())
    if unknown := used - given:
        raise ProfileError(f"{{{min(unknown)}}} is neither a parameter nor a field")
    _check_order(profile)
    known = {one.name for one in fields(Record)} | _EXTRA_FIELDS | used
    for found in _field_steps(profile):
        _check_fields(found, known, "the record's")
    for step in profile.lists:
        for each in (step.each, step.detail.each if step.detail else {}):
            for kind, rows in each.items():
                for row in rows:
                    _check_fields(row.fields, reading.EACH_FIELDS[kind] | used, f"one of {kind}")


def _check_order(profile: Profile) -> None:
    for step in profile.lists:
        if (newest := step.paging.newest_first) and newest not in step.fields:
            raise ProfileError(f"page.newest_first: {step.name} has no field {newest!r}")


def _check_fields(found: Fields, known: Collection[str], whose: str) -> None:
    if stray := sorted(found.keys() - set(known)):
        raise ProfileError(f"field {stray[0]!r} is neither {whose} nor used in an address")
