"""Harvests of a nation of portals by worker processes: `make bench-national`.

Without a list of portals, the project's own replay servers are harvested: a first harvest, a
night in which nothing changed, one in which 1 % did. With one, only the first two. The datasets
stay: use a scratch instance. Prints a table and, last, one JSON line, which is also written to
`benchmarks/results/national-<date>.json`.
"""

import argparse
import json
import logging
import os
import platform
import signal
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

# CKAN puts its own folder, which holds a `tests`, before all others on the path: ours come first.
import tests.portals.fleet.control  # noqa: F401

# isort: split
from ckan.cli import load_config
from ckan.config.middleware import make_app

from benchmarks.national import judge, nights, polite, processes
from tests.portals.fleet import control, layout
from tools.stack import process
from tools.stack.paths import LOCAL, LOG

RESULTS = Path(__file__).parents[1] / "results"
TARGETS = {"first": 3600, "changed": 360}  # seconds for a nation of layout.NATION records
WORKER_MB = 400
GROWTH_MB = 1.0  # a night without changes, for 100,000 datasets
POLITE_PORTALS, POLITE_RECORDS, POLITE_WORKERS = 40, 400, 4
_SERVERS = ("postgres", "redis", "solr")


def main():
    options = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the workers and portals end too
    _commit_to_disk()
    ini = _ini(options)
    app = make_app(load_config(str(ini)))
    logging.disable(logging.ERROR)
    with app._wsgi_app.test_request_context(), tempfile.TemporaryDirectory() as folder:
        run = _polite if options.polite else _national
        results = {"machine": _machine(), **run(options, ini, Path(folder))}
    kind = "polite" if options.polite else "national"
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{kind}-{datetime.now(UTC).date().isoformat()}.json"
    file.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _table(results)
    print(json.dumps(results, ensure_ascii=False))
    return 0 if results["well"] else 1


def _national(options, ini, folder):
    """All nights of a nation."""
    listed = json.loads(options.portals_file.read_text()) if options.portals_file else None
    fleet = control.running(options.portals, options.records, folder) if not listed else None
    with fleet or nullcontext() as own, processes.workers(options.workers, ini, LOG) as workers:
        entries = own.entries if own else listed
        names, creation = _create(entries, {"rate": 0, "concurrency": 4, "withdraw_after_days": 0})
        meter = _Meter(workers, own)
        limit = options.limit_minutes * 60
        found = {
            "portals": len(entries),
            "records": sum(entry.get("records") or 0 for entry in entries),
            "workers": options.workers,
            "sources_s": creation,
            "first": meter.night(names, limit),
        }
        found["first"]["datasets"] = judge.datasets(_expected(options, entries, own, 0))
        judge.tidy()
        before = judge.Sizes()
        found["unchanged"] = meter.night(names, limit)
        found["unchanged"] |= before.growth(judge.Sizes())
        if own:
            own.turn(1)
            found["changed"] = meter.night(names, limit)
        found["datasets"] = judge.datasets(_expected(options, entries, own, 1))
        found["index"] = judge.index()
        found["unfinished_jobs"] = judge.unfinished()
        found["peak_rss_mb"] = workers.peaks()
    return {**found, **_verdict(found)}


def _polite(options, ini, folder):
    """Two small harvests at the default rate: of quick hosts, then of slow ones."""
    fleet = control.running(POLITE_PORTALS, POLITE_RECORDS, folder)
    with fleet as own, processes.workers(POLITE_WORKERS, ini, LOG) as workers:
        names, _ = _create(own.entries, {})
        found = {"portals": POLITE_PORTALS, "records": POLITE_RECORDS, "workers": POLITE_WORKERS}
        for name, latency in (("quick", 0.05), ("slow", 1.5)):
            own.slow(latency)
            own.turn(own_generation := 0 if name == "quick" else 1)
            night = nights.harvest(names, workers, options.limit_minutes * 60)
            visits = own.log()
            found[name] = {"latency_s": latency, "generation": own_generation, **night}
            found[name]["hosts"] = polite.judge(visits)
    worst = [found[name]["hosts"] for name in ("quick", "slow")]
    one = all(each["most_at_once"] == 1 for each in worst)
    slow_enough = all(each["most_in_10_s"] <= polite.WINDOW + 1 for each in worst)
    return {**found, "targets": {"one_at_a_time": one, "one_a_second": slow_enough},
            "well": one and slow_enough}  # fmt: skip


