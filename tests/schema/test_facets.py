"""Facets and pages speak the reader's language."""

import pytest

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


@pytest.mark.smoke
def test_the_search_page_in_chinese(create, full, app):
    create(**full)
    page = app.get("/zh_Hans_CN/dataset/").body
    for words in (
        "主题领域",
        "医疗卫生",
        "开放属性",
        "有条件开放",
        "山东省",
        "济南市",
        "每月",
        "地级",
        "平台服务条款/用户协议",
    ):
        assert words in page, words
    assert "vocab_cn_county" not in page
    assert ">portal-terms" not in page


def test_the_search_page_in_english(create, full, app):
    create(**full)
    page = app.get("/en/dataset/").body
    for words in ("Medical care and health", "Open conditionally", "Shandong", "Monthly"):
        assert words in page, words


def test_the_resource_page_names_the_licence(create, full, app):
    package = create(**full)
    resource = package["resources"][0]["id"]
    page = app.get(f"/zh_Hans_CN/dataset/{package['name']}/resource/{resource}").body
    assert "平台服务条款/用户协议" in page
    assert "<td>portal-terms" not in page


def test_a_chosen_facet_is_shown_by_its_label(create, full, app):
    create(**full)
    page = app.get("/zh_Hans_CN/dataset/", params={"vocab_cn_open": "2"}).body
    assert "有条件开放" in page
    assert "医疗机构基本信息" in page


@pytest.mark.smoke
def test_the_dataset_page_in_chinese(create, full, app):
    package = create(**full)
    page = app.get(f"/zh_Hans_CN/dataset/{package['name']}").body
    for words in (
        "信息资源提供方",
        "山东省</a>",
        "济南市</a>",
        "有条件开放",
        "机构名称",
        "字符型",
        "0531-66601600",
        "查询接口",
        "数据接口",
        "需登录",
        "1,234",
        "数据来源",
    ):
        assert words in page, words
    assert "national_" not in page


def test_the_dataset_page_in_traditional_chinese(create, full, app):
    package = create(**full)
    page = app.get(f"/zh_Hant_TW/dataset/{package['name']}").body
    for words in ("資訊資源提供方", "醫療衛生", "字元型", "有條件開放"):
        assert words in page, words


def test_an_empty_field_does_not_show(create, full, app):
    package = create(**{**full, "open_condition": "", "open_attribute": "1"})
    assert "开放条件" not in app.get(f"/zh_Hans_CN/dataset/{package['name']}").body


def test_the_form_opens_and_keeps_all(create, full, app):
    from ckan.tests import factories

    package = create(**full)
    sysadmin = factories.SysadminWithToken()
    headers = {"Authorization": sysadmin["token"]}
    page = app.get(f"/zh_Hans_CN/dataset/edit/{package['name']}", headers=headers)
    assert "信息资源提供方" in page.body
    assert app.get("/dataset/new", headers=headers).status_code == 200
    assert app.get("/organization/edit/cn-370100", headers=headers).status_code == 200
    assert app.get("/theme/theme-2").status_code == 200
