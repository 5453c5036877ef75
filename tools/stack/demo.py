"""`make demo`: from nothing to a catalogue of real records that answers on an address."""

import json
import time
from typing import Any

from tools.stack import ckan, environment, portals, postgres, redis, servers, solr
from tools.stack.command import relay
from tools.stack.errors import StackError
from tools.stack.paths import DEMO_INI, DEMO_REPORT, PORTALS
from tools.stack.screen import say
from tools.stack.state import State, locked


def demo() -> None:
    """Start everything, harvest the replay portals, and say what to look at."""
    began = time.monotonic()
    with locked():
        state = State()
        start(state)
        say(f"The site answers at {ckan.url(state)} ({time.monotonic() - began:.0f} s)")
        portals.up()
        result = _load()
        _report(state, result)
    _invite(state, result)


def start(state: State) -> None:
    """Build the environment and start the servers up to CKAN's pages."""
    environment.build(environment.DEMO_RELEASE)
    servers.up(state)
    ckan.up(state)


def _load() -> dict[str, Any]:
    load = ckan.command("cn-govdata", "demo", "load", "--portals", str(PORTALS))
    code, summary = relay(load)
    if not summary:
        raise StackError(f"The harvest of the demo failed (exit code {code}): see above.")
    if code != 0:
        raise StackError("Not every portal of the demo was harvested well: see above.")
    result: dict[str, Any] = json.loads(summary)
    return result


def _report(state: State, result: dict[str, Any]) -> None:
    """Write down what other programs need to work with the demo."""
    report = {
        "site_url": ckan.url(state),
        "api_token": state.get(ckan.TOKEN),
        "ckan_ini": str(DEMO_INI),
        "python": str(environment.python(environment.DEMO_RELEASE)),
        "solr_url": solr.url(state, solr.DEMO),
        "database_url": postgres.url(state, postgres.DEMO),
        "redis_url": redis.url(state, redis.DEMO),
        "datasets": result["datasets"],
    }
    DEMO_REPORT.touch(mode=0o600)
    DEMO_REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _invite(state: State, result: dict[str, Any]) -> None:
    say(f"\n{result['datasets']} datasets at {ckan.url(state)}")
    say(f"Log in as '{ckan.ADMIN}' with the password '{ckan.password(state)}'.")
    say("The servers go on in the background: 'make stop' ends them.")
