"""A listing that was interrupted goes on behind its last finished page."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.journal import PagesRead
from ckanext.cn_govdata.crawl.messages import Outcome

from .fake import FakePortal, profile, source


class Notes:
    """Takes note of pages, and has none."""

    def __init__(self):
        self.pages = []

    def get(self, list_key, number):
        return None

    def note(self, page):
        self.pages.append(page)


class Going(Notes):
    """Takes note of pages and has those of before."""

    def __init__(self, pages):
        super().__init__()
        self.get = PagesRead(pages).get


def interrupted(portal, after, **changes):
    """Read `after` items, then stop; the pages that are done with."""
    notes = Notes()
    items = iter(flow.crawl(source(**changes), portal.fetch, None, notes))
    read = [item for _, item in zip(range(after), items, strict=False)]
    items.close()
    return read, notes.pages


def ids(number):
    return [f"r{i}" for i in range(number)]


@given(number=st.integers(1, 60), size=st.integers(1, 20), after=st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_and_no_finished_page_asked_again(number, size, after):
    plain = profile({"total": "json:total", "size": size}, detail=None)
    portal = FakePortal(ids(number), size=size)
    before, pages = interrupted(portal, after, profile=plain)
    portal.asked.clear()
    crawl = flow.crawl(source(profile=plain), portal.fetch, None, Going(pages))
    rest = [item.source_id for item in crawl]
    done = {source_id for page in pages for source_id in page.ids}
    assert done <= {item.source_id for item in before}
    assert done.isdisjoint(rest)
    assert done | set(rest) == set(ids(number))
    assert len(portal.asked) == -(-number // size) - len(pages)
    assert crawl.report.outcome is Outcome.COMPLETE
    assert crawl.report.listed == crawl.report.total == number


def test_page_size_that_the_portal_does_not_take_is_not_tried_again():
    page = {"total": "json:total", "size": [50, 10]}
    plain = profile(page, detail=None)
    portal = FakePortal(ids(35), size=10, max_size=20)
    _, pages = interrupted(portal, 15, profile=plain)
    assert [each.size for each in pages] == [10]
    portal.asked.clear()
    crawl = flow.crawl(source(profile=plain), portal.fetch, None, Going(pages))
    assert len(list(crawl)) == 25
    assert all("size=10" in asked for asked in portal.asked)
    assert crawl.report.outcome is Outcome.COMPLETE


def test_every_list_of_a_repeated_one_has_its_own_pages():
    listed = {
        "get": "/list?page={page}&area={area}",
        "page": {"first": 1, "total": "json:total"},
        "records": "json:rows",
        "fields": {"source_id": "json:id", "title": "json:name"},
        "before": [{"get": "/areas", "records": "json:areas", "fields": {"area": "json:code"}}],
    }

    class Areas(FakePortal):
        def _list(self, query):
            every = [one for one in self.ids if one[0] == query["area"]]
            page = int(query["page"])
            rows = [self._row(one) for one in every[(page - 1) * 2 : page * 2]]
            return {"total": len(every), "rows": rows}

    codes = {"areas": [{"code": "a"}, {"code": "b"}]}
    portal = Areas(["a1", "a2", "a3", "b1", "b2", "b3"], bodies={"/areas": codes})
    both = profile(list=listed, detail=None)
    _, pages = interrupted(portal, 6, profile=both)
    assert len({page.list_key for page in pages}) == 2
    codes["areas"].reverse()
    portal.asked.clear()
    crawl = flow.crawl(source(profile=both), portal.fetch, None, Going(pages))
    assert [item.source_id for item in crawl] == ["b3"]
    assert portal.asked == ["/areas", "/list?page=2&area=b"]
    assert crawl.report.outcome is Outcome.COMPLETE


def test_a_page_whose_records_are_not_all_handed_on_is_read_again():
    portal = FakePortal(ids(20))
    _, pages = interrupted(portal, 7)
    assert pages == []
