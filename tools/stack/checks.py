"""`make lint`, `make test`, `make smoke`, `make same`, `make browser`, `make screenshots`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.stack import ckan, debian, environment, process, servers
from tools.stack.command import Command, show
from tools.stack.errors import StackError
from tools.stack.paths import LOCAL, PROJECT, TEST_INI
from tools.stack.screen import say
from tools.stack.state import State, locked

TESTS = PROJECT / "tests"
# Named, since without git nothing tells ruff to leave .local alone.
SOURCES = ("ckanext", "tests", "tools", "benchmarks", "setup.py")
# The rooms that are tested in CKAN; all other tests must pass without it.
IN_CKAN = ("schema", "store", "search", "harvest", "workbook", "dcat", "quality", "site")
# Tested in a browser, on a CKAN that is served.
IN_BROWSER = "browser"
LIVES = TESTS / "store" / "test_same_life.py"
SCREENSHOTS = LOCAL / "screenshots"


def lint() -> None:
    """Check style, format, types and the direction of imports.

    Raises:
        StackError: a check failed; it names all that did.

    """
    environment.build(environment.LINT)
    steps: dict[str, Command] = {
        "ruff check": ["ruff", "check", *SOURCES],
        "ruff format": ["ruff", "format", "--check", *SOURCES],
        "mypy": ["mypy"],
        "import-linter": ["lint-imports"],
    }
    failed = []
    for name, (program, *arguments) in steps.items():
        say(f"\n== {name}")
        if show([environment.program(environment.LINT, program), *arguments]) != 0:
            failed.append(name)
    if failed:
        raise StackError(f"These checks failed: {', '.join(failed)}.")


def test(release: str, arguments: list[str]) -> None:
    """Run all tests: those that need no server, those of CKAN, those in a browser.

    Raises:
        StackError: a test failed.

    """
    environment.build(release)
    say("\n== tests without CKAN")
    _pytest(release, ["-p", "no:ckan", *_rooms(in_ckan=False), *arguments])
    _test_in_ckan(release, arguments)
    browser(release, arguments)


def browser(release: str, arguments: list[str]) -> None:
    """Run the tests in a browser.

    Raises:
        StackError: a test failed.

    """
    debian.ensure(debian.BROWSER)
    environment.build(release)
    with test_servers() as addresses:
        say(f"\n== tests in a browser, CKAN {release}")
        _pytest(release, [f"--ckan-ini={TEST_INI}", TESTS / IN_BROWSER, *arguments], addresses)


def screenshots(release: str) -> None:
    """Take pictures of every page, in Chinese and English, for a desktop and a phone.

    Raises:
        StackError: a page could not be shown.

    """
    browser(release, ["-k", "picture", f"--screenshots={SCREENSHOTS}"])
    say(f"Pictures are in {SCREENSHOTS}")


def smoke(release: str, arguments: list[str]) -> None:
    """Run the tests marked as smoke tests.

    Raises:
        StackError: a test failed.

    """
    environment.build(release)
    _test_in_ckan(release, ["-m", "smoke", *arguments])


def same(release: str, arguments: list[str]) -> None:
    """Compare the life of 1,000 datasets through batches and through CKAN's actions.

    Raises:
        StackError: they differ.

    """
    environment.build(release)
    with test_servers() as addresses:
        environ = {"SAME_RECORDS": "1000", **os.environ, **addresses}
        _pytest(release, [f"--ckan-ini={TEST_INI}", LIVES, "-s", *arguments], environ)


def _test_in_ckan(release: str, arguments: list[str]) -> None:
    rooms = _rooms(in_ckan=True)
    if not rooms:
        return
    with test_servers() as addresses:
        say(f"\n== tests in CKAN {release}")
        _pytest(release, [f"--ckan-ini={TEST_INI}", *rooms, *arguments], addresses)


@contextmanager
def test_servers() -> Iterator[dict[str, str]]:
    """Start the servers with the test database; end those that did not run before.

    One user at a time: two runs at once would empty each other's tables.
    """
    with locked("test.lock"):
        before = process.running()
        try:
            with locked():
                state = State()
                servers.up(state)
            yield servers.test_addresses(state)
        finally:
            _stop_all_but(before)


def _stop_all_but(before: list[str]) -> None:
    """Stop what was started here, unless a demo was begun on it meanwhile."""
    with locked():
        if not process.is_running(ckan.NAME):
            servers.stop(tuple(name for name in servers.ORDER if name not in before))


def _rooms(*, in_ckan: bool) -> list[Path]:
    """Return the folders of tests of one kind; those in a browser are neither."""
    folders = sorted({path.parent for path in TESTS.rglob("test_*.py")})
    rooms = {folder: folder.relative_to(TESTS).parts[0] for folder in folders}
    return [
        folder
        for folder, room in rooms.items()
        if room != IN_BROWSER and (room in IN_CKAN) == in_ckan
    ]


def _pytest(
    release: str, arguments: list[str | Path], environ: Mapping[str, str] | None = None
) -> None:
    command = [environment.python(release), "-m", "pytest", *arguments]
    if show(command, {**environment.caches(), **(environ or {})}) != 0:
        raise StackError(f"Tests failed on CKAN {release}.")
