"""A private PostgreSQL: its data, its server, one database for the demo and one for tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tools.stack.command import run
from tools.stack.errors import StackError
from tools.stack.paths import INSTANCE
from tools.stack.process import Server, start
from tools.stack.state import HOST, State

NAME = "postgres"
USER = "ckan"
DEMO, TEST = "ckan_demo", "ckan_test"
# The account that Debian's package makes: PostgreSQL refuses to run as root.
SYSTEM_USER = "postgres"


def up(state: State) -> None:
    """Start the server and make both databases, whatever of it is missing."""
    data = _data_directory(state)
    if not (data / "PG_VERSION").exists():
        _initialise(data, state.secret(NAME))
    start(_server(state, data))
    for database in (DEMO, TEST):
        _create(state, database)
    # Tests empty their tables thousands of times; nothing in them outlives the run.
    _sql(state, f"ALTER DATABASE {TEST} SET synchronous_commit = off")


def url(state: State, database: str) -> str:
    """Return the SQLAlchemy address of a database."""
    return f"postgresql://{USER}:{state.secret(NAME)}@{HOST}:{state.port(NAME)}/{database}"


def remove(state: State) -> None:
    """Delete the data, wherever they lie."""
    if place := state.get("postgres.data"):
        shutil.rmtree(str(place), ignore_errors=True)


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian keeps them off the PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    if newest is None and (found := shutil.which("initdb")):
        newest = Path(found).resolve()
    return newest.parent if newest else None


def _server(state: State, data: Path) -> Server:
    port = state.port(NAME)
    settings = {
        "listen_addresses": HOST,
        "port": str(port),
        # Sockets' paths are limited to 107 bytes, which a project's folder may exceed.
        "unix_socket_directories": "",
        "shared_buffers": "256MB",
    }
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    binaries = _programs()
    return Server(
        name=NAME,
        command=[*_as_owner(), binaries / "postgres", "-D", data, *options],
        ready=lambda: _is_ready(binaries, port),
        # SIGINT is the fast shutdown: open connections are closed, not waited for.
        stop_signal=signal.SIGINT,
    )


def _is_ready(binaries: Path, port: int) -> bool:
    command = [binaries / "pg_isready", "-q", "-h", HOST, "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0


def _programs() -> Path:
    found = programs()
    if found is None:
        raise StackError("PostgreSQL's programs are not installed.")
    return found


def _as_owner() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={SYSTEM_USER}", f"--regid={SYSTEM_USER}", "--init-groups"]


def _data_directory(state: State) -> Path:
    """Return where the data lie: under .local where their owner can get there."""
    if remembered := state.get("postgres.data"):
        return Path(str(remembered))
    place = INSTANCE / "postgres"
    place.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        reachable = [*_as_owner(), "test", "-x", str(INSTANCE)]
        if subprocess.run(reachable, check=False, cwd="/").returncode != 0:
            place = Path(tempfile.mkdtemp(prefix="cn-govdata-postgres-", dir="/var/tmp"))
        owner = pwd.getpwnam(SYSTEM_USER)
        os.chown(place, owner.pw_uid, owner.pw_gid)
    place.chmod(0o700)
    state.set("postgres.data", str(place))
    return place


def _initialise(data: Path, password: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir="/tmp", prefix="cn-govdata-") as file:
        file.write(password)
        file.flush()
        if os.geteuid() == 0:
            os.chown(file.name, pwd.getpwnam(SYSTEM_USER).pw_uid, -1)
        run(
            [
                *_as_owner(),
                _programs() / "initdb",
                f"--pgdata={data}",
                f"--username={USER}",
                f"--pwfile={file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ],
            what="Creating the database cluster",
            cwd=Path("/"),
        )


def _create(state: State, database: str) -> None:
    exists = _sql(state, f"SELECT 1 FROM pg_database WHERE datname = '{database}'")
    if not exists.strip():
        _sql(state, f"CREATE DATABASE {database} ENCODING 'UTF8' TEMPLATE template0")


def _sql(state: State, statement: str) -> str:
    command = [_programs() / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
    target = ["-h", HOST, "-p", str(state.port(NAME)), "-U", USER, "-d", "postgres"]
    environment = {**os.environ, "PGPASSWORD": state.secret(NAME)}
    done = subprocess.run(
        [*command, *target, "-c", statement],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise StackError(f"PostgreSQL refused '{statement}': {done.stderr.strip()}")
    return done.stdout
