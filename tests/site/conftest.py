"""A small catalogue: datasets of a province, two of its cities, a county and another province."""

import pytest

PLACES = {
    "370000": ("1", "2", "monthly"),
    "370100": ("1", "2", "yearly"),
    "370102": ("2", "2", "monthly"),
    "370200": ("2", "5", None),
    "350100": ("1", "5", None),
}


@pytest.fixture
def catalogue(clean_db, clean_index, with_plugins):
    """Harvest-like datasets, one of each place; name by division code."""
    from ckan.tests.helpers import call_action

    from ckanext.cn_govdata.schema import organizations, themes

    themes.ensure()
    made = {}
    for code, (openness, domain, frequency) in PLACES.items():
        package = {
            "title": f"数据集 {code}",
            "notes": "说明",
            "owner_org": organizations.ensure(code),
            "provider_name": "某某局",
            "division_code": code,
            "open_attribute": openness,
            "open_condition": "登录后",
            "share_type": "1",
            "domain": domain,
            "state": "draft",
        }
        if frequency:
            package["frequency"] = frequency
        made[code] = call_action("package_create", **package)["name"]
    _publish(made.values())
    return made


def _publish(names):
    """Make drafts active without asking what each level still needs."""
    from ckan import model
    from ckan.lib.search import rebuild

    for name in names:
        model.Package.get(name).state = "active"
    model.Session.commit()
    for name in names:
        rebuild(model.Package.get(name).id)
