"""The Debian packages that the servers and the virtual environment need."""

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.stack import java, postgres, solr
from tools.stack.command import capture, run
from tools.stack.errors import StackError


@dataclass(frozen=True)
class Need:
    """Something the system must have, how to see that it is there, and who brings it.

    Of several packages the first that the system offers is installed.
    """

    what: str
    present: Callable[[], bool]
    packages: tuple[str, ...]


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _file(path: str) -> Callable[[], bool]:
    return lambda: Path(path).exists()


PYTHON = (
    Need("venv", lambda: importlib.util.find_spec("ensurepip") is not None, ("python3-venv",)),
    # psycopg2 is compiled: CKAN pins the variant without binaries.
    Need("C compiler", _program("gcc"), ("gcc",)),
    Need("libpq headers", _file("/usr/include/postgresql/libpq-fe.h"), ("libpq-dev",)),
    Need(
        "Python headers",
        _file(f"{sysconfig.get_paths()['include']}/Python.h"),
        ("python3-dev",),
    ),
    Need("C headers", _file("/usr/include/stdio.h"), ("libc6-dev",)),
    Need("libmagic", lambda: ctypes.util.find_library("magic") is not None, ("libmagic1",)),
)

SERVERS = (
    Need("PostgreSQL", lambda: postgres.programs() is not None, ("postgresql",)),
    Need("Redis", _program("redis-server"), ("redis-server",)),
    Need(
        f"Java {java.OLDEST} or later",
        lambda: java.find() is not None,
        ("openjdk-17-jre-headless", "openjdk-21-jre-headless", "default-jre-headless"),
    ),
    Need("Maven", lambda: solr.has_libraries() or _program("mvn")(), ("maven",)),
)

# For the tests in a browser; without fonts Chinese is a row of boxes.
BROWSER = (
    Need("Chromium", _program("chromium"), ("chromium", "chromium-browser")),
    Need(
        "Chinese fonts",
        lambda: bool(capture(["fc-list", ":lang=zh-cn", "family"]).strip()),
        ("fonts-noto-cjk", "fonts-wqy-microhei"),
    ),
)


def ensure(needs: tuple[Need, ...]) -> None:
    """Install what is missing.

    Raises:
        StackError: something is missing and cannot be installed; the message names the packages.

    """
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    _install(missing)
    if still := [need.what for need in missing if not need.present()]:
        raise StackError(f"Installed, but still not found: {', '.join(still)}.")


def _install(missing: list[Need]) -> None:
    if shutil.which("apt-get") is None:
        raise StackError(f"This needs {', '.join(need.what for need in missing)}: install them.")
    prefix = _as_root()
    if prefix is None:
        names = " ".join(need.packages[0] for need in missing)
        raise StackError(
            "Packages are missing, and this is neither root nor a user with sudo.\n"
            f"Let an administrator run: apt-get install {names}"
        )
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    if any(_offered(need) is None for need in missing):
        _update(apt)
    names = [_offered(need) or need.packages[0] for need in missing]
    install = [*apt, "install", "--no-install-recommends", *names]
    what = f"Installing {', '.join(names)}"
    try:
        run(install, what=what, own_session=False)
    except StackError:
        # The list may name packages that the archive has replaced since.
        _update(apt)
        run(install, what=what, own_session=False)


def _update(apt: list[str]) -> None:
    # sudo remembers a password for the terminal's session only, hence the same session.
    run([*apt, "update"], what="Reading the list of Debian packages", own_session=False)


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    # In a terminal sudo asks for the password now: later programs run without one.
    quiet = [] if os.isatty(0) else ["-n"]
    allowed = subprocess.run(["sudo", *quiet, "-v"], check=False, capture_output=not os.isatty(0))
    return ["sudo", "-n"] if allowed.returncode == 0 else None


def _offered(need: Need) -> str | None:
    """Return the first of the packages that the system's lists have."""
    for name in need.packages:
        policy = capture(["apt-cache", "policy", name], {"LC_ALL": "C"})
        if "Candidate:" in policy and "Candidate: (none)" not in policy:
            return name
    return None
