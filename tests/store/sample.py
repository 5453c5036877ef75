"""Items as the engine gives them, made from the stored records of the replay portals."""

import gzip
import hashlib
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.messages import Fingerprints, Item, ItemStatus
from ckanext.cn_govdata.crawl.record import Contact, DataItem, Record, Resource
from ckanext.cn_govdata.standards import words
from ckanext.cn_govdata.standards.formats import format_code
from ckanext.cn_govdata.text import clean, dates, numbers, tags
from tests.portals import records as labels

DATA = Path(__file__).parents[1] / "portals" / "data"
PORTAL = "340100"
MAPPING_VERSION = "test-1"


def cells(directory=DATA):
    """The cells of every stored record: label and value as the portal shows them."""
    for file in sorted(Path(directory).glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                value = json.loads(line)
                yield value.get("cells", value)


def items(number, portal_id=PORTAL, directory=DATA):
    """That many items, new to any catalogue."""
    titled = (each for each in cells(directory) if any(each.get(k) for k in labels.TITLE))
    return [item(each, f"id-{n}", portal_id) for n, each in enumerate(islice(titled, number))]


def varied(number, portal_id=PORTAL, directory=DATA):
    """That many items, taken from the stored records of all portals in equal shares."""
    titled = [each for each in cells(directory) if any(each.get(k) for k in labels.TITLE)]
    chosen = [titled[n * len(titled) // number % len(titled)] for n in range(number)]
    return [item(each, f"id-{n}", portal_id) for n, each in enumerate(chosen)]


def item(shown, source_id, portal_id=PORTAL, **changes):
    """The item of one stored record; `changes` replace fields of its neutral record."""
    return of(replace(record(shown, source_id, portal_id), **changes), shown)


def of(made, raw=None, status=ItemStatus.CHANGED):
    """An item of a neutral record."""
    raw = raw if raw is not None else made.as_dict()
    prints = Fingerprints(
        list_hash=_digest(made.title),
        raw_hash=_digest(raw),
        record_hash=_digest(made.as_dict()),
        mapping_version=MAPPING_VERSION,
        detail_read_on="2024-01-01",
    )
    return Item(made.source_id, status, prints, raw, made)


def record(shown, source_id, portal_id=PORTAL):
    """A neutral record with most of its fields filled."""

    def text(names):
        value = next((shown[name] for name in names if shown.get(name)), None)
        return None if value is None else clean.line(str(value))

    domain = words.domains(text(labels.DOMAIN) or "")
    openness = text(labels.OPENNESS)
    return Record(
        title=text(labels.TITLE),
        name=identity.package_name(portal_id, source_id),
        identifier=identity.identifier(portal_id, source_id),
        portal_id=portal_id,
        source_id=source_id,
        notes=text(labels.NOTES),
        tags=tags.split(str(text(labels.TAGS) or "")).kept,
        groups=domain,
        provider_name=text(labels.PROVIDER),
        division_code="340100",
        domain=domain[0] if domain else None,
        domain_text=text(labels.DOMAIN),
        open_attribute=words.open_attribute(openness) if openness else None,
        frequency=words.frequency(text(labels.FREQUENCY) or ""),
        frequency_text=text(labels.FREQUENCY),
        issued=dates.iso_date(text(labels.ISSUED) or ""),
        modified=dates.iso_date(text(labels.MODIFIED) or ""),
        record_count=numbers.count(text(labels.COUNT) or ""),
        data_items=(
            DataItem(name_zh="名称", name_en="NAME", length=50),
            DataItem(name_zh="统一社会信用代码", name_en="USCC", length=18),
        ),
        application_scene=(),
        contact=(Contact(name="数据资源局", phone="0551-12345678"),),
        url=f"http://data.example.cn/dataset/{source_id}",
        source_views=17,
        source_extra={key: str(value)[:80] for key, value in islice(shown.items(), 4)},
        resources=resources(shown, source_id),
    )


def resources(shown, source_id):
    """One resource for each format that the record names, at least one."""
    value = next((shown[name] for name in labels.FORMATS if shown.get(name)), "")
    named = [format_code(word) for word in ("xls", "csv", "json", "xml") if word in str(value)]
    return tuple(
        Resource(
            name=f"数据文件.{code}",
            url=f"http://data.example.cn/file/{source_id}/{code}",
            format=code,
            kind="file",
            size=2048,
            modified="2023-06-17",
            login_required="no",
        )
        for code in dict.fromkeys(filter(None, named or ["csv"]))
    )


def _digest(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
