"""NAME: what each stored answer must give."""

from pathlib import Path

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.messages import Outcome, Response
from ckanext.cn_govdata.portals import families
from ckanext.cn_govdata.portals.source import build

SAMPLES = Path(__file__).parent / "samples" / "NAME"
# The first whose words all stand in the address is the answer.
ANSWERS = {"api/datasets page=1": "list.json", "api/dataset/": "detail.json"}


def fetch(request):
    for words, sample in ANSWERS.items():
        if all(word in request.url for word in words.split()):
            kind = "text/html" if sample.endswith(".html") else "application/json"
            body = (SAMPLES / sample).read_bytes()
            return Response(200, request.url, {"content-type": kind}, body)
    raise AssertionError(f"no sample answers {request.method} {request.url} {request.body!r}")


def test_every_record_is_read_whole() -> None:
    assert "NAME" in families.families()
    listing = flow.crawl(build({"family": "NAME"}, "http://portal.test"), fetch)
    records = {item.source_id: item.record for item in listing}
    assert listing.report.outcome is Outcome.COMPLETE, listing.report.reason
    assert list(records) == ["d-1"]
    record = records["d-1"]
    assert (record.title, record.notes) == ("公共厕所信息", "公共厕所名称、地址")
    assert (record.provider_name, record.domain_text) == ("市城市管理局", "城建住房")
    assert (record.open_attribute, record.frequency) == ("1", "yearly")
    assert (record.issued, record.modified) == ("2023-06-16", "2024-03-01")
    assert record.contact[0].phone == "0575-85123456"
    assert record.source_extra == {}  # what no field takes: nothing here is forgotten
