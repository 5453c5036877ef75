"""Harvest sources: 600 of the registry's portals in bulk, then `harvest_source_create`.

What the stock action costs grows with the number of sources: its check of the address asks two
statements for each of them. So it is measured when all the others are there.
"""

import uuid
from dataclasses import replace
from itertools import count, islice

from benchmarks import records
from benchmarks.meter import measured, table

SOURCES = 600


def run(number):
    """Make 600 sources with their organisations, then `number` more the stock way."""
    from ckanext.cn_govdata.harvest import registered

    owner = records.owner()
    new = [registered.Planned(portal, registered.CREATED) for portal in islice(portals(), SOURCES)]
    records.quiet()
    with measured() as ours:
        registered.carry_out(new)
    records.quiet()
    with measured() as stock:
        for _ in range(number):
            records.new_job(owner)
    print(f"{len(new)} harvest sources with their organisations")
    table([("stock", stock)], number)
    table([("in bulk", ours)], len(new))
    found = {
        "sources": len(new),
        "seconds": round(ours.wall, 1),
        "stock_ms": round(stock.each(number)[0], 1),
        "ours_ms": round(ours.each(len(new))[0], 1),
    }
    print(found, end="\n\n", flush=True)
    return found


def portals():
    """The registry's portals that have a profile, over and over, each under an id of its own."""
    from ckanext.cn_govdata.portals import registry

    run = uuid.uuid4().hex[:6]
    for turn in count():
        for portal in registry.portals():
            if portal.family is None:
                continue
            yield replace(portal, portal_id=f"{portal.portal_id}-{run}-{turn}")
