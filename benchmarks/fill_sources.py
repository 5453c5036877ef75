"""Organisations, harvest sources, jobs and members of a filled site."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

JOBS = 10  # of each source, a night apart
GATHER_ERRORS = 3  # of the last job of every tenth source
OBJECT_ERRORS = 40  # of the last job of the largest source
NEWEST = datetime.fromisoformat("2026-11-20T01:30:00")  # when the last job of each source ran
FAMILY = "inspur-oportal"


@dataclass(frozen=True)
class FilledSource:
    """A harvest source and what the datasets that are copied into it are named by."""

    source_id: str
    portal_id: str
    division_name: str
    owner_org: str
    size: int
    site_id: str
    names: dict = field(repr=False)
    document_start: str = field(repr=False)  # the facets of its division, as the text of an object

    def index_id(self, package_id):
        return hashlib.md5(
            f"{package_id}{self.site_id}".encode(), usedforsecurity=False
        ).hexdigest()

    def moment(self, number):
        """When a dataset was written: some 500 a second, all in the first job."""
        return (first_job() + timedelta(milliseconds=2 * number, microseconds=1)).isoformat()


def first_job():
    return NEWEST - timedelta(days=JOBS - 1)


def make(sizes):
    """A source for each number of datasets, in that order, with its organisation and jobs' ids."""
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.standards import divisions
    from ckanext.cn_govdata.store import organizations
    from ckanext.cn_govdata.store import sources as store

    portals = _portals(len(sizes))
    owners = organizations.ensure_all(code for _, code, _ in portals)
    wanted = [_source(*portal, owners) for portal in portals]
    store.write(wanted)
    rows = {name: row.id for name, (row, _) in store.find(one.name for one in wanted).items()}
    groups = _groups(owners.values())
    found = []
    for size, (portal_id, code, _), source in zip(sizes, portals, wanted, strict=True):
        source_id, group = rows[source.name], groups[owners[code]]
        found.append(
            FilledSource(
                source_id=source_id,
                portal_id=portal_id,
                division_name=divisions.history(code)[-1].name_zh,
                owner_org=group.id,
                size=size,
                site_id=tk.config["ckan.site_id"],
                names={
                    "portal_id": portal_id,
                    "division_code": code,
                    "admin_level": divisions.level_of(code).value,
                    "owner_org": group.id,
                    "organization_name": group.name,
                    "organization_title": group.title,
                    "organization_created": group.created.isoformat(),
                    "harvest_source_id": source_id,
                    "harvest_source_title": source.title,
                    "harvest_job_id": job_id(source_id, 0),
                },
                document_start=_facets(code),
            )
        )
    return found


def job_id(source_id, number):
    """The id of a source's job, 0 the first."""
    return f"{source_id[:-4]}{number:04x}"


def _portals(number):
    """Portal id, division and title: those of the registry first, then divisions without one."""
    from ckanext.cn_govdata.portals import registry
    from ckanext.cn_govdata.standards import divisions

    found = [(one.portal_id, one.division_code, one) for one in registry.portals()]
    known = {code for _, code, _ in found}
    for province in divisions.children(divisions.NATION):
        for city in divisions.children(province.code):
            below = [city, *divisions.children(city.code)]
            found += [(one.code, one.code, None) for one in below if one.code not in known]
    # The largest in a province of its own: Shandong's portal.
    found.sort(key=lambda one: one[0] != "370000")
    return found[:number]


def _source(portal_id, code, portal, owners):
    from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
    from ckanext.cn_govdata.standards import divisions
    from ckanext.cn_govdata.store.sources import Source

    known = portal is not None and portal.harvestable
    return Source(
        name=f"portal-{portal_id}",
        title=portal.title if portal else f"{divisions.history(code)[-1].name_zh}数据开放平台",
        url=f"http://{portal_id}.example.cn",
        source_type=SOURCE_TYPE,
        frequency="DAILY",
        owner_org=owners[code],
        config=portal.config() if known else {"family": FAMILY, "portal_id": portal_id},
    )


def _groups(ids):
    from ckan import model

    from ckanext.cn_govdata.store.bulk import any_of

    rows = model.Session.query(model.Group).filter(any_of(model.group_table.c.id, set(ids)))
    return {row.id: row for row in rows}


def _facets(code):
    """The fields of documents that are a division's, as the beginning of an object's text."""
    from ckanext.cn_govdata.schema import index
    from ckanext.cn_govdata.standards import divisions

    fields = index.facets({"division_code": code, "admin_level": divisions.level_of(code).value})
    return orjson.dumps(fields).decode()[:-1] + ","


