"""Saving a harvest source: what is refused, and the words that say why."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_request_context")


def save(name, config, **fields):
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    data = {
        "name": name,
        "title": name,
        "url": f"http://{name}.example.cn/",
        "source_type": "cn_portal",
        "config": config if isinstance(config, str) else json.dumps(config),
        **fields,
    }
    return tk.get_action("harvest_source_create")(as_site_user(), data)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ("{not json", "JSON"),
        ({}, "family"),
        ({"family": "no-such-family"}, "no-such-family"),
        ({"family": "inspur-oportal", "details": "sometimes"}, "details"),
        ({"family": "inspur-oportal", "rate": -1}, "rate"),
        ({"family": "inspur-oportal", "colour": "red"}, "colour"),
        ({"family": "inspur-oportal", "headers": {"Cookie": "a=b"}}, "Cookie"),
        ({"family": "inspur-oportal", "max_withdraw_share": 2}, "max_withdraw_share"),
    ],
)
def test_a_wrong_configuration_is_refused_naming_the_key(config, named):
    from ckan.plugins import toolkit as tk

    with pytest.raises(tk.ValidationError) as refused:
        save("wrong", config)
    assert named in str(refused.value.error_dict["config"])


def test_two_active_sources_may_not_share_a_portal():
    from ckan.plugins import toolkit as tk

    save("first", {"family": "inspur-oportal", "portal_id": "451300"})
    with pytest.raises(tk.ValidationError) as refused:
        save("second", {"family": "inspur-oportal", "portal_id": "451300"})
    assert "first" in str(refused.value.error_dict["config"])
    save("third", {"family": "inspur-oportal", "portal_id": "451000"})


def test_a_source_without_a_portal_id_is_known_by_its_own():
    from ckanext.cn_govdata.harvest import jobs, sources

    saved = save("nameless", {"family": "inspur-oportal"})
    row = jobs.find_source("nameless")
    assert sources.portal_id(row) == saved["id"]
    source, _ = sources.resolve(row)
    assert source.portal_id == saved["id"]


def test_sources_of_the_registry_are_made_once():
    from ckanext.cn_govdata.harvest import sources
    from ckanext.cn_govdata.portals import registry

    portal = registry.get("451300")
    assert sources.create(portal) == ("portal-451300", True)
    assert sources.create(portal) == ("portal-451300", False)


def test_stored_settings_reach_the_engine_and_the_client():
    from ckanext.cn_govdata.harvest import jobs, sources

    config = {
        "family": "guizhou-search",
        "parameters": {"divisionId": "520300"},
        "rate": 0.5,
        "concurrency": 3,
        "verify_tls": False,
        "exclude": ["a"],
        "withdraw_after_days": 2,
    }
    save("gz", config)
    source, client = sources.resolve(jobs.find_source("gz"))
    assert source.parameters["divisionId"] == "520300"
    assert (source.exclude, source.withdraw_after_days) == (frozenset({"a"}), 2)
    assert (client.rate, client.host_concurrency, client.verify_tls) == (0.5, 3, False)
