"""A browser, a server and a catalogue for the whole session."""

import os
import shutil
from dataclasses import dataclass
from functools import cache

import pytest

pytest.importorskip("playwright", reason="the browser tests need playwright")

from playwright.sync_api import sync_playwright

from tests.browser import catalogue, server

DESKTOP, PHONE = 1280, 360
# Fixed, so that no test depends on the machine: no sandbox for root, no calls to anywhere.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_addoption(parser):
    parser.addoption("--screenshots", help="folder for a picture of every page")


@dataclass(frozen=True)
class Site:
    """The server under test."""

    url: str
    names: dict[str, str]  # what stands in the addresses of pages


@pytest.fixture(scope="session")
def site(tmp_path_factory, reset_db, reset_index, migrate_db_for):
    """A server over a database with the catalogue of `catalogue.py`."""
    from ckan import plugins
    from ckan.tests import helpers

    from tests import database

    plugins.load_all()
    database.drop_everything()
    reset_db()
    for name in ("harvest", "cn_govdata"):
        migrate_db_for(name)
    reset_index()
    names = catalogue.make(helpers._get_test_app())
    with server.running(tmp_path_factory.mktemp("browser")) as url:
        yield Site(url, names)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.fail("There is no chromium: 'make test' installs it.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=[*FLAGS])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def signed_in(browser, site):
    """The cookies of a user, signed in once: `signed_in(name)`."""

    @cache
    def state_of(name):
        context = browser.new_context(base_url=site.url)
        page = context.new_page()
        log_in(page, name)
        state = context.storage_state()
        context.close()
        return state

    return state_of


@pytest.fixture
def open_page(browser, site, signed_in):
    """Open pages: `open_page(width=360, user=EDITOR, touch=True)`."""
    contexts = []

    def open_(*, width=DESKTOP, user=None, touch=False):
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 800},
            has_touch=touch,
            storage_state=signed_in(user) if user else None,
        )
        # Nothing outside the server under test is asked for.
        context.route(lambda address: not address.startswith(site.url), lambda route: route.abort())
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.script_errors = []
        page.on("pageerror", lambda error: page.script_errors.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()


def log_in(page, name=catalogue.EDITOR):
    page.goto("/user/login")
    page.fill("#field-login", name)
    page.fill("#field-password", catalogue.PASSWORD)
    page.press("#field-password", "Enter")
    page.wait_for_url("**/dashboard/**")
