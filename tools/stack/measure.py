"""What is measured on the test servers: speeds, and how well a corpus is read and kept."""

from tools.stack import environment
from tools.stack.checks import test_servers
from tools.stack.command import run, show
from tools.stack.errors import StackError
from tools.stack.paths import TEST_INI


def bench(release: str, arguments: list[str]) -> None:
    """Run every benchmark on an empty test database.

    Raises:
        StackError: a benchmark failed.

    """
    command = ["-m", "benchmarks", "--ini", TEST_INI, *arguments]
    if _on_empty_servers(release, command) != 0:
        raise StackError("A benchmark failed: see above.")


def bench_large(release: str, arguments: list[str]) -> None:
    """Fill an empty test database with 350,000 datasets and measure the writer on it.

    Raises:
        StackError: a benchmark failed.

    """
    bench(release, ["--large", *arguments])


def bench_pages(release: str, arguments: list[str]) -> None:
    """Fill an empty test database to the size of the nation and measure its pages, twenty minutes.

    Raises:
        StackError: the benchmark failed.

    """
    command = ["-m", "benchmarks.pages", "--fill", "--ini", TEST_INI, *arguments]
    if _on_empty_servers(release, command) != 0:
        raise StackError("The benchmark of the pages failed: see above.")


def _on_empty_servers(release: str, arguments: list[str]) -> int:
    """Run Python with the test servers, their database and index made anew."""
    environment.build(release)
    ckan = [environment.program(release, "ckan"), "-c", TEST_INI]
    with test_servers() as addresses:
        run(
            [*ckan, "db", "clean", "--yes"],
            what="Emptying the test database",
            environment=addresses,
        )
        run([*ckan, "db", "init"], what="Making its tables", environment=addresses)
        apply = [*ckan, "db", "pending-migrations", "--apply"]
        run(apply, what="Making the plugins' tables", environment=addresses)
        run([*ckan, "search-index", "clear"], what="Emptying the index", environment=addresses)
        command = [environment.python(release), *arguments]
        return show(command, {**environment.caches(), **addresses})


def bench_national(release: str, portals: str, arguments: list[str]) -> None:
    """Harvest a nation of portals with workers, on an empty test database.

    Raises:
        StackError: records are missing, or index and database differ.

    """
    listed = ["--portals-file", portals] if portals else []
    command = ["-m", "benchmarks.national", "--ini", TEST_INI, *listed, *arguments]
    if _on_empty_servers(release, command) != 0:
        raise StackError("The nation was not harvested as it must be: see above.")


def survival(release: str, arguments: list[str]) -> None:
    """Kill workers and servers at random instants and write what became of it.

    Raises:
        StackError: something was lost.

    """
    environment.build(release)
    command = [environment.python(release), "-m", "tests.faults.survival", *arguments]
    if show(command, environment.caches()) != 0:
        raise StackError("Something did not survive: see above.")


def faults(release: str) -> None:
    """Provoke every fault on replay portals and write what the jobs reported.

    Raises:
        StackError: a fault came to another outcome than it must.

    """
    environment.build(release)
    if show([environment.python(release), "-m", "tests.faults"]) != 0:
        raise StackError("A fault came to another outcome than it must: see above.")


def fidelity(release: str, corpus: str) -> None:
    """Print what share of a corpus the cleaners map, then replay and harvest it portal by portal.

    Raises:
        StackError: no corpus was named, or a target was missed.

    """
    if not corpus:
        raise StackError("Name the folder of the records: make fidelity CORPUS=DIR")
    environment.build(release)
    python = environment.python(release)
    if show([python, "-m", "tests.fidelity.cleaners", corpus]) != 0:
        raise StackError("The records could not be read: see above.")
    if show([python, "-m", "tests.fidelity", corpus]) != 0:
        raise StackError("Not every portal was harvested faithfully: see above.")


def obligations(release: str, corpus: str) -> None:
    """Judge a corpus at every administrative level by the site's own schema. Writes nothing.

    Raises:
        StackError: no corpus was named, or the job failed.

    """
    if not corpus:
        raise StackError("Name the folder of the records: make obligations CORPUS=DIR")
    environment.build(release)
    command = [environment.python(release), "-m", "tests.fidelity.obligations", corpus]
    with test_servers() as addresses:
        if show([*command, "--ini", TEST_INI], {**environment.caches(), **addresses}) != 0:
            raise StackError("The records could not be judged: see above.")


def described(release: str, corpus: str) -> None:
    """Describe a corpus in RDF, read it back, validate it and count its quality points.

    Raises:
        StackError: no corpus was named, something differed, or does not conform.

    """
    if not corpus:
        raise StackError("Name the folder of the records: make described CORPUS=DIR")
    environment.build(release)
    if show([environment.python(release), "-m", "tests.fidelity.described", corpus]) != 0:
        raise StackError("Not every description is right: see above.")


def round_trip(release: str, corpus: str) -> None:
    """Send 5,000 records of a corpus through the reporting workbook and back.

    Raises:
        StackError: no corpus was named, or something differed.

    """
    if not corpus:
        raise StackError("Name the folder of the records: make round-trip CORPUS=DIR")
    command = ["-m", "tests.fidelity.round_trip", corpus, "--ini", TEST_INI]
    if _on_empty_servers(release, command) != 0:
        raise StackError("The workbook does not give back what it was given: see above.")