def jobs(made):
    """The jobs of all sources: the first added everything, the others found nothing new."""
    from ckan import model
    from ckanext.harvest.model import (
        HarvestGatherError,
        HarvestJob,
        HarvestObject,
        HarvestObjectError,
    )

    from ckanext.cn_govdata.store import bulk
    from ckanext.cn_govdata.store.tables import job_table

    stock, ours, errors = [], [], []
    for place, source in enumerate(made):
        for number in range(JOBS):
            at = first_job() + timedelta(days=number, seconds=7 * place)
            ended = at + timedelta(seconds=60)
            key = job_id(source.source_id, number)
            stock.append(
                {
                    "id": key,
                    "created": at,
                    "gather_started": at,
                    "gather_finished": ended,
                    "finished": ended,
                    "source_id": source.source_id,
                    "status": "Finished",
                }
            )
            failed = GATHER_ERRORS if place % 10 == 0 and number == JOBS - 1 else 0
            ours.append(_ours(source, key, number, failed, at, ended))
            errors += [
                {
                    "id": f"{key[:-4]}f{each:03x}",
                    "harvest_job_id": key,
                    "message": f"{each + 1} records refused: title: Missing value ({each})",
                    "created": ended,
                }
                for each in range(failed)
            ]
    bulk.insert(HarvestJob.__table__, stock)
    bulk.insert(job_table, ours)
    bulk.insert(HarvestGatherError.__table__, errors)
    objects, object_errors = _failed_objects(made[0])
    bulk.insert(HarvestObject.__table__, objects)
    bulk.insert(HarvestObjectError.__table__, object_errors)
    model.Session.commit()


def _ours(source, key, number, failed, at, ended):
    counters = {
        "source": source.names["harvest_source_title"],
        "portal_id": source.portal_id,
        "job_id": key,
        "outcome": "complete",
        "reason": None,
        "evidence": None,
        "total": source.size,
        "listed": source.size,
        "pages": source.size // 100 + 1,
        "requests": source.size // 100 + 1,
        "added": 0 if number else source.size,
        "changed": 0,
        "unchanged": source.size if number else 0,
        "withdrawn": 0,
        "refused": failed,
        "refusals": {"title: Missing value": failed} if failed else {},
        "findings": {},
        "warnings": [],
        "error": None,
        "seconds": 60.0,
    }
    return {
        "harvest_job_id": key,
        "harvest_source_id": source.source_id,
        "portal_id": source.portal_id,
        "outcome": "complete",
        "reason": None,
        "evidence": None,
        "counters": counters,
        "started": at,
        "ended": ended,
    }


def _failed_objects(source):
    """Objects of the largest source that ended with an error, and the errors."""
    objects, errors = [], []
    job = job_id(source.source_id, JOBS - 1)
    for number in range(OBJECT_ERRORS):
        key = f"{source.source_id[:-4]}e{number:03x}"
        objects.append(
            {
                "id": key,
                "guid": f"{source.portal_id}:error-{number}",
                "current": False,
                "gathered": NEWEST,
                "state": "ERROR",
                "content": "{}",
                "retry_times": 0,
                "harvest_job_id": job,
                "harvest_source_id": source.source_id,
                "report_status": "errored",
            }
        )
        errors.append(
            {
                "id": key,
                "harvest_object_id": key,
                "message": f"error {number % 7}",
                "stage": "Import",
                "created": NEWEST,
            }
        )
    return objects, errors


def members(made, *, harvester_is_member):
    """An editor of the ten largest organisations, an administrator of the site, the harvester."""
    import ckan.plugins.toolkit as tk
    from ckan import model

    from benchmarks.fill import ADMINISTRATOR, EDITOR
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import bulk

    for name in (EDITOR, ADMINISTRATOR):
        tk.get_action("user_create")(
            as_site_user(),
            {"name": name, "email": f"{name}@example.cn", "password": "a-Password-9"},
        )
    user = model.User.get(ADMINISTRATOR)
    user.sysadmin = True
    editor = model.User.get(EDITOR)
    rows = [(source.owner_org, editor.id, "editor") for source in made[:10]]
    if harvester_is_member:
        harvester = model.User.by_name(as_site_user()["user"])
        groups = model.Session.query(model.Group.id).filter_by(state="active")
        rows += [(group_id, harvester.id, "admin") for (group_id,) in groups]
    bulk.insert(
        model.member_table,
        [
            {
                "id": str(uuid.uuid4()),
                "group_id": group_id,
                "table_id": user_id,
                "table_name": "user",
                "capacity": capacity,
                "state": "active",
            }
            for group_id, user_id, capacity in dict.fromkeys(rows)
        ],
    )
    model.Session.commit()
