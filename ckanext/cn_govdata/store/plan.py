"""The rows that a batch inserts, changes and deletes, gathered first and then written at once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.cn_govdata.store import bulk, extras, lock, stored
from ckanext.cn_govdata.store.hooks import Touched

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ckanext.cn_govdata.store.target import FreeOrVocabularyTag

Row = dict[str, Any]


class Plan:
    """Changes to CKAN's tables. The rows given for one table all have the same columns."""

    def __init__(self) -> None:
        self._inserts: dict[sa.Table, list[Row]] = defaultdict(list)
        self._updates: dict[tuple[sa.Table, tuple[str, ...]], list[Row]] = defaultdict(list)
        self._tag_links: list[tuple[str, FreeOrVocabularyTag]] = []
        self.delete_extras: list[tuple[str, str]] = []  # dataset and key, CKAN 2.11 only
        self.changed_urls: list[str] = []  # ids of resources whose address changes

    def insert(self, table: sa.Table, row: Row) -> None:
        """Insert a row."""
        self._inserts[table].append(row)

    def update(self, table: sa.Table, row: Row) -> None:
        """Set the other columns of the row with this `id`."""
        self._updates[table, tuple(row)].append(row)

    def resources(self) -> Touched:
        """The resources whose rows are inserted and changed."""
        table = model.resource_table
        changed = (
            row["id"] for (of, _), rows in self._updates.items() if of is table for row in rows
        )
        return Touched(
            new=frozenset(row["id"] for row in self._inserts[table]), changed=frozenset(changed)
        )

    def link_tag(self, package_id: str, tag: FreeOrVocabularyTag) -> None:
        """Give a dataset a tag, which is made if there is none of its name."""
        self._tag_links.append((package_id, tag))

    def link_group(self, package_id: str, group_id: str, capacity: str) -> None:
        """Make a dataset a member of a group."""
        self.insert(
            model.member_table,
            {
                "id": str(uuid.uuid4()),
                "table_name": "package",
                "table_id": package_id,
                "capacity": capacity,
                "group_id": group_id,
                "state": "active",
            },
        )

    def apply(self) -> None:
        """Write everything; does not commit."""
        extras.delete(self.delete_extras)
        for (table, _), rows in self._updates.items():
            bulk.update(table, rows)
        # `package` is first whenever it is there: every other row refers to it.
        for table in sorted(self._inserts, key=lambda table: table is not model.package_table):
            bulk.insert(table, self._inserts[table])
        self._link_tags()

    def _link_tags(self) -> None:
        if not self._tag_links:
            return
        ids = _ensure_tags({tag for _, tag in self._tag_links})
        rows = [
            {
                "id": str(uuid.uuid4()),
                "package_id": package_id,
                "tag_id": ids[tag],
                "state": "active",
            }
            for package_id, tag in self._tag_links
        ]
        bulk.insert(model.package_tag_table, rows)


def _ensure_tags(wanted: set[FreeOrVocabularyTag]) -> dict[FreeOrVocabularyTag, str]:
    """The ids of tags, of which those that are missing are made.

    Nothing in the database keeps a free tag from being there twice: its vocabulary is NULL, and
    NULLs are never equal. So tags are made by one process at a time.
    """
    found = stored.tag_ids(wanted)
    missing = wanted - found.keys()
    if missing:
        lock.until_commit("tags")
        found.update(stored.tag_ids(missing))
        rows = [
            {"id": str(uuid.uuid4()), "name": name, "vocabulary_id": vocabulary_id}
            for name, vocabulary_id in sorted(missing - found.keys(), key=str)
        ]
        bulk.insert(model.tag_table, rows)
        found.update({(row["name"], row["vocabulary_id"]): row["id"] for row in rows})
    return found
