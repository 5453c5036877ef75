"""Resources: files, services, or the formats that a catalogue claims where it lists no file.

The access address is the dataset's landing page unless the portal gives one of its own; a
download address is set only where an anonymous GET is documented to return the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl.mapping.plain import bounded, moment, web_address
from ckanext.cn_govdata.crawl.record import Resource
from ckanext.cn_govdata.standards import codelists, formats
from ckanext.cn_govdata.text import clean, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.cn_govdata.crawl.mapping.draft import Draft

MAX_RESOURCES = 200
_LONGEST_NAME = 500
_UNCONDITIONAL, _CONDITIONAL = "1", "2"
_CATEGORY_OF_KIND = {"table": "3", "api": "7"}


def fill(draft: Draft) -> None:
    """Fill the resources, at most 200, and the format category that they agree on."""
    rows = draft.each.get("resources", [])
    if len(rows) > MAX_RESOURCES:
        draft.find("resources", len(rows), f"more than {MAX_RESOURCES} resources: cut")
    found = [_file(draft, row) for row in rows[:MAX_RESOURCES]]
    found += [_service(draft, row) for row in draft.each.get("services", [])]
    found += _claimed(draft, found)
    draft.fields["resources"] = tuple(found[:MAX_RESOURCES])
    if "format_category" not in draft.fields:
        draft.fields["format_category"] = _category(found)


def _file(draft: Draft, row: Mapping[str, Any]) -> Resource:
    name = clean.line(row.get("name"))
    word = clean.line(row.get("format")) or _extension(name)
    code = formats.format_code(word)
    if word is not None and code is None and formats.kind_of(word) is None:
        draft.reject("resources.format", word, "not a format of the list")
    download = _download(draft, row)
    kind = formats.kind_of(clean.line(row.get("kind"))) or formats.kind_of(word) or "file"
    return Resource(
        name=(name or _name(draft, word))[:_LONGEST_NAME],
        url=web_address(row.get("url"), draft.fields.get("url")) or download or _landing(draft),
        download_url=download,
        format=code,
        kind=kind,
        size=bounded(numbers.size_bytes(row["size"])) if "size" in row else None,
        issued=moment(row.get("issued")),
        modified=moment(row.get("modified")),
        login_required="no" if download else _login(draft),
    )


def _download(draft: Draft, row: Mapping[str, Any]) -> str | None:
    """Return the address of a file that anyone may fetch, as the family documents."""
    rule = draft.source.profile.download
    if rule is None or _login(draft) == "login":
        return None
    if rule.anonymous == "unconditional" and draft.fields.get("open_attribute") != _UNCONDITIONAL:
        return None
    given = web_address(row.get("download_url"), draft.fields.get("url"))
    if given or rule.url is None:
        return given
    values = {name: row.get(name) or draft.value(name) for name in rule.url.names}
    if not all(values.values()):
        return None
    source = draft.source
    return rule.url.address(source.base_url, values, source.profile.parameters.keys())


def _service(draft: Draft, row: Mapping[str, Any]) -> Resource:
    return Resource(
        name=(clean.line(row.get("name")) or _name(draft, None))[:_LONGEST_NAME],
        url=web_address(row.get("url"), draft.fields.get("url")) or _landing(draft),
        format="api",
        kind="api",
        issued=moment(row.get("issued")),
        modified=moment(row.get("modified")),
        login_required=_login(draft),
    )


def _claimed(draft: Draft, listed: list[Resource]) -> Iterator[Resource]:
    """Yield a resource for each format that the catalogue claims and of which none is listed.

    A portal that lists files lists all of them: only services may still be missing then. A claimed
    format that none of the files has is kept as a word.
    """
    has_files = any(one.kind != "api" for one in listed)
    has_services = any(one.kind == "api" for one in listed)
    codes = draft.source.profile.codes_of("formats")
    words = [word for text in draft.texts("formats") for word in formats.format_words(text)]
    if isinstance(codes, Mapping):
        words = [codes.get(word, word) for word in words]
    for word in dict.fromkeys(words):
        kind = formats.kind_of(word)
        if kind is None:
            draft.reject("resources.format", word, "not a format of the list")
        if has_services if kind == "api" else has_files:
            _keep_claim(draft, listed, word)
            continue
        yield Resource(
            name=_name(draft, word),
            url=_landing(draft),
            format=formats.format_code(word),
            kind=kind or "file",
            login_required=_login(draft),
        )


def _keep_claim(draft: Draft, listed: list[Resource], word: str) -> None:
    code, kind = formats.format_code(word), formats.kind_of(word)
    if (
        code not in {one.format for one in listed}
        if code
        else kind not in {one.kind for one in listed}
    ):
        draft.extra.setdefault("formats", []).append(word)


def _login(draft: Draft) -> str:
    """Tell whether a file needs a log-in, as far as the openness and the family say."""
    word = clean.fold(draft.raw.get("open_attribute"))
    if "登录" in word:
        return "login"
    rule = draft.source.profile.download
    conditional = draft.fields.get("open_attribute") == _CONDITIONAL
    if "申请" in word or (conditional and rule is not None and rule.anonymous == "unconditional"):
        return "apply"
    return "unknown"


def _landing(draft: Draft) -> str | None:
    return draft.fields.get("url") or draft.source.base_url


def _name(draft: Draft, word: str | None) -> str:
    title = draft.fields["title"]
    return f"{title} ({word.upper()})" if word else title


def _extension(name: str | None) -> str | None:
    stem, dot, suffix = (name or "").rpartition(".")
    return suffix if stem and dot and formats.format_code(suffix) else None


def _category(found: list[Resource]) -> str | None:
    """Return the category of the guide that all resources share, if its list names them all."""
    types = codelists.codelist("format_type")
    categories = set()
    for one in found:
        concept = types.get((one.format or "").upper())
        known = concept.extra["category"] if concept else None
        categories.add(_CATEGORY_OF_KIND.get(one.kind or "") or known)
    return categories.pop() if len(categories) == 1 else None
