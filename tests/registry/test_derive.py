"""The rules by which the registry was made from a list of portals."""

from __future__ import annotations

from tests.registry.derive import derive


def row(code, government, url, family, **more):
    level = "county" if not code.endswith("00") else "prefecture"
    given = {"division_code": code, "level": level, "name_zh": "", "government_zh": government}
    given |= {"url": url, "family": family, "source": "a list (file id 12)", "seen_year": "2026"}
    return given | {"confidence": "high"} | more


def derived(*rows):
    found = {portal["portal_id"]: portal for portal in derive(rows)}
    added = {"120000", "341100", "430700", "431000", "520000"}
    return {key: portal for key, portal in found.items() if key not in added}


def test_rows_of_one_address_become_members_of_the_first():
    url = "https://data.example/oportal/index"
    found = derived(
        row("321300", "宿迁市", url, "inspur-oportal"),
        row("321324", "泗洪县", url, "inspur-oportal"),
        row("321322", "沭阳县", url, "inspur-oportal"),
    )
    assert list(found) == ["321300"]
    assert found["321300"]["members"] == "321322 321324"
    assert found["321300"]["base_url"] == "https://data.example"


def test_the_context_is_read_from_the_address():
    def parameters(url, family="inspur-oportal"):
        return derived(row("370100", "济南市", url, family))["370100"]["parameters"]

    assert parameters("http://data.example/jinan/index") == '{"context": "/jinan"}'
    assert parameters("http://data.example/portal/catalog/index?x=1") == '{"context": "/portal"}'
    assert parameters("http://data.example/oportal/catalog/") == ""
    assert parameters("http://data.example/") == ""
    assert parameters("http://data.example/odweb/index.htm", "inspur-odweb") == ""
    assert parameters("http://a.example/webapp/x/index.jsp", "hunan-webapp") == (
        '{"context": "/webapp/x"}'
    )


def test_sub_sites_of_one_address_stay_sources():
    url = "https://data.fujian.gov.cn/"
    found = derived(
        row("350300", "莆田市", url, "fujian-open-portal"),
        row("350400", "三明市", url, "fujian-open-portal"),
    )
    assert list(found) == ["350300", "350400"]
    assert '"cityCode": "350400000000"' in found["350400"]["parameters"]


def test_filters_of_a_province_are_its_members():
    base = "https://opendata.nx.gov.cn/portal"
    found = derived(
        row("640000", "宁夏回族自治区", f"{base}/index", "inspur-oportal"),
        row("640200", "石嘴山市", f"{base}/catalog/index?filterParamCode=6402", "inspur-oportal"),
    )
    assert found["640000"]["members"] == "640200"
    assert found["640000"]["settings"] == '{"verify_tls": false}'


def test_the_known_interface_takes_the_code_and_the_others_a_slug():
    found = derived(
        row("350100", "福州市", "https://data.fujian.gov.cn/", "fujian-open-portal"),
        row("350100", "福州市", "http://data.fuzhou.gov.cn/", "gd-findpage"),
        row("440400", "珠海市", "http://data.zhuhai.gov.cn", "unknown"),
        row("440400", "珠海市", "https://gddata.gd.gov.cn/opdata/index", "gd-findpage"),
    )
    assert {key: portal["family"] for key, portal in found.items()} == {
        "350100": "gd-findpage",
        "350100-fujian": "fujian-open-portal",
        "440400": "gd-findpage",
        "440400-zhuhai": "",
    }
    assert found["440400-zhuhai"]["state"] == "no-profile"


def test_sources_that_cannot_be_looked_up_are_left_out():
    found = derived(row("370100", "济南市", "http://data.example/jinan/index", "inspur-oportal"))
    assert found["370100"]["evidence"] == "a list; context: from the address"
