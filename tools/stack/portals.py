"""The replay portals of the demo: the project's own test servers, in the background."""

import json
from typing import Any

from tools.stack import environment
from tools.stack.paths import LOCAL, PORTALS, PROFILES
from tools.stack.process import Server, start

NAME = "portals"


def up() -> None:
    """Start the portals, on the ports that they had before."""
    start(_server())


def replayed() -> list[dict[str, Any]]:
    """Return the portals that run and whose platform family the project can harvest."""
    return [entry for entry in _entries() if (PROFILES / f"{entry['family']}.yaml").exists()]


def _server() -> Server:
    python = environment.python(environment.DEMO_RELEASE)
    # The same ports again after a restart: the sources in CKAN hold the addresses.
    ports = LOCAL / "portal-ports.json"
    return Server(
        name=NAME,
        command=[python, "-m", "tests.portals", "serve", "--ports-file", ports],
        output=PORTALS,
        ready=lambda: bool(_entries()),
        seconds=60,
    )


def _entries() -> list[dict[str, Any]]:
    try:
        return json.loads(PORTALS.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
