"""The files that the servers and checks are run from."""

import re
import subprocess
from configparser import ConfigParser
from string import Template
from xml.etree import ElementTree

import pytest

from tools.stack import checks, ckan, environment
from tools.stack.paths import CONFIGSET, CONSTRAINTS, PROJECT

LOCKS = sorted(CONSTRAINTS.glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_version_is_pinned_and_no_registry_named(lock):
    for line in lock.read_text().splitlines():
        assert re.fullmatch(r"[a-z0-9.-]+==[^\s;@/]+( ; .+)?", line), line


def test_there_is_a_lock_for_each_environment():
    names = {f"ckan-{release}.txt" for release in environment.RELEASES} | {"lint.txt"}

    assert {lock.name for lock in LOCKS} == names


@pytest.mark.parametrize("release", environment.RELEASES)
def test_locks_hold_what_is_asked_for(release):
    lock = set((CONSTRAINTS / f"ckan-{release}.txt").read_text().splitlines())
    asked = re.findall(
        r"^([a-z-]+)(?:\[.*\])?==(\S+)$",
        (CONSTRAINTS / f"ckan-{release}.in").read_text(),
        re.MULTILINE,
    )

    assert asked
    assert {f"{name}=={version}" for name, version in asked} <= lock


def test_both_ckan_releases_accept_the_schema():
    schema = ElementTree.parse(CONFIGSET / "schema.xml").getroot()

    # CKAN takes the version from the name, and 2.11 refuses that of a later release.
    assert schema.get("name").startswith("ckan-2.11")


def test_the_schema_needs_no_file_beside_it():
    files = {"stopwords", "synonyms", "protected", "dictionary", "mapping"}
    for element in ElementTree.parse(CONFIGSET / "schema.xml").iter():
        assert not files & set(element.keys())


def _ini(text):
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(text)
    return parser["app:main"]


def test_demo_and_tests_configure_the_same_plugins_and_schemas():
    tests = _ini((PROJECT / "test.ini").read_text(encoding="utf-8"))
    demo = _ini(ckan.TEMPLATE.read_text(encoding="utf-8"))

    for key in ("ckan.plugins", *(key for key in tests if key.startswith("scheming."))):
        assert demo[key] == tests[key]


def test_a_missing_value_of_the_demo_is_noticed():
    template = Template(ckan.TEMPLATE.read_text(encoding="utf-8"))

    with pytest.raises(KeyError):
        template.substitute({"site_url": "http://127.0.0.1"})


def test_every_folder_of_tests_is_run_once():
    folders = {path.parent for path in checks.TESTS.rglob("test_*.py")}
    with_ckan, without = checks._rooms(in_ckan=True), checks._rooms(in_ckan=False)

    in_browser = {checks.TESTS / checks.IN_BROWSER}
    assert set(with_ckan) | set(without) | in_browser == folders
    assert not set(with_ckan) & set(without)
    assert not in_browser & {*with_ckan, *without}
    assert PROJECT / "tests/search" in with_ckan
    assert PROJECT / "tests/text" in without


def test_make_offers_every_target():
    help_text = subprocess.run(
        ["make", "help"], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout

    for target in ("demo", "test", "lint", "smoke", "stop", "clean", "status"):
        assert target in help_text
