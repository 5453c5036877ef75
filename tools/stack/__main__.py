"""Command line of the project's own servers and checks: see `make help`."""

import argparse
import shlex
import shutil
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

from tools.stack import ckan, demo, environment, measure, postgres, process, servers
from tools.stack.checks import browser, lint, screenshots, smoke, test
from tools.stack.errors import StackError
from tools.stack.paths import LOCAL
from tools.stack.screen import complain, say
from tools.stack.state import State, locked

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> int:
    """Run one target; return 0 only if all went well."""
    arguments = _arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        _run(arguments)
    except StackError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        # A second Ctrl-C must not leave the half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        complain("Interrupted.")
        if arguments.target in {"demo", "up", "site"}:
            stop()
        return 130
    return 0


def stop() -> None:
    """Stop every server of this copy."""
    stopped = servers.stop()
    say(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running.")


def clean() -> None:
    """Stop the servers and delete all that was ever made, the demo's data included."""
    stop()
    with locked():
        postgres.remove(State())
        shutil.rmtree(LOCAL)


def up() -> None:
    """Start PostgreSQL, Redis and Solr, and print the addresses for tests."""
    with locked():
        state = State()
        servers.up(state)
    for name, value in servers.test_addresses(state).items():
        say(f"export {name}={shlex.quote(value)}")


def site() -> None:
    """Start everything up to CKAN's pages, without harvesting."""
    with locked():
        state = State()
        demo.start(state)
    say(f"The site answers at {ckan.url(state)}")


def status() -> None:
    """List the servers that run."""
    names = process.running()
    say(f"Running: {', '.join(names)}" if names else "Nothing is running.")


def _run(arguments: argparse.Namespace) -> None:
    release, words = arguments.ckan, shlex.split(arguments.pytest)
    targets: dict[str, Callable[[], None]] = {
        "demo": demo.demo,
        "site": site,
        "up": up,
        "stop": stop,
        "clean": clean,
        "status": status,
        "pin": _pin,
        "venv": lambda: environment.build(release),
        "lint": lint,
        "smoke": lambda: smoke(release, words),
        "browser": lambda: browser(release, words),
        "screenshots": lambda: screenshots(release),
        "bench": lambda: measure.bench(release, words),
        "fidelity": lambda: measure.fidelity(release, arguments.corpus),
        "test": lambda: _test(release, words),
    }
    targets[arguments.target]()


def _pin() -> None:
    for name in (*environment.RELEASES, environment.LINT):
        environment.pin(name)


def _test(release: str, words: list[str]) -> None:
    lint()
    test(release, words)


def _arguments() -> argparse.Namespace:
    targets = ("demo", "site", "up", "stop", "clean", "status", "venv", "pin", "lint")
    more = ("test", "smoke", "browser", "screenshots", "bench", "fidelity")
    parser = argparse.ArgumentParser(prog="python3 -m tools.stack", description=__doc__)
    parser.add_argument("target", choices=(*targets, *more))
    parser.add_argument("--ckan", default=environment.DEMO_RELEASE, help="CKAN release")
    parser.add_argument("--pytest", default="", help="more arguments for pytest, in one word")
    parser.add_argument("--corpus", default="", help="folder of *.jsonl.gz for fidelity")
    return parser.parse_args()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
