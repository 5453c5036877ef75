"""Command line of the project's own servers and checks: see `make help`."""

import argparse
import shlex
import shutil
import signal
import sys
from types import FrameType

from tools.stack import ckan, demo, environment, measure, postgres, process, servers
from tools.stack.checks import browser, lint, same, screenshots, smoke, test
from tools.stack.errors import StackError
from tools.stack.paths import LOCAL
from tools.stack.screen import complain, say
from tools.stack.state import State, locked

OVER_A_CORPUS = {
    "described": measure.described,
    "fidelity": measure.fidelity,
    "obligations": measure.obligations,
    "round-trip": measure.round_trip,
}


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


def pin() -> None:
    """Choose the newest versions that the pins of each environment admit."""
    for name in (*environment.RELEASES, environment.LINT):
        environment.pin(name)


def lint_and_test(release: str, arguments: list[str]) -> None:
    """Lint, then run all tests."""
    lint()
    test(release, arguments)


def _run(arguments: argparse.Namespace) -> None:
    target, release = arguments.target, arguments.ckan
    plain = {"demo": demo.demo, "site": site, "up": up, "stop": stop, "clean": clean}
    plain |= {"status": status, "lint": lint, "pin": pin}
    of_release = {"venv": environment.build, "screenshots": screenshots, "faults": measure.faults}
    with_pytest = {
        "smoke": smoke,
        "same": same,
        "browser": browser,
        "bench": measure.bench,
        "bench-large": measure.bench_large,
        "survival": measure.survival,
        "bench-pages": measure.bench_pages,
        "test": lint_and_test,
    }
    if target in plain:
        plain[target]()
    elif target in of_release:
        of_release[target](release)
    elif target == "bench-national":
        measure.bench_national(release, arguments.portals, shlex.split(arguments.pytest))
    elif target in with_pytest:
        with_pytest[target](release, shlex.split(arguments.pytest))
    else:
        OVER_A_CORPUS[target](release, arguments.corpus)


def _arguments() -> argparse.Namespace:
    targets = ("demo", "site", "up", "stop", "clean", "status", "venv", "pin", "lint")
    more = ("test", "smoke", "same", "browser", "screenshots")
    measured = ("bench", "bench-large", "bench-national", "bench-pages", "faults", "survival")
    parser = argparse.ArgumentParser(prog="python3 -m tools.stack", description=__doc__)
    parser.add_argument("target", choices=(*targets, *more, *measured, *OVER_A_CORPUS))
    parser.add_argument("--ckan", default=environment.DEMO_RELEASE, help="CKAN release")
    parser.add_argument("--pytest", default="", help="more arguments for pytest, in one word")
    parser.add_argument(
        "--corpus", default="", help=f"folder of *.jsonl.gz for {', '.join(OVER_A_CORPUS)}"
    )
    parser.add_argument("--portals", default="", help="JSON list of portals for bench-national")
    return parser.parse_args()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
