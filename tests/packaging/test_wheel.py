"""What a site installs holds all that the source tree holds, and works without CKAN."""

import json
import zipfile

import pytest

from .conftest import run, source_files

# Each kind of file the package lives by, so that a rename of a folder cannot empty the test.
KINDS = {
    "template": "ckanext/cn_govdata/templates/*.html",
    "schema": "ckanext/cn_govdata/schemas/*.yaml",
    "translation": "ckanext/cn_govdata/i18n/*.mo",
    "migration": "ckanext/cn_govdata/migration/cn_govdata/versions/*.py",
    "code list": "ckanext/cn_govdata/standards/data/*.csv",
    "registry": "ckanext/cn_govdata/portals/data/*",
    "profile": "ckanext/cn_govdata/portals/profiles/*.yaml",
    "Solr configset": "ckanext/cn_govdata/search/configset/schema.xml",
    "settings": "ckanext/cn_govdata/config_declaration.yaml",
}

# The rooms that a program may use without CKAN.
LIBRARY = ("standards", "text", "crawl", "portals")


def test_the_wheel_holds_every_file_of_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())

    assert source_files() - packed == set()


def test_the_sdist_holds_every_file_of_the_package(sdist_files):
    assert source_files() - sdist_files == set()


def test_the_sdist_holds_what_a_packager_reads(sdist_files):
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml"} <= sdist_files


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_installed(clean_environment, kind):
    (site,) = clean_environment.glob("lib/python*/site-packages")
    folder, _, pattern = KINDS[kind].rpartition("/")

    assert list((site / folder).rglob(pattern)), KINDS[kind]


def test_the_library_needs_no_ckan(clean_environment):
    packages = json.loads(
        run(clean_environment / "bin/python", "-m", "pip", "list", "--format", "json")
    )

    names = {package["name"].lower() for package in packages}
    assert "ckanext-cn-govdata" in names
    assert not {"ckan", "flask", "sqlalchemy", "ckanext-harvest"} & names


def test_every_module_of_the_library_is_imported_without_ckan(clean_environment):
    code = (
        "import importlib, pkgutil\n"
        f"for room in {LIBRARY!r}:\n"
        "    package = importlib.import_module(f'ckanext.cn_govdata.{room}')\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        print(importlib.import_module(module.name).__name__)\n"
    )

    modules = run(clean_environment / "bin/python", "-c", code).split()

    assert {name.split(".")[2] for name in modules} == set(LIBRARY)


def test_the_command_works_without_ckan(clean_environment):
    families = run(clean_environment / "bin/cn-govdata", "families")

    assert "inspur-oportal" in families
    assert "guizhou-search" in families
