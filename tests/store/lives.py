"""The life of many datasets, once through the batch writer and once through CKAN's own actions.

Both ways see the same records, edits by people and deletions, in the same order. After every
phase a `Picture` is taken: all rows, all dictionaries, all documents, and whose moment of change
has moved.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace

from ckanext.cn_govdata.crawl.record import Contact, DataItem
from tests.store import look, sample

# Of a record, what makes it this record and not another, and what its dataset cannot be without.
FIXED = {"name", "identifier", "portal_id", "source_id"}
VALUES = {
    "title": "改名后的资源",
    "notes": "改过的摘要。\r\n第二行",
    "tags": ("修订", "新标签"),
    "groups": ("1", "4"),
    "provider_uscc": "11340000002986070W",
    "division_code": "340102",
    "admin_level": "county",
    "catalog_class": "1",
    "catalog_item": "102",
    "domain": "3",
    "industry": "I",
    "open_attribute": "2",
    "share_type": "1",
    "share_mode_category": "2",
    "share_mode_type": "不存在的代码",  # refused: moves to source_extra
    "frequency": "daily",
    "issued": "2020-02-02",
    "modified": "2024-02-03",
    "related_codes": ("340100-1", "340100-2"),
    "format_category": "2",
    "data_items": (DataItem(name_zh="唯一一列", name_en="ONLY"),),
    "record_count": 4711,
    "data_volume": 12,
    "data_region_scope": "2",
    "temporal_start": "2019-01-01",
    "temporal_end": "2019-12-31",
    "data_processing": "sjjgcd02",
    "data_grade": "1",
    "provide_channel": "2",
    "application_scene": ("1", "2"),
    "catalog_tags": ("3",),
    "guiding_department": "4",
    "reporting_domain": "1",
    "electronic_certificate": True,
    "contact": (Contact(name="办公室", phone="0551-87654321", email="office@example.cn"),),
    "license_id": "cc-by",
    "terms_url": "http://data.example.cn/terms",
    "url": "http://data.example.cn/moved",
    "source_modified": "2024-02-03",
    "source_views": 18,
    "source_downloads": 3,
    "source_extra": {"另": "一个值"},
}


def _other(name):
    return VALUES.get(name, f"改过的{name}")


def _fewer_resources(record):
    return {"resources": record.resources[:-1]}


def _other_resource(**changes):
    return lambda record: {
        "resources": (replace(record.resources[0], **changes), *record.resources[1:])
    }


def _more_resources(record):
    [first, *others] = record.resources
    new = replace(first, name="新增文件.json", url=f"{first.url}/new", format="json")
    return {"resources": (new, *reversed(others), first)}


# One change each: every field set, every field emptied, and what lists can do.
ONE_FIELD = [
    lambda record, name=field.name: {name: _other(name)}
    for field in fields(sample.Record)
    if field.name not in FIXED | {"resources"}
]
EMPTIED = [
    lambda record, name=field.name, empty=field.default: {name: empty}
    for field in fields(sample.Record)
    if field.name
    in {"notes", "provider_name", "division_code", "domain", "frequency", "issued", "url"}
] + [
    lambda record: {"tags": (), "groups": ()},
    lambda record: {"data_items": (), "contact": (), "source_extra": {}},
]
LISTS = [
    lambda record: {"tags": record.tags[1:]},
    lambda record: {"tags": (*record.tags, "又一个")},
    lambda record: {"tags": tuple(reversed(record.tags))},
    _fewer_resources,
    _more_resources,
    _other_resource(name="改名.csv"),
    _other_resource(url="http://data.example.cn/elsewhere"),
    _other_resource(size=4096),
    _other_resource(format="xlsx", kind="interface"),
    _other_resource(modified="2024-05-05", login_required="yes"),
]
NOTHING = [lambda record: {}]
CHANGES = [*ONE_FIELD, *EMPTIED, *LISTS, *NOTHING]


def changed(items, shift=0):
    """Each record with one of the changes, in turn."""
    return [
        sample.of(replace(item.record, **CHANGES[(n + shift) % len(CHANGES)](item.record)))
        for n, item in enumerate(items)
    ]


@dataclass(frozen=True)
class Picture:
    """What the catalogue holds. `moved`: ids whose moment of change is not that of before."""

    rows: dict
    shown: dict
    documents: dict
    moved: set


class Life:
    """The phases of one way. `write`, `delete` and `index` are what differs between the ways."""

    def __init__(self, items, ids, write, delete, index):
        self.items, self.ids = items, ids
        self.write, self.delete, self.index = write, delete, index
        self._moments = {}

    def phases(self):
        """Names and pictures of all phases."""
        later = changed(self.items)
        yield "new", self._after(lambda: self.write(self.items))
        yield "changed", self._after(lambda: self.write(later))
        yield "unchanged", self._after(lambda: self.write(later))
        yield "edited by people", self._after(self._edit)
        again = changed(later, shift=7)
        yield "changed after people", self._after(lambda: self.write(again))
        gone = slice(0, None, 3)
        yield "withdrawn", self._after(lambda: self.delete(self.ids[gone]))
        yield "returned", self._after(lambda: self.write(again[0::6]))
        yield "purged and harvested again", self._after(lambda: self._purge(again))

    def _after(self, act):
        act()
        documents = self.index(self.ids)
        moments = _moments(self.ids)
        moved = {key for key, at in moments.items() if self._moments.get(key) != at}
        self._moments = moments
        shown = {key: look.shown(key) for key in moments}
        return Picture(look.rows(self.ids), shown, documents, moved)

    def _edit(self):
        """People patch, add, change and delete; each dataset gets one kind of edit."""
        import ckan.plugins.toolkit as tk

        from ckanext.cn_govdata.schema.site_user import as_site_user

        def act(action, **data):
            tk.get_action(action)(as_site_user(), data)

        for n, key in enumerate(self.ids):
            kind = n % 12
            files = look.show(key)["resources"]
            new = f"00000000-0000-4000-8000-{n:012}"
            if kind == 0:
                act("package_patch", id=key, notes="由人修改", author="数据科")
            elif kind == 1:
                act("resource_create", package_id=key, id=new, url="http://e.example/1", name="附")
            elif kind == 2 and files:
                act("resource_update", **{**files[0], "description": "由人写的说明"})
            elif kind == 3 and files:
                act("resource_delete", id=files[-1]["id"])
            elif kind == 4:
                act("package_patch", id=key, tags=[{"name": "人的标签"}])
            elif kind == 5:
                act("package_patch", id=key, extras=[{"key": "note", "value": "人的附注"}])
            elif kind == 6:
                act("package_patch", id=key, name=f"named-by-people-{n}", private=True)

    def _purge(self, items):
        import ckan.plugins.toolkit as tk

        from ckanext.cn_govdata.schema.site_user import as_site_user

        part = slice(1, None, 7)
        for key in self.ids[part]:
            _forget_objects(key)
            tk.get_action("dataset_purge")(as_site_user(), {"id": key})
        self.write(items[part])


def _moments(ids):
    import sqlalchemy as sa
    from ckan import model

    package = model.package_table
    query = sa.select(package.c.id, package.c.metadata_modified).where(package.c.id.in_(ids))
    return dict(model.Session.execute(query).all())


def _forget_objects(package_id):
    """ckanext-harvest's objects hold a dataset by a foreign key."""
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    model.Session.query(HarvestObject).filter_by(package_id=package_id).delete()
    model.Session.commit()


