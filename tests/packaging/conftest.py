import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

from tools.stack.paths import PROJECT


@pytest.fixture(scope="session")
def distributions(tmp_path_factory):
    """The folder of a fresh sdist and of the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, PROJECT)
    return folder


@pytest.fixture(scope="session")
def wheel(distributions):
    return next(distributions.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist_files(distributions):
    """Paths in the sdist, below its top folder."""
    with tarfile.open(next(distributions.glob("*.tar.gz"))) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.fixture(scope="session")
def clean_environment(wheel, tmp_path_factory):
    """A virtual environment that holds the wheel and what it requires, nothing else."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", wheel)
    return folder


def run(*command):
    """Run a program away from the source tree; return what it prints."""
    done = subprocess.run(
        [str(part) for part in command], cwd="/", check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def source_files():
    """Paths of the package's files, those behind symbolic links under the link's own name."""
    package = PROJECT / "ckanext/cn_govdata"
    return {
        str(path.relative_to(PROJECT))
        for folder, _, names in walk(package)
        for path in (folder / name for name in names)
        if "__pycache__" not in path.parts and path.name != ".gitkeep"
    }


def walk(folder: Path):
    """As Path.walk, which Python has from 3.12."""
    entries = list(folder.iterdir())
    yield folder, None, [entry.name for entry in entries if entry.is_file()]
    for entry in entries:
        if entry.is_dir():
            yield from walk(entry)