class _Meter:
    """Measures nights with what all processes use in them."""

    def __init__(self, workers, fleet):
        self._workers = workers
        self._fleet = fleet
        self._roots = {name: {process.pid(name)} for name in _SERVERS if process.pid(name)}
        self._roots["workers"] = {each.pid for each in workers.processes}
        if fleet:
            self._roots["fleet"] = {fleet.process.pid}

    def night(self, names, limit_s):
        before = processes.cpu_seconds(self._roots)
        result = nights.harvest(names, self._workers, limit_s)
        after = processes.cpu_seconds(self._roots)
        result["cpu_s"] = {name: round(after[name] - before[name], 1) for name in after}
        if self._fleet:
            visits = self._fleet.log()
            asked = {}
            for visit in visits:
                asked[visit.host] = asked.get(visit.host, 0) + 1
            each = 1000 * (after["fleet"] - before["fleet"]) / max(1, len(visits))
            result["fleet"] = {
                "requests": len(visits),
                "hosts": len(asked),
                "most_of_one_host": max(asked.values(), default=0),
                "ms_per_request": round(each, 3),
            }
        return result


def _create(entries, settings):
    from ckanext.cn_govdata.harvest import source_list
    from ckanext.cn_govdata.schema import themes

    themes.ensure()
    begin = time.monotonic()
    names = source_list.create(entries, settings)
    return names, round(time.monotonic() - begin, 1)


def _expected(options, entries, own, generation):
    if not own:
        return {entry["portal"]: entry.get("records") or 0 for entry in entries}
    found = {}
    for portal in layout.portals(options.portals, options.records):
        stock = portal.stock()
        stock.turn(generation)
        found[portal.portal_id] = stock.ids()
    return found


def _verdict(found):
    """Which targets are met; those for time are a nation's, cut to the number of records."""
    share = found["records"] / layout.NATION
    targets = {
        f"{night}_s": {"target": round(seconds * share, 1), "value": found[night]["seconds"]}
        for night, seconds in TARGETS.items()
        if night in found
    }
    per_100_000 = found["unchanged"]["growth_mb"] * 100_000 / max(1, found["records"])
    targets["growth_mb_per_100000"] = {"target": GROWTH_MB, "value": round(per_100_000, 2)}
    targets["worker_mb"] = {"target": WORKER_MB, "value": max(found["peak_rss_mb"])}
    for each in targets.values():
        each["met"] = each["value"] <= each["target"]
    index = found["index"]
    agree = not (index["differences"] or index["waiting"] or index["refused"])
    counted = all(
        not (each["missing"] or each["twice"] or each["unknown"])
        for each in (found["datasets"], found["first"]["datasets"])
    )
    well = agree and counted and not found["unfinished_jobs"]
    return {"targets": targets, "well": bool(well)}


def _machine():
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_mb": memory,
        "load_before": os.getloadavg()[0],
    }


def _commit_to_disk():
    """The test database does not wait for its disk; here it does, as a real one."""
    os.environ["PGOPTIONS"] = "-csynchronous_commit=on"


def _ini(options):
    """The configuration of CKAN and its workers: the tests', and what was asked for."""
    networks = " ".join(["127.0.0.0/8", *options.allow_network])
    path = LOCAL / "national.ini"
    path.write_text(
        f"[app:main]\nuse = config:{Path(options.ini).resolve()}\n"
        f"ckanext.cn_govdata.http.allowed_networks = {networks}\n",
        encoding="utf-8",
    )
    return path


def _table(results):
    for night in ("first", "unchanged", "changed", "quick", "slow"):
        if night not in results:
            continue
        found = results[night]
        print(
            f"{night:10}{found['seconds']:>9.1f} s{found['records_per_s']:>9.1f} records/s"
            f"  listed {found['listed']}, added {found['added']}, changed {found['changed']}, "
            f"withdrawn {found['withdrawn']}, refused {found['refused']}; "
            f"{found['requests']} requests; {found['outcomes']}"
        )
        for problem in found["problem_examples"]:
            print(f"           ! {problem}")
        print(f"           memory by quarter {found['rss_mb_by_quarter']} MB")
        if "cpu_s" in found:
            print(f"           processor {found['cpu_s']}; fleet {found.get('fleet')}")
        if isinstance(found.get("hosts"), dict):
            print(f"           hosts {found['hosts']}")
    for name in ("sources_s", "peak_rss_mb", "datasets", "index", "unfinished_jobs"):
        if name in results:
            print(f"{name}: {results[name]}")
    for name, target in results["targets"].items():
        print(f"{name}: {target}")


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.national", description=__doc__)
    parser.add_argument("--ini", required=True)
    parser.add_argument("--portals-file", type=Path, help="JSON list of portals to harvest")
    parser.add_argument("--portals", type=int, default=670, help="number of replay portals")
    parser.add_argument("--records", type=int, default=layout.NATION, help="their records in all")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--polite", action="store_true", help="prove the default rate instead")
    parser.add_argument("--limit-minutes", type=float, default=240, help="most for one night")
    parser.add_argument(
        "--allow-network", action="append", default=[], help="CIDR of the listed portals"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
