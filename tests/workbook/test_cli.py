"""The commands, as an operator calls them."""

import json

import pytest

from tests.workbook.conftest import dataset

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def call(jinan, cli):
    from ckan.cli.cli import ckan

    return lambda *words: cli.invoke(ckan, ["cn-govdata", "workbook", *map(str, words)])


def test_import_and_export(call, book, tmp_path):
    path = book(dataset())
    tried = call("import", path, "--organization", "cn-370100", "--dry-run", "--json")
    assert tried.exit_code == 0, tried.output
    result = json.loads(tried.stdout.strip().splitlines()[-1])
    assert (result["created"], result["written"]) == (1, False)
    assert "created 1" in call("import", path, "--organization", "cn-370100").output
    out = tmp_path / "out.xlsx"
    assert "1 datasets" in call("export", "--division", "370000", "--out", out).output
    assert "unchanged 1" in call("import", out, "--organization", "cn-370100").output


def test_problems_and_refusals(call, book, tmp_path):
    wrong = call("import", book(dataset(共享类型="随便")), "--organization", "cn-370100")
    assert wrong.exit_code == 1
    assert "目录!P4" in wrong.output
    empty = tmp_path / "empty.xlsx"
    empty.touch()
    assert call("import", empty, "--organization", "cn-370100").exit_code == 1
    assert call("import", book(dataset()), "--organization", "nobody").exit_code == 2


def test_template(call, tmp_path):
    out = tmp_path / "template.xlsx"
    assert call("template", "--out", out).exit_code == 0
    assert out.stat().st_size > 5000
