"""Background servers: started in sessions of their own, found again by pid and start time."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.stack.errors import StackError
from tools.stack.paths import LOG, PROJECT, RUN

TAIL_LINES = 25
STOP_SECONDS = 30.0


@dataclass(frozen=True)
class Server:
    """How one server is started, asked whether it is ready, and stopped."""

    name: str
    command: Sequence[str | Path]
    ready: Callable[[], bool]
    seconds: float = 60.0
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    output: Path | None = None

    @property
    def log(self) -> Path:
        """The file that takes what the server prints."""
        return LOG / f"{self.name}.log"


def start(server: Server) -> bool:
    """Start a server and wait until it is ready; False when it ran already.

    Raises:
        StackError: it ended or was not ready in time; the message has the end of its log.

    """
    if is_running(server.name):
        _wait(server, server.log.stat().st_size if server.log.exists() else 0)
        return False
    LOG.mkdir(parents=True, exist_ok=True)
    with server.log.open("ab") as log:
        began = log.tell()
        output = server.output.open("wb") if server.output else log
        with output:
            process = subprocess.Popen(
                [str(part) for part in server.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                cwd=PROJECT,
                env={**os.environ, **server.environment},
                start_new_session=True,
            )
    _remember(server, process.pid)
    try:
        _wait(server, began)
    except BaseException:
        stop(server.name)
        process.wait()
        raise
    return True


def stop(name: str) -> bool:
    """Stop a server and whatever it started; False when it did not run."""
    record = _record(name)
    if record is None:
        return False
    pid, running = record["pid"], _started(record["pid"]) == record["started"]
    if running:
        os.kill(pid, record["stop_signal"])
        _until(lambda: _started(pid) != record["started"], STOP_SECONDS)
        # Workers that outlive their parent are still in its group.
        _kill_group(pid)
    (RUN / f"{name}.json").unlink(missing_ok=True)
    return running


def is_running(name: str) -> bool:
    """Tell whether the server that was started under this name is alive."""
    record = _record(name)
    return record is not None and _started(record["pid"]) == record["started"]


def pid(name: str) -> int | None:
    """Return the process id of a server that is alive."""
    record = _record(name)
    return record["pid"] if record and is_running(name) else None


def running() -> list[str]:
    """Return the names of all servers that are alive."""
    return sorted(path.stem for path in RUN.glob("*.json") if is_running(path.stem))


def tail(path: Path, begin: int = 0, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, nothing before the byte `begin`."""
    with path.open("rb") as file:
        file.seek(begin)
        text = file.read().decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-lines:])


def _wait(server: Server, began: int) -> None:
    end = time.monotonic() + server.seconds
    while not server.ready():
        alive = is_running(server.name)
        if alive and time.monotonic() < end:
            time.sleep(0.1)
            continue
        what = f"was not ready after {server.seconds:.0f} s" if alive else "ended at once"
        raise StackError(
            f"{server.name} {what}. The end of {server.log}:\n\n{tail(server.log, began)}\n\n"
            f"Remove the cause and call again; 'make stop' first clears what is half started, "
            f"'make clean' begins anew (the demo's data are lost)."
        )


def _remember(server: Server, pid: int) -> None:
    RUN.mkdir(parents=True, exist_ok=True)
    record = {"pid": pid, "started": _started(pid), "stop_signal": int(server.stop_signal)}
    (RUN / f"{server.name}.json").write_text(json.dumps(record), encoding="utf-8")


def _record(name: str) -> dict | None:
    try:
        return json.loads((RUN / f"{name}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _started(pid: int) -> str | None:
    """Name the start of a live process: boot and clock tick, never the same twice."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field is the program's name in brackets, which may hold anything.
    fields = stat.rpartition(")")[2].split()
    state, threads, tick = fields[0], int(fields[17]), fields[19]
    # Its first thread may be dead while others still hold the server's port.
    if state in "ZX" and threads <= 1:
        return None
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{tick}"


def _until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
