"""Import of the reporting workbook: checking it, writing it, importing it again, exporting it.

The datasets are local ones: everything their level asks for is there and enforced. Ten thousand
rows are 1,250 datasets of eight data items.
"""

import resource
import tempfile
from itertools import islice
from pathlib import Path

from benchmarks.meter import measured, table
from tests.portals import records as labels
from tests.store import sample
from tests.workbook import books

ITEMS = 8


def run(rows):
    """Import a workbook of that many rows; seconds of each step and growth of memory."""
    with tempfile.TemporaryDirectory() as directory:
        return _run(rows // ITEMS, Path(directory))


def _run(number, directory):
    from ckanext.cn_govdata.schema import organizations, themes
    from ckanext.cn_govdata.schema.site_user import as_site_user, contexts
    from ckanext.cn_govdata.workbook import export, import_

    themes.ensure()
    owner = organizations.ensure("370100")
    path = books.xlsx(directory / "book.xlsx", _datasets(number))
    import_.run(books.xlsx(directory / "one.xlsx", [_warm_up()]), owner, contexts())
    steps = {
        "check": lambda: import_.run(path, owner, contexts(), dry_run=True),
        "import": lambda: import_.run(path, owner, contexts()),
        "import again": lambda: import_.run(path, owner, contexts()),
        "export": lambda: export.to_file(
            directory / "out.xlsx",
            export.found(as_site_user(), filter_=export.of_organization(owner)),
        ),
    }
    before, costs, counts = _peak_mb(), [], {}
    for name, step in steps.items():
        with measured() as cost:
            counts[name] = step()
        costs.append((name, cost))
    assert counts["import"].created == number, counts["import"].as_dict()
    assert counts["import again"].unchanged == number, counts["import again"].as_dict()
    print(f"workbook, {number * ITEMS} rows, {number} datasets")
    table(costs, number)
    seconds = {f"{name.replace(' ', '_')}_s": round(cost.wall, 1) for name, cost in costs}
    found = {"rows": number * ITEMS, **seconds, "growth_mb": _peak_mb() - before}
    print(found, end="\n\n")
    return found


def _datasets(number):
    """Datasets under titles of the stored records."""
    for count, shown in enumerate(islice(sample.cells(), number)):
        title = next((shown[name] for name in labels.TITLE if shown.get(name)), "数据集")
        cells, _ = books.dataset(count)
        items = [(f"{title}：第{n}项", "字符型C", 20 + n) for n in range(ITEMS)]
        yield {**cells, "信息资源名称": f"{title}（{count}）"}, items


def _warm_up():
    return books.dataset(999_999, 信息资源名称="预热")


def _peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
