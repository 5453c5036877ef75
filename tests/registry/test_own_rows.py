"""The operator's own rows: laid over the shipped registry, checked, with ids that stay."""

import json

import pytest

from ckanext.cn_govdata.portals import own_rows, registry, search

from .test_registry import listed


@pytest.fixture
def use(tmp_path):
    """Lay the lines of a file over the registry, for one test."""

    def lay(*lines):
        path = tmp_path / "own.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        own_rows.use(path)

    yield lay
    own_rows.use(None)


def test_a_correction_changes_the_cells_that_it_fills(use):
    before = registry.get("321300")
    use("portal_id,url", "321300,https://data.new.example.cn/oportal/index")
    now = registry.get("321300")
    assert (now.url, now.base_url) == (
        "https://data.new.example.cn/oportal/index",
        "https://data.new.example.cn",
    )
    assert (now.family, now.members, now.name_zh) == (before.family, before.members, before.name_zh)
    own_rows.use(None)
    assert registry.get("321300") == before


def test_a_family_makes_a_portal_harvestable(use):
    assert not registry.get("110108").harvestable
    use("portal_id,family,parameters", '110108,inspur-oportal,"{""context"": ""/x""}"')
    portal = registry.get("110108")
    assert portal.harvestable
    assert portal.config()["parameters"] == {"context": "/x"}


def test_a_dash_empties_a_cell(use):
    use("portal_id,family,parameters,state", "370100,-,-,no-profile")
    portal = registry.get("370100")
    assert (portal.family, portal.parameters, portal.state) == (None, {}, "no-profile")


def test_a_portal_of_ones_own_is_completed_from_its_division(use):
    use("portal_id,url,family", "330182-own,https://data.example.cn/x,inspur-oportal")
    portal = registry.get("330182-own")
    assert (portal.division_code, portal.government_zh, portal.level.value) == (
        "330182",
        "建德市",
        "county",
    )
    assert (portal.base_url, portal.state) == ("https://data.example.cn", "active")
    assert portal in search.select(text="jiande")
    assert list(registry.portals()) == sorted(registry.portals(), key=lambda each: each.portal_id)


def test_nothing_is_lost(use):
    before = {portal.portal_id for portal in registry.portals()}
    use("portal_id,state", "321300,archived")
    assert {portal.portal_id for portal in registry.portals()} == before
    assert search.state(registry.get("321300")) == "archived"


HEADER = "portal_id,division_code,url,family,parameters,members,state"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("321300,,,no-such-family,,,", "family: unknown 'no-such-family'"),
        ('321300,,,inspur-oportal,"{""contxt"": ""/x""}",,', "parameters.contxt"),
        ("321300,,,,{not json},,", "parameters: not JSON"),
        ("321300,,,,[],,", "parameters: not a JSON object"),
        ("321300,,ftp://x.cn/,,,,", "url: 'ftp://x.cn/'"),
        ("321300,,http://user:pw@x.cn/,,,,", "url:"),
        ("321300,370100,,,,,", "for ever"),
        ("321300,,,,,,well", "state: 'well'"),
        ("321300,,,,,999999,", "members: '999999'"),
        ("370100,,,,,321324,", "is a member of 321300 and of 370100"),
        ("999999,,http://x.cn/,,,,", "'999999' is not a code"),
        ("nanjing,,http://x.cn/,,,,", "'nanjing' is not a division's code"),
        ("330182-x,330183,http://x.cn/,,,,", "does not begin with"),
        ("330182-x,,,inspur-oportal,,,", "url: '' is not"),
        ("330182-x,,http://x.cn/,,,,active", "no family is given"),
        ("321300,,", "number of cells"),
        ("321300,,,,,,,,", "number of cells"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(use, line, words):
    with pytest.raises(own_rows.RegistryFileError) as refused:
        use(HEADER, "371600,,,,,,", line)
    assert words in str(refused.value)
    assert "own.csv: line 3: " in str(refused.value) or "members: 321324" in str(refused.value)
    assert registry.get("321300") == registry.shipped()["321300"]


def test_all_that_is_wrong_is_named_at_once(use):
    with pytest.raises(own_rows.RegistryFileError) as refused:
        use(HEADER, "321300,,,x,,,", "321300,,,,,,well", "370100,,,,,,")
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["url", "x"], "portal_id: this column is needed"),
        (["portal_id,colour", "321300,red"], "colour: not a column"),
        (["portal_id", "321300", "321300"], "twice"),
    ],
)
def test_a_wrong_file_is_refused(use, lines, words):
    with pytest.raises(own_rows.RegistryFileError, match=words):
        use(*lines)


def test_files_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(own_rows.RegistryFileError):
        own_rows.use(tmp_path / "none.csv")
    path = tmp_path / "gbk.csv"
    path.write_bytes("portal_id,name_zh\n321300,宿迁\n".encode("gb18030"))
    with pytest.raises(own_rows.RegistryFileError):
        own_rows.use(path)


def test_each_of_the_588_governments_is_found():
    for code in listed():
        found = registry.publishing(code)
        assert found, code
        assert found[0].division_code == code or code in found[0].members
        assert any(portal in search.select(division=code) for portal in found)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"text": "泗洪"}, {"321300"}),
        ({"text": "sihong"}, {"321300"}),
        ({"text": "SUQIAN oportal"}, {"321300"}),
        ({"text": "３２１３００"}, {"321300"}),
        ({"division": "321324"}, {"321300"}),
        ({"division": "640000", "level": "province"}, {"640000"}),
        ({"family": "single-suzhou"}, {"320500"}),
        ({"state_": "archived"}, {"130000-hebdata", "150000-nmgdata"}),
        ({"text": "没有这样的平台"}, set()),
    ],
)
def test_portals_are_found_by_what_people_know(filters, ids):
    assert {portal.portal_id for portal in search.select(**filters)} >= ids
    if not ids or len(ids) == 2:
        assert {portal.portal_id for portal in search.select(**filters)} == ids


def test_coverage_counts_each_government_once():
    rows = search.coverage()
    total = sum(sum(row.listed.values()) for row in rows)
    held = {
        code
        for portal in registry.portals()
        if portal.state != "archived"
        for code in (portal.division_code, *portal.members)
    }
    assert total == len(held)
    for row in rows:
        assert all(row.with_profile[level] <= count for level, count in row.listed.items())
    assert json.dumps([row.listed for row in rows])
