"""`cn-govdata families new`: what it makes runs as it is, in the project and outside."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ckanext.cn_govdata.portals.cli import main

ROOT = Path(__file__).parents[2]


def new(name, into):
    return CliRunner().invoke(main, ["families", "new", name, "--into", str(into)])


def run_tests(folder, path):
    """Run the scaffolded test with a path before the installed packages."""
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:ckan", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=False,
    )


def installed(root, name):
    """An installed distribution as `pip install` leaves it: its files and its entry points."""
    package = f"cn_govdata_family_{name.replace('-', '_')}"
    info = root / f"{package}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: cn-govdata-family-{name}\nVersion: 0.1.0\n"
    )
    (info / "entry_points.txt").write_text(
        f"[ckanext.cn_govdata.families]\n{name} = {package}:profile\n"
    )


def test_a_distribution_of_its_own_is_green_and_adds_the_family(tmp_path):
    made = new("try-out", tmp_path)
    assert made.exit_code == 0, made.output
    root = tmp_path / "cn-govdata-family-try-out"
    assert (root / "pyproject.toml").is_file()
    installed(root, "try-out")
    result = run_tests(root / "tests", root)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout
    listed = subprocess.run(
        [sys.executable, "-m", "ckanext.cn_govdata.portals", "families", "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=True,
    )
    assert "try-out" in {row["family"] for row in json.loads(listed.stdout)}


def test_in_the_project_the_files_stand_where_its_own_do(tmp_path):
    profiles = tmp_path / "ckanext" / "cn_govdata" / "portals" / "profiles"
    profiles.mkdir(parents=True)
    assert new("try-out", tmp_path).exit_code == 0
    assert (profiles / "try-out.yaml").is_file()
    tests = tmp_path / "tests" / "profiles"
    assert (tests / "test_try_out.py").is_file()
    assert {path.name for path in (tests / "samples" / "try-out").iterdir()} == {
        "list.json",
        "detail.json",
    }
    again = new("try-out", tmp_path)
    assert again.exit_code == 2
    assert "is there already" in again.output


@pytest.mark.parametrize("name", ["Big", "a b", "../x", "x_y", "-x", "", "inspur-oportal"])
def test_names_that_are_none_are_refused(name, tmp_path):
    result = CliRunner().invoke(main, ["families", "new", "--into", str(tmp_path), "--", name])
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_an_entry_point_that_makes_no_profile_is_named(tmp_path):
    (tmp_path / "cn_govdata_family_bad.py").write_text("def profile():\n    return {}\n")
    installed(tmp_path, "bad")
    code = (
        "from ckanext.cn_govdata.portals import families\n"
        "try:\n    families.profile('bad')\nexcept ValueError as error:\n    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=ROOT,
        check=True,
    )
    assert "'bad' of ckanext.cn_govdata.families makes no Profile" in result.stdout
