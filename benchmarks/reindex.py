"""Reindexing: `ckan search-index rebuild`, then `ckan cn-govdata index repair --all`."""

from benchmarks.meter import Comparison, measured


def run(number, rounds=3):
    """The stock way on `number` datasets a round, ours on every dataset of the site."""
    from ckan import model
    from ckan.lib import search

    from benchmarks import records
    from ckanext.cn_govdata.store import index_state

    comparison = Comparison("reindex")
    ids = [row.id for row in model.Session.query(model.Package.id).filter_by(type="dataset")]
    total = index_state.count()
    for turn in range(rounds):
        some = ids[turn * number : (turn + 1) * number] or ids[:number]
        records.quiet()
        with measured() as theirs:
            search.rebuild(package_ids=some)
        records.quiet()
        with measured() as ours:
            done = index_state.rebuild()
        assert done == total, (done, total)
        comparison.add(theirs, len(some), ours, total)
    return {"datasets": [number, total], **comparison.result()}
