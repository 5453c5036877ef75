"""All benchmarks in one CKAN: `python -m benchmarks --ini ckan.ini` (`make bench`).

The datasets stay: use a scratch instance. Prints a table for each benchmark and, last, one JSON
line, which is also written to `benchmarks/results/<date>.json`. Figures of this machine, whatever
else runs on it; the ratios are of the same run. `--large` fills the site to national size first
(`make bench-large`): half an hour and 10 GB of disk.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.site import in_request  # first: see there

# isort: split
from benchmarks.meter import peak_mb

RESULTS = Path(__file__).with_name("results")


def main():
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--ini", required=True)
    arguments.add_argument("--records", type=int, default=150, help="of the stock side, a round")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", nargs="*", help="names of benchmarks")
    arguments.add_argument("--large", action="store_true", help="fill the site first")
    arguments.add_argument("--datasets", type=int, default=350_000, help="of a large site")
    options = arguments.parse_args()
    with in_request(options.ini):
        works = large(options) if options.large else ordinary(options)
        chosen = options.only or works
        results = {name: work() for name, work in works.items() if name in chosen}
    results["peak_mb"] = peak_mb()
    RESULTS.mkdir(exist_ok=True)
    kind = "-large" if options.large else ""
    file = RESULTS / f"{datetime.now(UTC).date().isoformat()}{kind}.json"
    file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results))


def ordinary(options):
    """The benchmarks of `make bench`, by name, in their order."""
    from benchmarks import (
        fresh_import,
        growth,
        memory,
        reindex,
        rerun,
        sources,
        workbook,
        writer,
    )

    number, rounds = options.records, options.rounds
    return {
        "fresh_import": lambda: fresh_import.run(number, rounds),
        "rerun": lambda: rerun.run(number, rounds),
        "growth": lambda: growth.run(number),
        "writer": lambda: writer.run(20 * number),
        "memory": lambda: memory.run(20_000, options.ini),
        "reindex": lambda: reindex.run(number, rounds),
        "sources": lambda: sources.run(20),
        "workbook": lambda: workbook.run(10_000),
    }


def large(options):
    """The benchmarks that a large site changes."""
    from benchmarks import fresh_import, rerun
    from benchmarks.fill import fill

    return {
        "fill": lambda: fill(options.datasets, max(2, options.datasets // 500)).seconds,
        "fresh_import": lambda: fresh_import.run(min(options.records, 50), options.rounds),
        "rerun": lambda: rerun.run(min(options.records, 50), options.rounds),
    }


if __name__ == "__main__":
    main()
