"""CKAN pins its requirements, and a site's operator keeps to them: ours must fit in."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.stack.environment import RELEASES
from tools.stack.paths import CONSTRAINTS, PROJECT


@pytest.mark.parametrize("release", RELEASES)
def test_installing_the_suite_moves_no_pin_of_ckan(release, tmp_path):
    ckan = _ckan(release)
    alone = _resolve(tmp_path / "alone.txt", ckan)
    pins = tmp_path / "pins.txt"
    pins.write_text("".join(f"{name}=={version}\n" for name, version in alone.items()))

    # Our requirements beside CKAN's, free to choose where CKAN leaves a choice.
    suite = [PROJECT / "pyproject.toml", "--extra", "ckan", "--extra", "test"]
    together = _resolve(tmp_path / "together.txt", ckan, *suite, pins=pins)

    moved = {name: (alone[name], together.get(name)) for name in alone}
    assert {name: pair for name, pair in moved.items() if pair[0] != pair[1]} == {}
    assert {"ckanext-harvest", "ckanext-dcat", "ckanext-scheming"} <= together.keys()


def _ckan(release):
    """Return CKAN with its pinned requirements, at the version that is tested here."""
    asked = (CONSTRAINTS / f"ckan-{release}.in").read_text()
    version = re.search(r"^ckan\[.*\]==(\S+)$", asked, re.MULTILINE).group(1)
    return f"ckan[requirements]=={version}"


def _resolve(output, requirement, *more, pins=None):
    """Return the version of each package that a new environment would get."""
    wanted = output.with_suffix(".in")
    wanted.write_text(f"{requirement}\n")
    constraints = ["--constraint", pins] if pins else []
    command = [
        Path(sys.executable).with_name("uv"),
        "pip",
        "compile",
        "--quiet",
        "--no-annotate",
        "--no-header",
    ]
    command += ["--output-file", output, *constraints, wanted, *more]
    done = subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", output.read_text(), re.MULTILINE))
