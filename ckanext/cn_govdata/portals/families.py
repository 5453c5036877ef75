"""The platform families there are: the profiles shipped here, and those of other distributions.

A distribution adds families by the entry point group `ckanext.cn_govdata.families`: each entry's
name is the family's id, its value a function without arguments that returns a `Profile`.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files

import yaml

from ckanext.cn_govdata.crawl.profile import Profile, ProfileError

ENTRY_POINTS = "ckanext.cn_govdata.families"
_SUFFIX = ".yaml"


class UnknownFamilyError(LookupError):
    """No profile of that name; the message lists those there are."""


@cache
def families() -> tuple[str, ...]:
    """Return the ids of all families, sorted."""
    return tuple(sorted({*_shipped(), *_added()}))


@cache
def profile(family: str) -> Profile:
    """Return the compiled profile of a family.

    Raises `UnknownFamilyError`, or `ProfileError` when the profile itself cannot be used.
    """
    if family in _shipped():
        text = files(__package__).joinpath("profiles", family + _SUFFIX).read_text("utf-8")
        return load(text, family)
    if family in _added():
        made = _added()[family].load()()
        if not isinstance(made, Profile):
            raise ProfileError(f"the entry point {family!r} of {ENTRY_POINTS} makes no Profile")
        return made
    raise UnknownFamilyError(f"unknown family {family!r}; known: {', '.join(families())}")


def load(text: str, family: str | None = None) -> Profile:
    """Compile the text of a profile file. `ProfileError` names what is wrong in it."""
    try:
        compiled = Profile.from_mapping(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ProfileError(f"not YAML: {error}") from error
    if family is not None and compiled.family != family:
        raise ProfileError(f"family: {compiled.family!r} in the file of {family!r}")
    return compiled


@cache
def _shipped() -> frozenset[str]:
    folder = files(__package__).joinpath("profiles")
    names = (entry.name for entry in folder.iterdir())
    return frozenset(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


@cache
def _added() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
