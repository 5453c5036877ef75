"""Templates of datasets: what the batch writer leaves of real records, with holes for the names."""

import re
import uuid
from dataclasses import dataclass, replace

import orjson

from tests.store import sample

PORTAL = "340100-template"
DIVISION, LEVEL = "340100", "prefecture"
ORGANIZATION, ORGANIZATION_TITLE, SOURCE_TITLE = (
    "template-organization",
    "TEMPLATEORG",
    "TEMPLATESRC",
)
TITLE = "TEMPLATETITLE"
# Fields of a document that are its division's: each source gives its own.
_OF_DIVISION = tuple(
    f"vocab_cn_{name}" for name in ("division", "province", "prefecture", "county", "level")
)
BATCH = 500


@dataclass(frozen=True)
class Template:
    """Rows as texts for COPY and a document, with `%(name)s` where datasets differ."""

    tables: list  # (table, columns) of each of `rows`
    rows: list
    document: str  # without its opening brace
    addresses: list  # of the resources, with holes
    row_ids: int  # ids of other rows

    def names(self, source, number, chance):
        """What fills the holes for dataset `number` of a source."""
        from ckanext.cn_govdata.crawl import identity

        source_id = f"{number:06d}"
        package_id = identity.package_id(source.portal_id, source_id)
        space = uuid.UUID(package_id)
        at = source.moment(number)
        names = {
            "id": package_id,
            "name": identity.package_name(source.portal_id, source_id),
            "source_id": source_id,
            "title": f"{source.division_name}{number % 97 + 1}",
            "index_id": source.index_id(package_id),
            "at": at,
            "moment": at.replace("T", " "),
            **source.names,
        }
        for index, address in enumerate(self.addresses):
            names[f"resource{index}"] = uuid.uuid5(space, address % names)
        for index in range(self.row_ids):
            names[f"row{index}"] = uuid.UUID(int=chance.getrandbits(128), version=4)
        return names


def make(number):
    """Write records as datasets, make templates of them, and take the datasets away again."""
    from ckan import model

    from ckanext.cn_govdata.crawl import identity
    from ckanext.cn_govdata.store import documents

    place = _place()
    wanted = sample.items(number, PORTAL)
    items = [_titled(item) for item in wanted]
    for start in range(0, len(items), BATCH):
        result = place["writer"].write(items[start : start + BATCH])
        assert not result.refused, result.refused[:3]
    found = []
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        ids = [identity.package_id(PORTAL, item.source_id) for item in batch]
        made = {each["id"]: each for each in documents.build(ids).add}
        rows = _rows(ids)
        for package_id, item in zip(ids, batch, strict=True):
            found.append(_template(made[package_id], rows, item, place))
    _remove(place)
    model.Session.remove()
    return found


def _titled(item):
    record = replace(item.record, title=f"{TITLE} {item.record.title}"[:200])
    return sample.of(record)


def _place():
    """An organisation and a source of their own, whose names occur nowhere else."""
    import ckan.plugins.toolkit as tk
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.schema import themes
    from ckanext.cn_govdata.schema.site_user import as_site_user, without_creator
    from ckanext.cn_govdata.store.writer import BatchWriter

    themes.ensure()
    organization = tk.get_action("organization_create")(
        as_site_user(),
        {"name": ORGANIZATION, "title": ORGANIZATION_TITLE, "division_code": DIVISION},
    )
    without_creator(organization["id"])
    source = HarvestSource(url="http://t.example.cn/", type="cn_portal", title=SOURCE_TITLE)
    source.save()
    job = HarvestJob(source=source, status="Finished")
    job.save()
    writer = BatchWriter(
        harvest_source_id=source.id,
        portal_id=PORTAL,
        owner_org=organization["id"],
        job_id=job.id,
    )
    return {
        "writer": writer,
        "organization": organization["id"],
        "created": organization["created"],
        "source": source.id,
        "job": job.id,
    }


def _tables():
    """Tables with rows of a dataset: the column of its id, and whether rows have an id to change."""
    from ckanext.cn_govdata.store import extras

    tables = [
        ("package", "id", False),
        ("resource", "package_id", False),
        ("package_tag", "package_id", True),
        ("member", "table_id", True),
        ("harvest_object", "package_id", False),
        ("cn_govdata_record", "package_id", False),
    ]
    return tables if extras.IN_PACKAGE else [*tables, ("package_extra", "package_id", True)]


