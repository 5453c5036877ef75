"""A private Solr 9, run from its published Java libraries: one core for the demo, one for tests."""

import shutil

from tools.stack.command import run
from tools.stack.errors import StackError
from tools.stack.http import answers
from tools.stack.java import java
from tools.stack.paths import CACHE, CONFIGSET, INSTANCE, LOCAL, LOG, SOLR_SOURCES
from tools.stack.process import Server, is_running, start
from tools.stack.state import HOST, State

NAME = "solr"
DEMO, TEST = "ckan", "ckan_test"

HOME = INSTANCE / "solr/home"
LIBRARIES = LOCAL / "solr/lib"
# The state's note that the demo's index lacks what the database holds.
REINDEX = "solr.reindex"
# Written last, so that a broken download is never taken for a whole one.
COMPLETE = LIBRARIES / ".complete"


def up(state: State) -> None:
    """Fetch what is missing, lay out the cores and start the server."""
    if not is_running(NAME):
        fetch_libraries()
        for core in (DEMO, TEST):
            if lay_out(core) and core == DEMO:
                state.set(REINDEX, 1)
    start(_server(state))


def url(state: State, core: str) -> str:
    """Return the address of a core."""
    return f"http://{HOST}:{state.port(NAME)}/solr/{core}"


def has_libraries() -> bool:
    """Tell whether the Java libraries named by the pom are there."""
    return COMPLETE.exists() and COMPLETE.read_text() == _pom()


def fetch_libraries() -> None:
    """Copy Solr's libraries from the Maven registry that this machine's Maven knows."""
    if has_libraries():
        return
    maven = shutil.which("mvn")
    if maven is None:
        raise StackError("Maven (mvn) is not installed; it fetches Solr's libraries.")
    shutil.rmtree(LIBRARIES, ignore_errors=True)
    run(
        [
            maven,
            "--batch-mode",
            "--quiet",
            f"--file={SOLR_SOURCES / 'pom.xml'}",
            f"-Dmaven.repo.local={CACHE / 'maven'}",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={LIBRARIES}",
            "dependency:copy-dependencies",
        ],
        what="Fetching Solr's libraries",
    )
    COMPLETE.write_text(_pom())


def lay_out(core: str) -> bool:
    """Write a core's folder; its configuration is the project's, anew at each start.

    An index written under another schema is dropped, since Solr would refuse or misread it.
    Return whether the core begins empty.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "solr.xml").write_text("<solr/>\n", encoding="utf-8")
    folder = HOME / core
    schema = folder / "conf/schema.xml"
    current = CONFIGSET / "schema.xml"
    empty = not schema.exists() or schema.read_bytes() != current.read_bytes()
    if empty:
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(CONFIGSET, folder / "conf", dirs_exist_ok=True)
    (folder / "core.properties").write_text(f"name={core}\n", encoding="utf-8")
    return empty


def _server(state: State) -> Server:
    port = state.port(NAME)
    return Server(
        name=NAME,
        command=[
            java(),
            "-Xms256m",
            "-Xmx768m",
            f"-Dsolr.solr.home={HOME}",
            f"-Dsolr.log.dir={LOG}",
            "-cp",
            f"{LIBRARIES}/*",
            # Run from source: no compiled class to keep in step.
            SOLR_SOURCES / "SolrServer.java",
            HOST,
            str(port),
        ],
        ready=lambda: all(
            answers(f"{url(state, core)}/select?q=*:*&rows=0") for core in (DEMO, TEST)
        ),
        seconds=120,
    )


def _pom() -> str:
    return (SOLR_SOURCES / "pom.xml").read_text(encoding="utf-8")
