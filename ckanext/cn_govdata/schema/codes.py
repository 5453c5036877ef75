"""Code lists as the schema uses them: codes to check against, labels in the reader's language."""

# ruff: noqa: ANN401 - whatever a data file holds

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import ckan.plugins.toolkit as tk
import yaml

from ckanext.cn_govdata.schema.registry import helper
from ckanext.cn_govdata.standards.codelists import codelist

Labels = Mapping[str, str]

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh_Hans_CN", "zh_Hant_TW", "en"


@cache
def labels(names: str) -> Mapping[str, Labels]:
    """Code to labels by language, of one code list or of several named with spaces between.

    Raises KeyError for an unknown list.
    """
    found: dict[str, Labels] = {}
    for name in names.split():
        found.update(_own_lists().get(name) or _standard_list(name))
    return found


@helper
def choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices of a scheming field with a `code_list`, as `choices_helper` gives them."""
    return [
        {"value": code, "label": dict(names)} for code, names in labels(field["code_list"]).items()
    ]


def label(names: str, code: str) -> str:
    """The label of a code in the reader's language; the code itself when it is unknown."""
    known = labels(names).get(str(code))
    return in_reader_language(known) if known else str(code)


def in_reader_language(names: Labels) -> str:
    """One of several language versions: Chinese as the reader writes it, English for all others."""
    return names.get(reader_language()) or names[ENGLISH]


def reader_language() -> str:
    """`zh_Hans_CN`, `zh_Hant_TW` or `en`, from the request or, without one, from the site."""
    try:
        code = tk.h.lang()
    except (RuntimeError, TypeError):  # no request
        code = None
    code = code or tk.config.get("ckan.locale_default") or ENGLISH
    if not code.startswith("zh"):
        return ENGLISH
    return TRADITIONAL if code.startswith(("zh_Hant", "zh_TW", "zh_HK")) else SIMPLIFIED


@cache
def _own_lists() -> Mapping[str, Mapping[str, Labels]]:
    return _data("choices.yaml")


def _standard_list(name: str) -> Mapping[str, Labels]:
    traditional = _data("zh_hant.yaml")
    return {
        code: {
            ENGLISH: concept.label_en,
            SIMPLIFIED: concept.label_zh,
            TRADITIONAL: traditional.get(concept.label_zh, concept.label_zh),
        }
        for code, concept in codelist(name).items()
    }


@cache
def _data(name: str) -> Any:
    return yaml.safe_load(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
