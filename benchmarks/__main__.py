"""All benchmarks in one CKAN: `python -m benchmarks --ini ckan.ini` (`make bench`).

The datasets stay: use a scratch instance. Prints a table for each benchmark and, last, one JSON
line, which is also written to `benchmarks/results/<date>.json`.
"""

import argparse
import json
import logging
import resource
from datetime import UTC, datetime
from pathlib import Path

# CKAN puts its own folder, which holds a `tests`, before all others on the path: ours come first.
import tests.portals.server
import tests.store.sample  # noqa: F401

# isort: split
from ckan.cli import load_config
from ckan.config.middleware import make_app

RESULTS = Path(__file__).with_name("results")


def main():
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--ini", required=True)
    arguments.add_argument("--records", type=int, default=500, help="records of the stock side")
    options = arguments.parse_args()
    app = make_app(load_config(options.ini))
    logging.disable(logging.ERROR)  # a line or more a record of the stock side
    with app._wsgi_app.test_request_context():
        from benchmarks import fresh_import, workbook, writer

        results = {
            "fresh_import": fresh_import.run(options.records),
            "writer": writer.run(6 * options.records),
            "workbook": workbook.run(20 * options.records),
        }
    results["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC).date().isoformat()}.json"
    file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results))


if __name__ == "__main__":
    main()
