"""Memory of a process that writes: a source of 20,000 records, in a process of its own.

`python -m benchmarks.memory --ini FILE` prints one JSON line; `run` calls it so.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

STEPS = 10


def run(number, ini):
    """Write so many records in a new process; MB held after each tenth, and at most."""
    command = [sys.executable, "-m", "benchmarks.memory", "--ini", ini, "--records", str(number)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"memory of a process that writes {number} records: {found}\n", flush=True)
    return found


def write(number):
    """Write records that are made on the way, as a harvest reads them; what was held."""
    from benchmarks import records
    from benchmarks.meter import peak_mb

    owner = records.owner()
    items = records.crawled(2_000)
    portal_id = items[0].record.portal_id
    writer = records.new_writer(records.new_job(owner), portal_id, owner)
    start, held = resident_mb(), []
    for step in range(STEPS):
        for first in range(0, number // STEPS, records.BATCH):
            size = min(records.BATCH, number // STEPS - first)
            records.write(writer, [copy(items, step, first + n) for n in range(size)])
        held.append(resident_mb())
    return {"records": number, "start_mb": start, "held_mb": held, "peak_mb": peak_mb()}


def copy(items, step, number):
    """A record under an id of its own."""
    from dataclasses import replace

    from ckanext.cn_govdata.crawl import identity
    from tests.store import sample

    record = items[number % len(items)].record
    key = f"{step}-{number}"
    return sample.of(
        replace(
            record,
            source_id=key,
            name=identity.package_name(record.portal_id, key),
            identifier=identity.identifier(record.portal_id, key),
        )
    )


def resident_mb():
    """What the process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def main():
    from benchmarks.site import in_request

    arguments = argparse.ArgumentParser(prog="python -m benchmarks.memory")
    arguments.add_argument("--ini", required=True)
    arguments.add_argument("--records", type=int, default=20_000)
    options = arguments.parse_args()
    with in_request(options.ini):
        print(json.dumps(write(options.records)))


if __name__ == "__main__":
    main()
