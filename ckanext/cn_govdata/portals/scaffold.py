"""The beginning of a new family: profile, folder of samples and test, that run as they are."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from ckanext.cn_govdata.portals import families

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PROFILES = ("ckanext", "cn_govdata", "portals", "profiles")


class ScaffoldError(ValueError):
    """Nothing was written; the message says why."""


def family(name: str, into: Path) -> list[Path]:
    """Write the files of a new family and return them.

    In a copy of this project (`into` holds its profiles) they go where its own stand; anywhere else
    they make a distribution of their own with the entry point. Raises `ScaffoldError`.
    """
    if not _NAME.fullmatch(name):
        raise ScaffoldError(f"{name!r}: a family's name is lower case, digits and hyphens")
    if name in families.families():
        raise ScaffoldError(f"there is a family {name!r} already")
    wanted = _in_project(name, into) if _is_project(into) else _distribution(name, into)
    if existing := [path for path in wanted if path.exists()]:
        raise ScaffoldError(f"{existing[0]} is there already")
    for path, template in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(template, name), encoding="utf-8")
    return list(wanted)


def next_steps(name: str, into: Path) -> str:
    """What to do with what `family` has written."""
    if _is_project(into):
        test = f"tests/profiles/test_{_module(name)}.py"
        return f"Try it: python -m pytest -p no:ckan {test}; then docs/new-family.md"
    return (
        f"Try it: pip install -e {into / _folder(name)}, then pytest there; then docs/new-family.md"
    )


def _is_project(into: Path) -> bool:
    return into.joinpath(*_PROFILES).is_dir()


def _in_project(name: str, into: Path) -> dict[Path, str]:
    tests = into / "tests" / "profiles"
    return {
        into.joinpath(*_PROFILES, f"{name}.yaml"): "profile.yaml",
        tests / f"test_{_module(name)}.py": "test_family.py.txt",
        **_samples(tests / "samples" / name),
    }


def _distribution(name: str, into: Path) -> dict[Path, str]:
    root = into / _folder(name)
    package = root / _package(name)
    return {
        root / "pyproject.toml": "pyproject.toml",
        package / "__init__.py": "module.py.txt",
        package / f"{name}.yaml": "profile.yaml",
        root / "tests" / f"test_{_module(name)}.py": "test_family.py.txt",
        **_samples(root / "tests" / "samples" / name),
    }


def _samples(folder: Path) -> dict[Path, str]:
    return {folder / sample: sample for sample in ("list.json", "detail.json")}


def _folder(name: str) -> str:
    return f"cn-govdata-family-{name}"


def _package(name: str) -> str:
    return f"cn_govdata_family_{_module(name)}"


def _module(name: str) -> str:
    return name.replace("-", "_")


def _filled(template: str, name: str) -> str:
    text = files(__package__).joinpath("data", "scaffold", template).read_text("utf-8")
    return text.replace("MODULE", _package(name)).replace("NAME", name)
