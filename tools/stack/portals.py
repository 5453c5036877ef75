"""The replay portals of the demo: the project's own test servers, in the background."""

import json

from tools.stack import environment
from tools.stack.paths import LOCAL, PORTALS
from tools.stack.process import Server, start

NAME = "portals"
# Seven cities of two platform families: 6,874 datasets, harvested in a minute or two.
DEMO = ("451000", "451300", "341300", "341500", "520300", "520500", "522700")


def up() -> None:
    """Start the portals, on the ports that they had before; they list themselves in PORTALS."""
    start(_server())


def _server() -> Server:
    python = environment.python(environment.DEMO_RELEASE)
    # The sources in CKAN hold the addresses, so the ports must stay.
    ports = LOCAL / "portal-ports.json"
    chosen = ["--portals", ",".join(DEMO), "--ports-file", ports]
    return Server(
        name=NAME,
        command=[python, "-m", "tests.portals", "serve", *chosen],
        output=PORTALS,
        ready=_is_ready,
    )


def _is_ready() -> bool:
    try:
        return len(json.loads(PORTALS.read_text(encoding="utf-8"))) == len(DEMO)
    except (FileNotFoundError, ValueError):
        return False
