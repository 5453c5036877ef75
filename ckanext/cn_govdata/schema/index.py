"""The Solr document of a dataset: nothing that Solr refuses, and facets that hold several values.

`document` is pure (no database, no configuration), so that CKAN's `before_dataset_index` and the
batch writer share it. It gives the same document before and after ckanext-dcat's own hook.
"""

# ruff: noqa: ANN401 - JSON values of any shape

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from ckanext.cn_govdata.schema.package import DATASET_TYPE, theme_group_name
from ckanext.cn_govdata.schema.validators import storable
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.standards.codelists import codelist
from ckanext.cn_govdata.standards.formats import format_code

Document = dict[str, Any]

# Lucene refuses a document with a longer single term (bytes of UTF-8).
LONGEST_TERM = 32_766

# A text of so many characters is never longer than that.
_SHORT = LONGEST_TERM // 4

# Objects and lists: their words are searched, their JSON is not a term.
_STRUCTURED = ("data_items", "contact", "source_extra", "related_codes")
_LEVELS = (divisions.Level.PROVINCE, divisions.Level.PREFECTURE, divisions.Level.COUNTY)
_LISTS_OF_CODES = ("application_scene", "catalog_tags")
_FLATTENED_BY_DCAT = tuple(f"extras_{field}__" for field in (*_STRUCTURED, *_LISTS_OF_CODES))

# Types of CKAN's own Solr schema: stored only, and split into words.
_STORED_ONLY = frozenset({"data_dict", "validated_data_dict"})
_SPLIT = frozenset(
    {"title", "notes", "text", "urls", "author", "author_email", "maintainer", "maintainer_email"}
    | {"res_name", "res_description"}
)
_SPLIT_PREFIXES = ("extras_", "res_extras_")


def document(source: Mapping[str, Any]) -> Document:
    """The document to index, from the one that CKAN has built. `source` is not changed."""
    doc = dict(source)
    if doc.get("dataset_type", doc.get("type")) == DATASET_TYPE:
        _words_of_structures(doc)
        doc.update(facets(doc))
    for key in [key for key, value in doc.items() if not _fits(value)]:
        if key not in _STORED_ONLY:
            _fit(doc, key)
    return doc


def facets(doc: Mapping[str, Any]) -> dict[str, list[str]]:
    """The multi-valued facet fields, `vocab_cn_*`, without empty ones."""
    chain = _divisions(doc.get("division_code"))
    found = {
        "division": [division.code for division in chain],
        "level": [doc.get("admin_level")],
        "domain": _domains(doc),
        "open": [doc.get("open_attribute")],
        "frequency": [doc.get("frequency")],
        "format": [
            format_code(word) or word.lower() for word in doc.get("res_format") or () if word
        ],
        "industry": [_section(doc.get("industry"))],
        "provider": [doc.get("provider_name")],
        "portal": [doc.get("portal_id")],
    }
    for level in _LEVELS:
        found[level.value] = [division.code for division in chain if division.level is level]
    distinct = {name: list(dict.fromkeys(filter(None, values))) for name, values in found.items()}
    return {f"vocab_cn_{name}": values for name, values in distinct.items() if values}


@lru_cache(maxsize=4096)
def _divisions(code: str | None) -> tuple[divisions.Division, ...]:
    history = divisions.history(code) if code else ()
    return (history[-1], *divisions.ancestors(history[-1].code)) if history else ()


def _domains(doc: Mapping[str, Any]) -> list[str]:
    """The domain and those of all theme groups."""
    groups = doc.get("groups")
    themes = [code for name, code in _themes().items() if name in groups] if groups else []
    return [doc.get("domain") or "", *themes]


@cache
def _themes() -> dict[str, str]:
    """The codes of the domains by the names of their groups."""
    return {theme_group_name(code): code for code in codelist("open_domain_22")}


def _section(industry: str | None) -> str | None:
    """The section (A to T) of a code of GB/T 4754."""
    divisions_of_industry = codelist("gbt4754_2017_division")
    if industry in divisions_of_industry:
        return divisions_of_industry[industry].extra["section"]
    return industry


def _words_of_structures(doc: Document) -> None:
    for key in [key for key in doc if key.startswith(_FLATTENED_BY_DCAT)]:
        del doc[key]
    for field in (*_STRUCTURED, *_LISTS_OF_CODES):
        value = doc.pop(field, None)
        stored = doc.pop(f"extras_{field}", value)
        if field in _STRUCTURED and stored:
            doc[f"extras_{field}"] = " ".join(dict.fromkeys(_words(_parsed(stored))))


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _words(value: Any) -> Iterator[str]:
    """The texts inside a structure, without its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _words(part)
    elif isinstance(value, Iterable):
        for part in value:
            yield from _words(part)


def _fits(value: Any) -> bool:
    """Whether a value is plainly one that Solr takes in any field."""
    if type(value) is str:
        return len(value) <= _SHORT and value.isprintable()
    if type(value) is list:
        return all(
            type(each) is str and len(each) <= _SHORT and each.isprintable() for each in value
        )
    return not isinstance(value, (str, Mapping, list, tuple))


def _fit(doc: Document, key: str) -> None:
    """Leave out what cannot be a term of the field."""
    value = doc[key]
    split = key in _SPLIT or key.startswith(_SPLIT_PREFIXES)
    if isinstance(value, str):
        if key == "title_string":
            doc[key] = _shortened(storable(value))
        elif split or _is_term(value):
            doc[key] = storable(value)
        else:
            del doc[key]
    elif isinstance(value, Mapping):
        del doc[key]
    elif isinstance(value, (list, tuple)):
        terms = [part for part in value if not isinstance(part, (Mapping, list, tuple))]
        doc[key] = [
            storable(part) for part in terms if split or not isinstance(part, str) or _is_term(part)
        ]


def _is_term(text: str) -> bool:
    return len(text) <= _SHORT or len(text.encode(errors="replace")) <= LONGEST_TERM


def _shortened(text: str) -> str:
    if _is_term(text):
        return text
    return text.encode(errors="replace")[:LONGEST_TERM].decode(errors="ignore")