def _rows(ids):
    """Of each table its columns, and lines for COPY by the id of the dataset."""
    import io

    from ckan import model

    raw = model.ensure_engine().raw_connection()
    found = []
    try:
        cursor = raw.cursor()
        for table, key, has_ids in _tables():
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                (table,),
            )
            columns = [row[0] for row in cursor.fetchall()]
            text = io.StringIO()
            chosen = ", ".join(columns)
            keys = ", ".join(f"'{each}'" for each in ids)
            cursor.copy_expert(
                f"COPY (SELECT {key}, {chosen} FROM {table} WHERE {key} IN ({keys})) TO STDOUT",
                text,
            )
            lines = {}
            for line in text.getvalue().splitlines():
                package_id, rest = line.split("\t", 1)
                lines.setdefault(package_id, []).append(rest)
            found.append((table, chosen, columns, has_ids, lines))
    finally:
        raw.close()
    return found


def _template(document, tables, item, place):
    """Put holes where the names stand."""
    package_id = document["id"]
    holes = {
        package_id: "id",
        document["name"]: "name",
        document["index_id"]: "index_id",
        document["harvest_object_id"]: "row0",
        document["metadata_modified"].rstrip("Z"): "at",
        document["metadata_modified"].rstrip("Z").replace("T", " "): "moment",
        item.source_id: "source_id",
        TITLE: "title",
        PORTAL: "portal_id",
        DIVISION: "division_code",
        place["organization"]: "owner_org",
        place["created"]: "organization_created",
        ORGANIZATION: "organization_name",
        ORGANIZATION_TITLE: "organization_title",
        place["source"]: "harvest_source_id",
        SOURCE_TITLE: "harvest_source_title",
        place["job"]: "harvest_job_id",
    }
    resources = orjson.loads(document["validated_data_dict"])["resources"]
    holes |= {each["id"]: f"resource{index}" for index, each in enumerate(resources)}
    row_ids = 1
    for _, _, columns, has_ids, lines in tables:
        for line in lines.get(package_id, ()) if has_ids else ():
            holes[line.split("\t")[columns.index("id")]] = f"row{row_ids}"
            row_ids += 1
    with_holes = _Holes(holes)
    own = {key: value for key, value in document.items() if key not in _OF_DIVISION}
    return Template(
        tables=[(table, chosen) for table, chosen, *_ in tables],
        rows=[
            with_holes("".join(f"{line}\n" for line in lines.get(package_id, ())))
            for *_, lines in tables
        ],
        document=with_holes(orjson.dumps(own, option=orjson.OPT_NON_STR_KEYS).decode())[1:],
        addresses=[with_holes(_key_of(resources, each)) for each in resources],
        row_ids=row_ids,
    )


def _key_of(resources, resource):
    """From what `target.resource_ids` makes the id of a resource."""
    address = resource.get("url") or resource.get("download_url") or ""
    alone = sum(each.get("url") == resource.get("url") for each in resources) == 1
    return address if address and alone else f"{address}\n{resource.get('name') or ''}"


class _Holes:
    """Puts `%(name)s` in place of the words of a template."""

    def __init__(self, holes):
        self._holes = {word: name for word, name in holes.items() if name}
        longest_first = sorted(self._holes, key=len, reverse=True)
        self._words = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, text):
        found = self._words.sub(
            lambda match: f"\0({self._holes[match[0]]})s", text.replace("%", "%%")
        )
        # The level stands in quotation marks of JSON, escaped inside a document's dictionaries.
        found = re.sub(rf'(\\*")({LEVEL})(\\*")', "\\1\0(admin_level)s\\3", found)
        return found.replace("\0", "%")


def _remove(place):
    """Take the templates away: rows, documents, organisation and source."""
    from ckan import model
    from ckan.lib.search.common import make_connection

    mine = {"source": place["source"], "organization": place["organization"], "portal": PORTAL}
    packages = "(SELECT package_id FROM cn_govdata_record WHERE portal_id = :portal)"
    statements = [
        f"DELETE FROM {table} WHERE {key} IN {packages}"
        for table, key, _ in _tables()
        if table not in ("package", "cn_govdata_record")
    ]
    statements += [
        f"DELETE FROM package WHERE id IN {packages}",
        "DELETE FROM cn_govdata_record WHERE portal_id = :portal",
        "DELETE FROM harvest_job WHERE source_id = :source",
        "DELETE FROM harvest_source WHERE id = :source",
        "DELETE FROM member WHERE group_id = :organization OR table_id = :organization",
        'DELETE FROM "group" WHERE id = :organization',
        "DELETE FROM cn_govdata_outbox",
    ]
    import sqlalchemy as sa

    for statement in statements:
        model.Session.execute(sa.text(statement), mine)
    model.Session.commit()
    make_connection().delete(q=f'owner_org:"{place["organization"]}"', commit=True)
