"""Fixtures shared by all rooms. CKAN is imported late: most rooms are tested without it."""

import pytest

MARKERS = (
    "smoke: small tests that every supported CKAN release must pass",
    # CKAN's own plugin uses these without registering them.
    "ckan_config(key, value): set a configuration option for one test",
    "with_plugins(*names): load more plugins for one test",
    "provide_plugin(name, plugin): offer a plugin that is not installed",
)


def pytest_configure(config):
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.fixture(scope="session")
def _migrated():
    """Names of the plugins whose tables this session has made."""
    return set()


@pytest.fixture
def clean_db(with_plugins, reset_db, migrate_db_for, _migrated):
    """An empty database that has CKAN's tables and those of the loaded plugins.

    The first test of a session makes the database anew; the others only empty the tables that
    hold rows, which takes milliseconds.
    """
    from ckan import plugins

    from tests import database

    if not _migrated:
        database.drop_everything()
        reset_db()
        _migrated.add("ckan")
    for name in ("harvest", "cn_govdata"):
        if name not in _migrated and plugins.plugin_loaded(name):
            migrate_db_for(name)
            _migrated.add(name)
    database.empty()
