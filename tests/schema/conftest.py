"""Datasets and organisations for the tests of the schema."""

import pytest

ITEMS = [
    {
        "name_zh": "机构名称",
        "name_en": "JGMC",
        "data_type": "C",
        "length": 100,
        "description": "全称",
    },
    {"name_zh": "床位数", "name_en": "CWS", "data_type": "N", "length": 0, "sensitivity": "1"},
]
CONTACT = [
    {"name": "济南市卫生健康委员会信息处", "phone": "0531-66601600", "email": "wjw@jinan.gov.cn"}
]
RESOURCES = [
    {
        "url": "http://data.example.gov.cn/file/1.csv",
        "download_url": "http://data.example.gov.cn/file/1.csv",
        "name": "医疗机构.csv",
        "format": "csv",
        "kind": "file",
        "size": 10_485_760,
        "issued": "2023-06-16T09:15:00+08:00",
        "modified": "2023-07-01T00:00:00+08:00",
        "login_required": "login",
    },
    {"url": "http://data.example.gov.cn/api/1", "name": "查询接口", "format": "api", "kind": "api"},
]
FULL = {
    "title": "医疗机构基本信息（济南市）",
    "notes": "全市医疗卫生机构的名称、地址和床位数。",
    "resource_code": "307370100/000123",
    "registration_code": "GGSJ-2025-000001",
    "provider_name": "济南市卫生健康委员会",
    "provider_unit": "规划信息处",
    "provider_uscc": "11100000MB0341032Y",
    "division_code": "370100",
    "functional_zone": "济南高新技术产业开发区",
    "catalog_class": "3",
    "catalog_item": "307",
    "catalog_path": "卫生健康/医疗机构",
    "domain": "2",
    "domain_text": "医疗卫生,社会民生",
    "industry": "84",
    "industry_text": "卫生",
    "open_attribute": "2",
    "open_condition": "登录后申请",
    "share_type": "2",
    "share_condition": "仅限卫生部门",
    "share_mode_category": "1",
    "share_mode_type": "3",
    "frequency": "monthly",
    "frequency_text": "每月",
    "issued": "2023-06-16",
    "modified": "2023-07-01",
    "related_codes": ["307370100/000001", "307370100/000002"],
    "format_category": "3",
    "data_items": ITEMS,
    "record_count": 0,
    "data_volume": 10_485_760,
    "data_region_scope": "4",
    "temporal_start": "2019",
    "temporal_end": "2023-06-30",
    "data_processing": "sjjgcd02",
    "data_grade": "1",
    "provide_channel": "2",
    "application_scene": ["1", "2"],
    "catalog_tags": ["7", "25"],
    "guiding_department": "18",
    "reporting_domain": "17",
    "electronic_certificate": False,
    "contact": CONTACT,
    "license_id": "portal-terms",
    "terms_url": "http://data.example.gov.cn/terms",
    "url": "http://data.example.gov.cn/catalog/1",
    "portal_id": "370100",
    "source_id": "a/b 1",
    "source_modified": "2023-07-01T08:00:00+08:00",
    "source_views": 1234,
    "source_downloads": 0,
    "source_extra": {"数据来源": "业务系统", "评分": 4.5, "标记": ["甲", "乙"]},
}
TAGS = ["医疗", "床位", "机构"]


@pytest.fixture
def full():
    """A dataset that fills every field."""
    return {
        **FULL,
        "tags": [{"name": tag} for tag in TAGS],
        "resources": [dict(resource) for resource in RESOURCES],
    }


@pytest.fixture
def jinan(clean_db, clean_index, with_plugins):
    """The organisation of a prefecture, with those above it and the theme groups."""
    from ckanext.cn_govdata.schema import organizations, themes

    themes.ensure()
    return organizations.ensure("370100")


@pytest.fixture
def create(jinan):
    """Create a dataset as its editor would, through the API."""
    from ckan.tests import factories, helpers

    editor = factories.User()
    helpers.call_action(
        "member_create", id=jinan, object=editor["id"], object_type="user", capacity="editor"
    )

    def create_(**data):
        context = {"user": editor["name"], "ignore_auth": False}
        return helpers.call_action("package_create", context, **{"owner_org": jinan, **data})

    create_.editor = editor["name"]
    return create_
