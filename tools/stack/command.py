"""Programs that run to their end in the foreground."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tools.stack.errors import StackError
from tools.stack.paths import LOG, PROJECT
from tools.stack.process import tail
from tools.stack.screen import say

Command = Sequence[str | Path]


def run(
    command: Command,
    *,
    what: str,
    environment: Mapping[str, str] | None = None,
    cwd: Path = PROJECT,
    own_session: bool = True,
) -> None:
    """Run a program, its output to a log; say what it does and how long it took.

    In a session of its own, an interruption ends all that the program started.

    Raises:
        StackError: it failed; the message has the end of its output.

    """
    LOG.mkdir(parents=True, exist_ok=True)
    log = LOG / "commands.log"
    say(f"{what} …")
    began = time.monotonic()
    with log.open("ab") as output:
        offset = output.tell()
        code = _complete(
            _start(command, environment, cwd=cwd, output=output, own_session=own_session)
        )
    if code != 0:
        raise StackError(
            f"{what} failed (exit code {code}). The end of {log}:\n\n{tail(log, offset)}"
        )
    say(f"{what}: {time.monotonic() - began:.0f} s")


def show(command: Command, environment: Mapping[str, str] | None = None) -> int:
    """Run a program that prints to the screen; return its exit code."""
    return _complete(_start(command, environment))


def relay(command: Command, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a program that ends with a line of JSON; show the rest, return exit code and JSON."""
    process = _start(command, environment, output=subprocess.PIPE, errors=None)
    held = ""
    try:
        for line in process.stdout or ():
            if held:
                say(held)
            held = line.decode("utf-8", "replace").rstrip("\n")
            if not held.startswith("{"):
                say(held)
                held = ""
    except BaseException:
        _kill(process)
        raise
    return _complete(process), held


def capture(command: Command, environment: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it prints.

    Raises:
        StackError: it failed.

    """
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode != 0:
        raise StackError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _start(
    command: Command,
    environment: Mapping[str, str] | None,
    *,
    cwd: Path = PROJECT,
    output: IO[bytes] | int | None = None,
    errors: int | None = subprocess.STDOUT,
    own_session: bool = True,
) -> subprocess.Popen:
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors if output else None,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        start_new_session=own_session,
    )


def _complete(process: subprocess.Popen) -> int:
    try:
        return process.wait()
    except BaseException:
        _kill(process)
        raise


def _kill(process: subprocess.Popen) -> None:
    """End a program and all that it started: politely first, so that it can clean up."""
    if process.poll() is not None:
        return
    leads_group = os.getpgid(process.pid) == process.pid
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError, subprocess.TimeoutExpired):
            if leads_group:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
            process.wait(timeout=5)
