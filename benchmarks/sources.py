"""Harvest sources: `harvest_source_create` one by one, then all portals of the registry in bulk.

What the stock action costs grows with the number of sources: its check of the address asks two
statements for each of them. So it is measured when all the others are there.
"""

from benchmarks import records
from benchmarks.meter import measured, table


def run(number):
    """Make the sources of the registry, then `number` more the stock way."""
    from ckanext.cn_govdata.harvest import registered
    from ckanext.cn_govdata.portals import registry

    owner = records.owner()
    planned = registered.plan(registry.portals())
    new = [each for each in planned if each.status == registered.CREATED]
    records.quiet()
    with measured() as ours:
        registered.carry_out(planned)
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
        "seconds_for_600": round(600 * ours.wall / len(new), 1),
        "stock_ms": round(stock.each(number)[0], 1),
        "ours_ms": round(ours.each(len(new))[0], 1),
    }
    print(found, end="\n\n", flush=True)
    return found
