"""The Java that runs Solr."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tools.stack.errors import StackError

# Solr 9.10 asks for 11; this combination of libraries is tried with 17 and later.
OLDEST = 17


def java() -> Path:
    """Return a Java runtime that is new enough.

    Raises:
        StackError: there is none.

    """
    found = find()
    if found is None:
        raise StackError(f"No Java {OLDEST} or later is installed.")
    return found


def find() -> Path | None:
    """Return a Java runtime that is new enough and runs programs from source, None without."""
    first = shutil.which("java")
    others = sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    for candidate in ([Path(first)] if first else []) + others:
        if _version(candidate) >= OLDEST and _compiles(candidate):
            return candidate
    return None


@cache
def _version(program: Path) -> int:
    done = subprocess.run([program, "-version"], check=False, capture_output=True, text=True)
    match = re.search(r'version "(\d+)', done.stderr)
    return int(match.group(1)) if match else 0


@cache
def _compiles(program: Path) -> bool:
    """Tell whether the runtime has the compiler that its source launcher needs."""
    command = [program, "--list-modules"]
    modules = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    return "jdk.compiler" in modules
