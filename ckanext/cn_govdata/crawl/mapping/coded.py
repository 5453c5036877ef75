"""Fields with a code list: the code where word or code maps for certain, the word beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from ckanext.cn_govdata.standards import codelists, fields, words
from ckanext.cn_govdata.standards.industries import industry
from ckanext.cn_govdata.text import clean

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.mapping.draft import Draft

_UNKNOWN = "no code of the list for certain"
_LISTED_CODES: Mapping[str, Callable[[str, str], str | None]] = {
    "frequency": words.frequency_of,
    "open_attribute": words.open_attribute_of,
}
_PORTAL_LISTS = {
    "frequency": "update_frequency_portals",
    "open_attribute": "open_attribute_portal_codes",
}
_WORDS: Mapping[str, Callable[[str], str | None]] = {
    "frequency": words.frequency,
    "open_attribute": words.open_attribute,
    "industry": industry,
}
_ELSEWHERE = frozenset({*_WORDS, "domain", "groups", "division_code", "portal_id", "admin_level"})


def fill(draft: Draft) -> None:
    """Fill every field that has a code list."""
    _domain(draft)
    _with_text(draft, "industry", draft.raw.get("industry"))
    _with_text(draft, "frequency", draft.raw.get("frequency"))
    _open_attribute(draft)
    for name in _listed():
        _listed_code(draft, name)


def _domain(draft: Draft) -> None:
    texts = [text for value in draft.texts("domain_text") if (text := clean.line(value))]
    table = draft.source.profile.codes_of("domain_text")
    if isinstance(table, Mapping):
        texts = [table.get(text, text) for text in texts]
    if not texts:
        return
    draft.fields["domain_text"] = "、".join(dict.fromkeys(texts))
    codes = dict.fromkeys(code for text in texts for code in words.domains(text))
    draft.fields["groups"] = tuple(codes)
    draft.fields["domain"] = next(iter(codes), None)
    if not codes:
        draft.find("domain", draft.fields["domain_text"], _UNKNOWN)


def _with_text(draft: Draft, name: str, code: str | None) -> None:
    """Fill a code and the portal's own words beside it, from a portal code or from words."""
    texts = [text for value in draft.texts(f"{name}_text") if (text := clean.line(value))]
    found = None
    if code is not None and not clean.is_placeholder(code):
        found, word = decode(draft, name, str(code).strip())
        texts = texts or [word]
    if not texts:
        return
    draft.fields[f"{name}_text"] = "、".join(dict.fromkeys(texts))
    found = found or next((known for text in texts if (known := _WORDS[name](text))), None)
    draft.fields[name] = found
    if found is None:
        draft.find(name, draft.fields[f"{name}_text"], _UNKNOWN)


def _open_attribute(draft: Draft) -> None:
    value = clean.line(draft.raw.get("open_attribute"))
    if value is None:
        return
    code, word = decode(draft, "open_attribute", value)
    draft.fields["open_attribute"] = code
    if code is None:
        draft.reject("open_attribute", word, _UNKNOWN)


def decode(draft: Draft, name: str, value: str) -> tuple[str | None, str]:
    """Return the canonical code of a portal's code or word, and the word to show for it."""
    table = draft.source.profile.codes_of(name)
    if isinstance(table, str):
        label = _portal_labels(_PORTAL_LISTS[name], table).get(value)
        code = _LISTED_CODES[name](table, value)
        return code, label if code and label else value
    if table is not None and value in table:
        value = table[value]
    return _WORDS[name](value), value


@cache
def _portal_labels(name: str, portal_key: str) -> dict[str, str]:
    concepts = codelists.codelist(name).values()
    return {one.code: one.label_zh for one in concepts if one.extra["portal_key"] == portal_key}


@cache
def _listed() -> tuple[str, ...]:
    dataset = fields.fields_on("dataset")
    return tuple(
        name for name, field in dataset.items() if field.code_lists and name not in _ELSEWHERE
    )


def _listed_code(draft: Draft, name: str) -> None:
    texts = [text for value in draft.texts(name) if (text := clean.line(value))]
    if not texts:
        return
    field = fields.fields_on("dataset")[name]
    several = field.kind.endswith("list")
    table = draft.source.profile.codes_of(name)
    codes = []
    for text in texts:
        word = table.get(text, text) if isinstance(table, Mapping) else text
        code = code_of(field.code_lists, word)
        if code is None:
            draft.reject(name, text, _UNKNOWN)
        else:
            codes.append(code)
    draft.fields[name] = tuple(dict.fromkeys(codes)) if several else next(iter(codes), None)


def code_of(lists: tuple[str, ...], word: str) -> str | None:
    """Return the code that a code or Chinese label of one of these lists stands for."""
    folded = clean.fold(word)
    return next((code for name in lists if (code := _labels(name).get(folded))), None)


@cache
def _labels(name: str) -> dict[str, str]:
    concepts = codelists.codelist(name).values()
    labels = {clean.fold(one.label_zh): one.code for one in concepts}
    return {**labels, **{clean.fold(one.code): one.code for one in concepts}}
