"""How a running fleet is turned to another generation, slowed, cut off and asked for its log."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .layout import portals
from .stock import USUAL, Turnover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .server import Fleet

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Visit:
    """One request as the portal's own log has it, in seconds of the monotonic clock."""

    host: str
    begin: float
    end: float


async def listen(fleet: Fleet, path: str) -> asyncio.AbstractServer:
    """Take commands on a socket of the file system: one line of JSON each, one answer each."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            answer = _obey(fleet, json.loads(line))
            writer.write(len(answer).to_bytes(8, "big") + answer)
            await writer.drain()
        writer.close()

    return await asyncio.start_unix_server(talk, path)


def _obey(fleet: Fleet, asked: dict[str, Any]) -> bytes:
    if "generation" in asked:
        fleet.turn(asked["generation"])
    if "latency" in asked:
        fleet.latency = asked["latency"]
    if "gone" in asked:
        fleet.gone, fleet.silent = time.monotonic() + asked["gone"], asked["silent"]
    return fleet.log.taken() if asked.get("log") else b"done"


class Control:
    """A fleet in a process of its own."""

    def __init__(
        self, process: subprocess.Popen[str], path: Path, entries: list[dict[str, Any]]
    ) -> None:
        self.process = process
        self.entries = entries  # what PORTALS=FILE.json would hold
        self._hosts = list(dict.fromkeys(entry["host"] for entry in entries))
        self._path = path

    def turn(self, generation: int) -> None:
        """Show all portals as they are at this generation."""
        self._ask(generation=generation)

    def slow(self, seconds: float) -> None:
        """Answer each request after so long."""
        self._ask(latency=seconds)

    def vanish(self, seconds: float, *, silent: bool) -> None:
        """Be away for so long: say nothing, or cut every connection."""
        self._ask(gone=seconds, silent=silent)

    def log(self) -> list[Visit]:
        """The requests since the last look, in the order of their answers."""
        data = self._ask(log=True)
        number = len(data) // 18
        begins, ends, hosts = array("d"), array("d"), array("H")
        begins.frombytes(data[: 8 * number])
        ends.frombytes(data[8 * number : 16 * number])
        hosts.frombytes(data[16 * number :])
        named = (self._hosts[host] for host in hosts)
        return [Visit(*each) for each in zip(named, begins, ends, strict=True)]

    def cpu(self) -> float:
        """Processor seconds that the fleet has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _ask(self, **asked: Any) -> bytes:
        with socket.socket(socket.AF_UNIX) as talk:
            talk.connect(str(self._path))
            talk.sendall(json.dumps(asked).encode() + b"\n")
            file = talk.makefile("rb")
            return file.read(int.from_bytes(file.read(8), "big"))


@contextmanager
def running(
    number: int, records: int, directory: Path, turnover: Turnover = USUAL
) -> Iterator[Control]:
    """Serve a fleet while the context lasts. `directory` takes its socket."""
    path = directory / "fleet.sock"
    shares = [f"--{name}={getattr(turnover, name)}" for name in ("changed", "added", "removed")]
    sizes = [f"--portals={number}", f"--records={records}", f"--control={path}"]
    command = [sys.executable, "-m", "tests.portals.fleet", *sizes, *shares]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError(f"The fleet ended at once: exit code {process.wait()}")
        entries = json.loads(line)
        laid_out = portals(number, records)
        hosts = [portal.host for portal in laid_out]
        yield Control(
            process,
            path,
            [{**entry, "host": host} for entry, host in zip(entries, hosts, strict=True)],
        )
    finally:
        process.terminate()
        process.wait()
        path.unlink(missing_ok=True)