def differences(ours, theirs):
    """Where two pictures differ, for a person to read.

    Resources that were dropped: CKAN gives them positions at random and deletes their rows at the
    next change; the writer keeps the rows, under whose ids they come back.
    """
    found = list(_differ("", _plain(ours), _plain(theirs)))
    lost = _dropped(theirs) - _dropped(ours)
    found += [f"rows of dropped resources: {lost}"] if lost else []
    # CKAN also moves the moment of change of datasets that it rewrites as they were.
    found += [f"moved here alone: {each}" for each in ours.moved - theirs.moved]
    return [f"{len(found)} differences", *found[:6], *found[6:][-6:]] if found else []


def changes(before, after):
    """The datasets that differ between two pictures in anything but their moments."""
    return {
        key
        for key, shown in after.shown.items()
        if before is None or before.shown.get(key) != shown
    }


def _plain(picture):
    return {
        "rows": {
            name: {_key(row): row for row in _without_twins(rows) if not _is_dropped(name, row)}
            for name, rows in picture.rows.items()
        },
        "shown": picture.shown,
        "documents": picture.documents,
    }


def _without_twins(rows):
    """Rows but those that are deleted while another row says the same and is active.

    CKAN adds a membership anew where the writer takes the deleted one up again.
    """
    active = [{**row, "state": "deleted"} for row in rows if row.get("state") == "active"]
    return [row for row in rows if row not in active]


def _is_dropped(table, row):
    return table == "resource" and row["state"] == "deleted"


def _dropped(picture):
    return {row["id"] for row in picture.rows["resource"] if row["state"] == "deleted"}


def _key(row):
    names = ("id", "package_id", "table_id", "name", "key", "group_id", "capacity", "state")
    return json.dumps([row.get(name) for name in names])


def _differ(path, ours, theirs):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            yield from _differ(f"{path}/{key}", ours.get(key), theirs.get(key))
    elif ours != theirs:
        yield f"{path}: {ours!r:.200} | {theirs!r:.200}"
