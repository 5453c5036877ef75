"""Serve the stored portals: `python -m tests.portals serve`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from . import catalogue
from .server import PortalServer

if TYPE_CHECKING:
    from .site import Site


def main() -> int:
    """Start the portals, print one JSON line that lists them, serve until SIGTERM or Ctrl-C."""
    arguments = _arguments()
    chosen = _chosen(arguments.data, arguments.portals)
    wanted = _read_ports(arguments.ports_file)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    records = {portal.portal: portal.records() for portal in chosen}
    servers: list[PortalServer] = []
    listed, ports = [], {}
    try:
        for host, group in catalogue.hosts(chosen).items():
            server = _bind(catalogue.site(group, records), wanted.get(host, 0))
            servers.append(server)
            server.start()
            ports[host] = server.server_address[1]
            listed += [_entry(portal, server, len(records[portal.portal])) for portal in group]
        if arguments.ports_file:
            arguments.ports_file.write_text(json.dumps(ports), encoding="utf-8")
        print(json.dumps(listed, ensure_ascii=False), flush=True)
        stop.wait()
    finally:
        for server in servers:
            server.stop()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.portals", description=__doc__)
    serve = parser.add_subparsers(dest="command", required=True).add_parser(
        "serve", help="serve portals on loopback and print where"
    )
    serve.add_argument("--data", type=Path, default=catalogue.DATA, help="directory of records")
    serve.add_argument("--portals", help="portal ids or file names, comma separated; default all")
    serve.add_argument(
        "--ports-file",
        type=Path,
        help="JSON file of ports by host: used again where they are free, then written",
    )
    return parser.parse_args()


def _chosen(directory: Path, names: str | None) -> list[catalogue.Portal]:
    known = catalogue.replayable(directory)
    if not names:
        return list(known)
    chosen = []
    for name in names.split(","):
        found = [portal for portal in known if name in {portal.portal, portal.file}]
        if not found:
            sys.exit(f"no such portal: {name}; known: {', '.join(p.portal for p in known)}")
        chosen += found
    return chosen


def _read_ports(path: Path | None) -> dict[str, int]:
    if path is None or not path.exists():
        return {}
    ports: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return ports


def _bind(site: Site, port: int) -> PortalServer:
    try:
        return PortalServer(site, port)
    except OSError:
        return PortalServer(site)


def _entry(portal: catalogue.Portal, server: PortalServer, count: int) -> dict[str, object]:
    return {
        "portal": portal.portal,
        "name": portal.name,
        "family": portal.family,
        "base_url": server.base_url,
        "context": portal.context,
        "parameters": portal.parameters,
        "settings": {},
        "records": count,
    }


if __name__ == "__main__":
    sys.exit(main())
