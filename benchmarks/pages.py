"""Pages of a site of national size, ours against stock: `python -m benchmarks.pages --ini ckan.ini`.

The site is the one that `benchmarks.fill` leaves, or `--fill` makes. Each page is asked for in process, as the web
server would, by an anonymous reader, an editor of the largest organisations and a system
administrator. Stock is the same site, data and configuration with CKAN and ckanext-harvest alone.
The two take turns, each round in a process of its own, so that noise falls on both alike.

Prints milliseconds (median, 95th percentile), SQL statements with their time, and the time that
Solr took; writes the same as JSON.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
OURS, STOCK = "ours", "stock"
# CKAN and ckanext-harvest alone. The groups of type `theme` come from our schema.
STOCK_SETTINGS = """[DEFAULT]
[app:main]
use = config:{ini}
ckan.plugins = harvest
ckan.default.group_type = group
"""
READERS = ("anonymous", "editor", "sysadmin")


def main():
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    arguments.add_argument("--ini", required=True)
    arguments.add_argument("--fill", action="store_true", help="fill the site, which is empty")
    arguments.add_argument("--datasets", type=int, default=350_000)
    arguments.add_argument("--sources", type=int, default=700)
    arguments.add_argument("--times", type=int, default=10, help="a page, reader and round")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", default="", help="pages whose name has this in it")
    arguments.add_argument("--no-stock", action="store_true")
    options = arguments.parse_args()
    if options.fill:
        command = [sys.executable, "-m", "benchmarks.fill", "--ini", options.ini]
        size = ["--datasets", str(options.datasets), "--sources", str(options.sources)]
        subprocess.run([*command, *size], check=True)
    sides = [OURS] if options.no_stock else [OURS, STOCK]
    found = {side: {} for side in sides}
    for number in range(options.rounds):
        for side in sides if number % 2 == 0 else sides[::-1]:
            print(f"round {number + 1}: {side}", file=sys.stderr, flush=True)
            for key, samples in _round(side, options).items():
                found[side].setdefault(key, []).extend(samples)
    rows = _rows(found)
    _table(rows, sides)
    machine = _machine() | {side: _slowdown(found[side]) for side in sides}
    print(f"the machine: {machine}")
    result = {"pages": rows, "site": _site(options.ini), "machine": machine}
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"pages-{datetime.now(UTC).date().isoformat()}.json"
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written to {file}")


def _round(side, options):
    with tempfile.TemporaryDirectory() as folder:
        ini = Path(options.ini).resolve()
        if side == STOCK:
            text = STOCK_SETTINGS.format(ini=ini)
            ini = Path(folder) / "stock.ini"
            ini.write_text(text, encoding="utf-8")
        output = Path(folder) / "samples.json"
        command = [sys.executable, "-m", "benchmarks.pages_measured", str(ini), str(output)]
        command += [str(options.times), options.only]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ})
        return json.loads(output.read_text(encoding="utf-8"))


def _rows(found):
    """A row for each page and reader: the figures of each side."""
    rows = []
    for key in found[OURS]:
        page, reader = key.split("|")
        row = {"page": page, "reader": reader}
        for side, samples in found.items():
            if samples.get(key):
                row[side] = _figures(samples[key])
        rows.append(row)
    return rows


def _figures(samples):
    each = sorted(sample["ms"] for sample in samples)
    return {
        "status": samples[0]["status"],
        "median_ms": round(statistics.median(each), 1),
        "p95_ms": round(each[min(len(each) - 1, int(0.95 * len(each)))], 1),
        "cpu_ms": round(statistics.median(sample["cpu_ms"] for sample in samples), 1),
        "sql": round(statistics.median(sample["sql"] for sample in samples)),
        "sql_ms": round(statistics.median(sample["sql_ms"] for sample in samples), 1),
        "solr": round(statistics.median(sample["solr"] for sample in samples)),
        "solr_ms": round(statistics.median(sample["solr_ms"] for sample in samples), 1),
        "times": len(samples),
    }


def _slowdown(found):
    """By what other work on the machine stretched the time of each side: median and highest."""
    each = [sample["slowdown"] for samples in found.values() for sample in samples]
    return {"slowdown": round(statistics.median(each), 2), "highest": round(max(each), 1)}


def _table(rows, sides):
    head = f"{'median':>8}{'p95':>8}{'CPU':>6}{'SQL':>5}{'ms':>7}{'Solr':>5}{'ms':>7}"
    print(f"{'':46}" + "".join(f"{side:>46}" for side in sides))
    print(f"{'page':34}{'reader':12}" + head * len(sides))
    for row in rows:
        line = f"{row['page']:34}{row['reader']:12}"
        for side in sides:
            one = row.get(side)
            if one is None or one["status"] != 200:
                line += f"{one['status'] if one else '-':>46}"
                continue
            line += f"{one['median_ms']:>8}{one['p95_ms']:>8}{one['cpu_ms']:>6.0f}"
            line += f"{one['sql']:>5}{one['sql_ms']:>7}"
            line += f"{one['solr']:>5}{one['solr_ms']:>7}"
        print(line)


def _site(ini):
    from ckan.cli import load_config

    config = load_config(ini)
    import sqlalchemy as sa

    engine = sa.create_engine(os.environ.get("CKAN_SQLALCHEMY_URL") or config["sqlalchemy.url"])
    with engine.connect() as one:
        count = {
            name: one.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar()
            for name in ("package", "resource", "harvest_source", "harvest_object", "harvest_job")
        }
        size = one.execute(sa.text("SELECT pg_database_size(current_database())")).scalar()
    return {**count, "database_mb": size // 1_000_000}


def _machine():
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


if __name__ == "__main__":
    main()
