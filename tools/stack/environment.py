"""Virtual environments from pinned versions: one for each CKAN release, one for linting.

The linters have their own because CKAN pins some of them, at versions years old.
"""

import hashlib
import os
import sys
from pathlib import Path

from tools.stack import debian
from tools.stack.command import run
from tools.stack.errors import StackError
from tools.stack.paths import CACHE, CONSTRAINTS, LOCAL, PROJECT

RELEASES = ("2.12", "2.11")
DEMO_RELEASE = RELEASES[0]
LINT = "lint"
# The oldest that the project supports; the pins must suit it too.
OLDEST_PYTHON = "3.11"


def python(environment: str) -> Path:
    """Return the Python of an environment, which bears the name of its CKAN release."""
    return program(environment, "python")


def program(environment: str, name: str) -> Path:
    """Return a program of an environment."""
    return LOCAL / f"venv-{environment}/bin/{name}"


def build(environment: str) -> None:
    """Make a virtual environment unless it is there and up to date.

    Raises:
        StackError: the name is not a supported one, or a step failed.

    """
    if environment not in (*RELEASES, LINT):
        raise StackError(f"CKAN={environment} is not one of {', '.join(RELEASES)}.")
    folder = LOCAL / f"venv-{environment}"
    # Written last: a broken installation has none and is made anew.
    stamp = folder / ".complete"
    fingerprint = _fingerprint(environment)
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    debian.ensure(debian.PYTHON)
    what = f"Virtual environment {environment}"
    run([sys.executable, "-m", "venv", "--clear", folder], what=what)
    lock = _lock(environment)
    pip = [python(environment), "-m", "pip", "install", "--quiet", "--constraint", lock, "uv"]
    run(pip, what=f"{what}: installer", environment=caches())
    install = [program(environment, "uv"), "pip", "install", "--python", python(environment)]
    run([*install, "--requirement", lock], what=f"{what}: packages", environment=caches())
    own = ["--no-deps", "--editable", PROJECT]
    run([*install, *own], what=f"{what}: this project", environment=caches())
    stamp.write_text(fingerprint)


def pin(environment: str) -> None:
    """Choose the newest versions that an environment's own pins admit, and write them down."""
    lock = _lock(environment)
    build(environment)
    command = [program(environment, "uv"), "pip", "compile", "--quiet", "--upgrade"]
    command += ["--universal", "--python-version", OLDEST_PYTHON]
    # Where the packages come from is the business of each machine.
    command += ["--no-emit-index-url", "--no-header", "--no-annotate", "--output-file", lock]
    for extra in ("lint",) if environment == LINT else ("ckan", "test"):
        command += ["--extra", extra]
    command += [lock.with_suffix(".in"), PROJECT / "pyproject.toml"]
    run(command, what=f"Pinning {lock.name}", environment=caches())


def _lock(environment: str) -> Path:
    name = environment if environment == LINT else f"ckan-{environment}"
    return CONSTRAINTS / f"{name}.txt"


def caches() -> dict[str, str]:
    """Return settings that keep downloads inside the project: there may be no home folder."""
    ours = {"UV_CACHE_DIR": CACHE / "uv", "PIP_CACHE_DIR": CACHE / "pip"}
    return {name: os.environ.get(name, str(place)) for name, place in ours.items()}


def _fingerprint(environment: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in (_lock(environment), PROJECT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()
