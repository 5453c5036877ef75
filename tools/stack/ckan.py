"""The demo's CKAN: its configuration, database, administrator, web server and harvest worker."""

from pathlib import Path
from string import Template

from tools.stack import environment, postgres, process, redis, solr
from tools.stack.command import capture, run
from tools.stack.http import answers
from tools.stack.paths import DEMO_INI, LOCAL
from tools.stack.process import Server
from tools.stack.state import HOST, State

NAME = "ckan"
WORKER = "worker"  # does the harvest jobs that are started on pages
ADMIN = "admin"
TEMPLATE = Path(__file__).with_name("ckan.ini.template")
TOKEN = "ckan.token"


def up(state: State) -> None:
    """Write the configuration, bring the database up to date, start web server and worker."""
    _configure(state)
    if process.is_running(NAME):
        process.start(_worker())
        return
    run(command("db", "upgrade"), what="CKAN's tables")
    if state.get(TOKEN) is None:
        state.set(TOKEN, _administrator(state))
    if state.get(solr.REINDEX):
        run(command("search-index", "rebuild", "--force"), what="CKAN's search index")
        state.set(solr.REINDEX, 0)
    process.start(_server(state))
    process.start(_worker())


def command(*arguments: str) -> list[str | Path]:
    """Return the command line of CKAN's own command."""
    program = environment.program(environment.DEMO_RELEASE, "ckan")
    return [program, "-c", DEMO_INI, *arguments]


def url(state: State) -> str:
    """Return the address of the site."""
    return f"http://{HOST}:{state.port(NAME)}"


def password(state: State) -> str:
    """Return the administrator's password."""
    return state.secret(ADMIN)


def _configure(state: State) -> None:
    """Write the configuration; a CKAN that runs with another one is stopped."""
    if not process.is_running(NAME):
        state.ensure_free_port(NAME)
    values = {
        "secret_key": state.secret("ckan"),
        "database_url": postgres.url(state, postgres.DEMO),
        "solr_url": solr.url(state, solr.DEMO),
        "redis_url": redis.url(state, redis.DEMO),
        "storage_path": LOCAL / "storage",
        "site_url": url(state),
        "templates": TEMPLATE.with_name("templates"),
    }
    wanted = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)
    if DEMO_INI.exists() and DEMO_INI.read_text(encoding="utf-8") == wanted:
        return
    for name in (WORKER, NAME):
        process.stop(name)
    # It holds secrets.
    DEMO_INI.touch(mode=0o600)
    DEMO_INI.write_text(wanted, encoding="utf-8")


def _administrator(state: State) -> str:
    """Make the system administrator and return a token for the API."""
    users = capture(command("user", "list"))
    if f"name={ADMIN}" not in users:
        mail = f"email={ADMIN}@cn-govdata.local"
        capture(command("user", "add", ADMIN, mail, f"password={password(state)}"))
        capture(command("sysadmin", "add", ADMIN))
    return capture(command("user", "token", "add", "-q", ADMIN, "demo")).split()[-1]


def _server(state: State) -> Server:
    gunicorn = environment.program(environment.DEMO_RELEASE, "gunicorn")
    address = f"{HOST}:{state.port(NAME)}"
    # Two processes, so that one slow page does not hold up the others.
    workers = ["--workers", "2", "--threads", "4", "--timeout", "120"]
    return Server(
        name=NAME,
        command=[gunicorn, "--bind", address, *workers, "tools.stack.wsgi:application"],
        environment={"CKAN_INI": str(DEMO_INI)},
        ready=lambda: answers(f"{url(state)}/", seconds=60),
        seconds=90,
    )


def _worker() -> Server:
    return Server(
        name=WORKER,
        command=command("cn-govdata", "harvest", "worker"),
        ready=lambda: True,  # it listens nowhere; jobs wait until it is there
        seconds=30,
    )
