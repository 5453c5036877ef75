"""Export of datasets to the workbook that the import reads: .xlsx or .csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.text.csv_cells import BYTE_ORDER_MARK, csv_text
from ckanext.cn_govdata.workbook import rows
from ckanext.cn_govdata.workbook.columns import Column, columns
from ckanext.cn_govdata.workbook.sheet import Book

if TYPE_CHECKING:
    from pathlib import Path

Package = Mapping[str, Any]

_PAGE = 200


def to_file(path: Path, datasets: Iterable[Package]) -> int:
    """Write datasets to a file, .csv by its ending, else .xlsx. Returns how many there were."""
    write = _to_csv if path.suffix.lower() == ".csv" else _to_xlsx
    return write(path, datasets)


def found(
    context: dict[str, Any],
    query: str = "*:*",
    filter_: str = "",
    extras: Mapping[str, Any] | None = None,
) -> Iterator[Package]:
    """All datasets of a search that the user of the context may see, a page at a time.

    `extras` are those of `package_search`, which plugins of the site may filter by.
    """
    last = ""
    while True:
        # By id from the last one on: a page far into a result costs no more than the first.
        after = [f'+id:{{"{last}" TO *]'] if last else []
        page = tk.get_action("package_search")(
            dict(context),
            {
                "q": query,
                "fq": "+dataset_type:dataset",
                "fq_list": [*([filter_] if filter_ else []), *after],
                "rows": _PAGE,
                "sort": "id asc",
                "include_private": True,
                "extras": dict(extras or {}),
            },
        )["results"]
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1]["id"]


def of_organization(name: str) -> str:
    """The filter of an organisation's datasets. Raises `tk.ObjectNotFound`."""
    organization = tk.get_action("organization_show")(
        {"ignore_auth": True},
        {"id": name, "include_datasets": False, "include_users": False},
    )
    return f'+owner_org:"{organization["id"]}"'


def of_division(code: str) -> str:
    """The filter of the datasets of a division and of those below it."""
    if not code.isdecimal():
        raise ValueError(tk._('"{code}" is not a code of GB/T 2260').format(code=code))
    return f'+vocab_cn_division:"{code}"'


def _to_xlsx(path: Path, datasets: Iterable[Package]) -> int:
    order = columns()
    count = 0
    with Book(path, order) as book:
        for package in datasets:
            book.add(rows.of(package, order))
            count += 1
    return count


def _to_csv(path: Path, datasets: Iterable[Package]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        pieces = sum(bool(file.write(text)) for text in csv_texts(datasets))
    return pieces - 1  # the header is one


def csv_texts(datasets: Iterable[Package]) -> Iterator[str]:
    """The .csv file piece by piece: the header, then each dataset."""
    order: tuple[Column, ...] = columns()
    yield BYTE_ORDER_MARK + csv_text([[column.header for column in order]])
    for package in datasets:
        yield csv_text(rows.of(package, order).values(len(order)))
