"""Declared settings come as typed values."""

import pytest
from ckan.plugins import toolkit as tk

from ckanext.cn_govdata import settings

pytestmark = pytest.mark.usefixtures("with_plugins")

PREFIX = "ckanext.cn_govdata."


@pytest.mark.ckan_config(f"{PREFIX}http.allowed_networks", "127.0.0.0/8 fd00::/8")
@pytest.mark.ckan_config(f"{PREFIX}http.rate", "0.5")
def test_the_settings_of_a_source_come_first(ckan_config):
    client = settings.client_settings({"family": "f", "concurrency": 4, "verify_tls": False})
    assert client.allowed_networks == ("127.0.0.0/8", "fd00::/8")
    assert (client.rate, client.host_concurrency, client.verify_tls) == (0.5, 4, False)
    assert client.respect_robots is True
    assert settings.client_settings({"rate": 0}).rate == 0


@pytest.mark.smoke
def test_defaults():
    assert settings.http_rate() == 1.0
    assert settings.harvest_batch_size() == 500
    assert settings.harvest_max_withdraw_share() == 0.2
    assert settings.http_proxy() is None


@pytest.mark.parametrize(
    ("option", "value", "read"),
    [
        ("http.rate", "fast", settings.http_rate),
        ("http.read_timeout", "-1", settings.http_read_timeout),
        ("harvest.max_withdraw_share", "20", settings.harvest_max_withdraw_share),
        ("harvest.keep_days", 0, settings.harvest_keep_days),
    ],
)
def test_a_wrong_value_is_named(ckan_config, monkeypatch, option, value, read):
    monkeypatch.setitem(ckan_config, PREFIX + option, value)
    with pytest.raises(ValueError, match=option):
        read()


def test_every_function_reads_a_declared_option():
    from ckan.common import config_declaration

    declared = {
        str(key) for key in config_declaration.iter_options() if str(key).startswith(PREFIX)
    }
    read = {
        PREFIX + name.replace("_", ".", 1)
        for name in vars(settings)
        if name.startswith(("dcat_", "http_", "harvest_", "metrics_", "portals_", "workbook_"))
    }
    assert read == declared
    assert all(config_declaration[key].description for key in declared)
    assert tk.config[f"{PREFIX}harvest.batch_size"] == 500
