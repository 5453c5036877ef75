"""Serves one portal's records over HTTP, harvests them with the command, and judges the result."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from tests.portals.families import families
from tests.portals.server import ReplayPortal

from . import places, rules, stock
from .judge import Leak, Tally, judge, leaks, mobiles, tally
from .plants import planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.portals.records import Record

    from .plants import Plant

COMMAND = Path(sys.executable).with_name("cn-govdata")
CONTEXTS = {
    "inspur-oportal": "/oportal",
    "inspur-odweb": "/odweb",
    "zs-dataserver": "/web",
    "hunan-webapp": "/webapp",
}
# How single portals of a family look.
OPTIONS: dict[str, dict[str, Any]] = {
    "321300": {"files": "ajax", "padded": True, "modified_label": "数据更新时间"},
    "640000": {"files": "ajax", "padded": True},
    "341500": {"formats": "classes"},
    "451000": {"escaped_twice": True},
    "341000": {"catalogue": True},
    "420800": {"xml": True},
    "430600": {"boxes": True},
    "330400": {"count_label": "数据容量"},
}


@dataclass
class Result:
    """What became of one portal. Requests are counted by the portal, for two runs."""

    name: str
    portal: str = ""
    family: str = ""
    problem: str = ""
    lines: int = 0
    served: int = 0
    untitled: int = 0
    repeated: int = 0
    once: int = 0
    twice: int = 0
    missing: int = 0
    unasked: int = 0
    planted: int = 0
    leaks: list[Leak] = field(default_factory=list)
    fields: dict[str, Tally] = field(default_factory=dict)
    requests: int = 0
    requests_again: int = 0
    again: int = 0
    seconds: float = 0.0
    said: str = ""


Crawl = Callable[[list[str]], tuple[int, str]]


def by_command(arguments: list[str]) -> tuple[int, str]:
    """Run the command as its user would: exit code, and what it said."""
    ran = subprocess.run([str(COMMAND), *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr


def measure(path: Path, limit: int | None = None, crawl: Crawl = by_command) -> Result:
    """Measure the portal of one file. Never raises for a portal that cannot be measured."""
    began = time.perf_counter()
    result = Result(path.name.split(".")[0])
    portal = places.portal_of(result.name, stock.addresses(path))
    if portal is None:
        result.problem = "no portal of the registry has this name"
    elif portal.family is None:
        result.portal, result.problem = portal.portal_id, "its platform family is not known"
    elif portal.family not in families():
        result.portal, result.family = portal.portal_id, portal.family
        result.problem = "no replay server for its family"
    else:
        result.portal, result.family = portal.portal_id, portal.family
        division = _division(portal.parameters) or portal.division_code
        options = _options(portal)
        source = urlsplit(portal.url)
        loaded = stock.load(path, portal.family, division, limit)
        _measure(result, loaded, options, source.path, crawl)
    result.seconds = time.perf_counter() - began
    return result


def _division(parameters: Any) -> str:
    return str(parameters.get("divisionId") or parameters.get("cityCode") or "")[:6]


def _options(portal: Any) -> dict[str, Any]:
    options = dict(OPTIONS.get(portal.portal_id, {}))
    if portal.family in CONTEXTS:
        given = portal.parameters.get("context")
        first = urlsplit(portal.url).path.strip("/").split("/")[0]
        options["context"] = given or (f"/{first}" if first else CONTEXTS[portal.family])
    if "list_path" in portal.parameters:
        options["list_path"] = portal.parameters["list_path"]
    return options


def _measure(
    result: Result, loaded: stock.Stock, options: dict[str, Any], path: str, crawl: Crawl
) -> None:
    result.lines, result.repeated = loaded.lines, loaded.repeated
    changed = [planted(record, result.family) for record in loaded.records]
    records = {record.id: (record, plant) for record, plant in changed}
    result.served = len(records)
    result.planted = sum(plant is not None for _, plant in changed)
    own = mobiles(iter(loaded.records))
    served = [record for record, _ in changed]
    with (
        ReplayPortal(result.family, served, **options) as portal,
        tempfile.TemporaryDirectory() as folder,
    ):
        state, out, again = (Path(folder) / name for name in ("state", "first", "second"))
        address = portal.base_url + path
        result.said = _crawl(crawl, result, address, state, out)
        result.requests = len(portal.requests)
        portal.requests.clear()
        if not state.exists():
            return
        _crawl(crawl, result, address, state, again)
        result.requests_again = len(portal.requests)
        result.again = sum(1 for _ in again.open("rb"))
        seen = _judge_all(result, out, records, own)
        left = {"state": state.read_bytes(), "what it said": result.said.encode()}
        _search(result, records, own, left)
    titled = [record for record, _ in records.values() if not rules.blank(record.title)]
    result.untitled = len(records) - len(titled)
    result.missing = sum(record.id not in seen for record in titled)


def _crawl(crawl: Crawl, result: Result, address: str, state: Path, out: Path) -> str:
    arguments = [
        *("crawl", "--portal", result.portal, "--url", address, "--rate", "0"),
        *("--allow-network", "127.0.0.0/8", "--state", str(state), "--out", str(out)),
    ]
    code, said = crawl(arguments)
    if code:
        result.problem = result.problem or " | ".join(said.split("\n"))[-500:]
    return said


def _judge_all(
    result: Result, out: Path, records: dict[str, tuple[Record, Plant | None]], own: Any
) -> set[str]:
    seen: set[str] = set()
    with out.open("rb") as lines:
        for line in lines:
            found = orjson.loads(line)
            source_id = found["source_id"]
            if source_id not in records:
                result.unasked += 1
                continue
            result.twice += source_id in seen
            seen.add(source_id)
            record, plant = records[source_id]
            tally(result.fields, judge(record, found, result.family, plant), record)
            text = line.decode()
            words = plant.words if plant else ()
            result.leaks += leaks(text, iter(words))
            for number in set(rules.MOBILE.findall(text)) & own.keys():
                result.leaks += leaks(text, iter([number]))
    result.once = len(seen) - result.twice
    return seen


def _search(result: Result, records: Any, own: Any, texts: dict[str, bytes]) -> None:
    """Search what else a run leaves behind for personal data."""
    words = {word for _, plant in records.values() if plant for word in plant.words} | own.keys()
    for where, data in texts.items():
        text = data.decode("utf-8", "ignore")
        result.leaks += [Leak(word, where) for word in words if word in text]


def measured(paths: list[Path], jobs: int, limit: int | None) -> Iterator[Result]:
    """Measure several portals, some at a time, the largest first."""
    largest = sorted(paths, key=lambda path: -path.stat().st_size)
    with ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(measure, path, limit) for path in largest]
        for done in as_completed(waiting):
            yield done.result()
