"""Packages to describe: one with every field, and those of stored portals' records."""

from __future__ import annotations

import uuid
from dataclasses import replace

from ckanext.cn_govdata.crawl.identity import package_id
from ckanext.cn_govdata.standards.codelists import codelist
from ckanext.cn_govdata.standards.fields import fields_on
from tests.fidelity import corpus
from tests.portals import catalogue

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "packages.example")
ORGANIZATION = {
    "id": str(uuid.uuid5(NAMESPACE, "org")),
    "name": "sc-jtt",
    "title": "四川省交通运输厅",
}

_BY_KIND = {
    "text": '文字 “引号” "双引号" \\反斜杠\\ 第二行\n制表\t符',
    "slug": "sc-0b6f1c9e",
    "markdown": "摘要：\r\n一、“第一”；二、第二。",
    "date": "2026-11-25",
    "datetime": "2026-11-25T08:30:00+08:00",
    "integer": 12345678901,
    "boolean": False,
    "url": "https://data.example.cn/详情?id=1&name=客运 站",
    "email": "office@example.cn",
    "text list": ["307001/000123", "307001/000124"],
    "json": {"数据量": "1,234 条", "嵌套": {"a": [1, None, "二"]}},
    "division": "510100",
}


def full() -> dict:
    """A package in which every field of the element set has a value."""
    package = _values("dataset")
    items = [_values("data_item"), {"name_zh": "只有名称"}]
    contacts = [_values("contact"), {"name": "另一处室"}]
    resources = [
        _resource(n, kind) for n, kind in enumerate(("file", "api", "link", "table", "map"))
    ]
    package.update(
        id=str(uuid.uuid5(NAMESPACE, "full")),
        type="dataset",
        tags=[{"name": "客运"}, {"name": "道路运输"}],
        groups=[{"name": "theme-3"}, {"name": "theme-6"}],
        domain="6",
        owner_org=ORGANIZATION["id"],
        organization=ORGANIZATION,
        identifier="510000:abc/1",
        portal_id="510000",
        admin_level="prefecture",
        provider_uscc="11510000008282010X",
        data_items=items,
        contact=contacts,
        resources=resources,
        metadata_created="2026-11-25T01:02:03.123456",
        metadata_modified="2026-11-25T04:05:06.123456",
    )
    return package


def bare() -> dict:
    """A package with the least that CKAN keeps."""
    return {
        "id": str(uuid.uuid5(NAMESPACE, "bare")),
        "name": "bare",
        "title": "标题",
        "type": "dataset",
        "owner_org": ORGANIZATION["id"],
        "organization": ORGANIZATION,
        "metadata_created": "2026-11-25T01:02:03.123456",
        "metadata_modified": "2026-11-25T04:05:06.123456",
    }


def stored(each: int) -> list[dict]:
    """So many records of every stored portal, as packages."""
    found = []
    for portal in catalogue.portals():
        source = replace(corpus.source_of(portal.file), portal_id=portal.portal)
        for record in portal.records()[:each]:
            made = corpus.mapped(source, dict(record.cells))
            if made is not None:
                found.append(of_record(made))
    return found


def of_record(record) -> dict:
    """A record as `package_show` gives its dataset."""
    values = record.as_dict()
    identity = package_id(record.portal_id, record.source_id)
    resources = [
        {**resource, "id": str(uuid.uuid5(NAMESPACE, f"{identity}/{number}"))}
        for number, resource in enumerate(values.get("resources", ()))
    ]
    return {
        **values,
        "id": identity,
        "type": "dataset",
        "tags": [{"name": tag} for tag in sorted(values.get("tags", ()))],
        "groups": [
            {"name": name} for name in sorted(f"theme-{c}" for c in values.get("groups", ()))
        ],
        "owner_org": ORGANIZATION["id"],
        "organization": ORGANIZATION,
        "resources": resources,
        "metadata_created": "2026-11-25T01:02:03.123456",
        "metadata_modified": "2026-11-25T04:05:06.123456",
    }


def comparable(package: dict) -> dict:
    """What a description keeps of a package: everything but the row's own times and state."""
    left = {"metadata_created", "metadata_modified", "type"}
    found = {
        name: value
        for name, value in package.items()
        if name not in left and value not in (None, "", [], {})
    }
    for name in ("related_codes", "application_scene", "catalog_tags"):
        if name in found:
            found[name] = sorted(found[name])
    return found


def _values(on: str) -> dict:
    return {
        name: _value(field)
        for name, field in fields_on(on).items()
        if name not in ("tags", "groups", "owner_org", "contact", "data_items", "portal_id")
    }


def _value(field):
    if field.code_lists:
        code = list(codelist(field.code_lists[-1]))[-1]
        return (
            [*dict.fromkeys((code, next(iter(codelist(field.code_lists[0])))))]
            if field.kind == "code list"
            else code
        )
    if field.choices:
        return field.choices[0]
    return _BY_KIND.get(field.kind, "值")


def _resource(number: int, kind: str) -> dict:
    return {
        **_values("resource"),
        "id": str(uuid.uuid5(NAMESPACE, f"resource-{number}")),
        "url": f"https://data.example.cn/file/{number}",
        "format": "CSV",
        "kind": kind,
    }
