"""Serve a fleet of portals: `python -m tests.portals.fleet --portals 670 --records 350000`.

Prints one JSON line that lists the portals, then serves until SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import signal
import sys

from . import control, layout
from .server import Connection, Fleet
from .site import FleetSite
from .stock import Turnover


def main() -> int:
    """Serve the portals that the arguments ask for."""
    arguments = _arguments()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(_serve(arguments))
    return 0


async def _serve(arguments: argparse.Namespace) -> None:
    turnover = Turnover(arguments.changed, arguments.added, arguments.removed)
    laid_out = layout.portals(arguments.portals, arguments.records)
    hosts: dict[str, list[layout.Portal]] = {}
    for portal in laid_out:
        hosts.setdefault(portal.host, []).append(portal)
    fleet = Fleet({host: FleetSite(group, turnover) for host, group in hosts.items()})
    fleet.turn(arguments.generation)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(fleet), list(hosts)[:1], arguments.port, backlog=256
    )
    port = server.sockets[0].getsockname()[1]
    servers = [server]
    others = list(hosts)[1:]
    if others:
        served = await loop.create_server(lambda: Connection(fleet), others, port, backlog=256)
        servers.append(served)
    if arguments.control:
        servers.append(await control.listen(fleet, arguments.control))
    print(json.dumps([portal.entry(port) for portal in laid_out]), flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _arguments() -> argparse.Namespace:
    usual = Turnover()
    parser = argparse.ArgumentParser(prog="python -m tests.portals.fleet", description=__doc__)
    parser.add_argument("--portals", type=int, default=670)
    parser.add_argument("--records", type=int, default=layout.NATION)
    parser.add_argument(
        "--port", type=int, default=0, help="of all hosts; default any that is free"
    )
    parser.add_argument("--generation", type=int, default=0)
    for name in ("changed", "added", "removed"):
        text = f"share of the records that is {name} in a generation"
        parser.add_argument(f"--{name}", type=float, default=getattr(usual, name), help=text)
    parser.add_argument("--control", help="path of the socket that takes commands")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
