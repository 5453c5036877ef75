"""The flat form of a dictionary that navl's validators see: `("resources", 2, "url")` -> value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.lib.navl import dictization_functions as navl

if TYPE_CHECKING:
    from collections.abc import Callable

FlatKey = tuple[Any, ...]


class FlatData(dict):  # type: ignore[type-arg]
    """Flat data that adds and takes extras without looking through all keys each time."""

    __slots__ = ("_extras", "_next", "put", "taken")

    def __init__(self, *args: Any) -> None:  # noqa: ANN401 - as dict
        super().__init__(*args)
        # Sets a value that is no part of an extra.
        self.put: Callable[[FlatKey, Any], None] = super().__setitem__
        self._next: int | None = None
        self._extras: dict[str, list[FlatKey]] | None = None
        self.taken: set[FlatKey] = set()  # prefixes of extras that `take_extra` removed

    def __setitem__(self, key: FlatKey, value: Any) -> None:  # noqa: ANN401 - any JSON
        if key[0] == "extras" and len(key) > 1:
            self._next = self._extras = None
        super().__setitem__(key, value)

    def add_extra(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON
        """Append an extra, as `convert_to_extras` does."""
        index = self._next
        if index is None:
            index = 1 + max(
                (key[1] for key in self if key[0] == "extras" and len(key) > 1), default=-1
            )
        super().__setitem__(("extras", index, "key"), name)
        super().__setitem__(("extras", index, "value"), value)
        self._next = index + 1
        self._extras = None

    def take_extra(self, name: str) -> tuple[bool, Any]:
        """Remove the extra of a name, as `convert_from_extras` does: whether found, its value."""
        if self._extras is None:
            self._extras = self._keys_of_extras()
        keys = self._extras.pop(name, None)
        if keys is None:
            return False, None
        prefix = ("extras", keys[0][1])
        value = self[(*prefix, "value")]
        for key in keys:
            self.pop(key, None)
        self.taken.add(prefix)
        return True, value

    def has_extras(self) -> bool:
        """Whether any extra is among the data."""
        return any(key[0] == "extras" and len(key) > 1 for key in self)

    def _keys_of_extras(self) -> dict[str, list[FlatKey]]:
        of_index: dict[int, list[FlatKey]] = {}
        for key in self:
            if key[0] == "extras" and len(key) > 1:
                of_index.setdefault(key[1], []).append(key)
        named: dict[str, list[FlatKey]] = {}
        for index, keys in of_index.items():
            name = self.get(("extras", index, "key"))
            if isinstance(name, str):
                named.setdefault(name, keys)
        return named


class _Items(dict):  # type: ignore[type-arg]
    """The dictionaries of a list that is being built, by index."""


def unflatten(flat: dict[FlatKey, Any]) -> dict[str, Any]:
    """CKAN's `unflatten` without sorting all keys; indexes that are skipped are closed up."""
    root: dict[str, Any] = {}
    made: dict[FlatKey, dict[str, Any]] = {(): root}
    for key, value in flat.items():
        prefix = key[:-1]
        place = made.get(prefix)
        if place is None:
            place = _place(made, prefix)
            if place is None:
                return navl.unflatten(flat)
        place[key[-1]] = value
    for place in made.values():
        for name, value in place.items():
            if type(value) is _Items:
                place[name] = [value[index] for index in sorted(value)]
    return root


def _place(made: dict[FlatKey, dict[str, Any]], prefix: FlatKey) -> dict[str, Any] | None:
    """The dictionary at a prefix, made with its parents; ``None`` where a value stands there."""
    parent = made.get(prefix[:-2])
    if parent is None:
        parent = _place(made, prefix[:-2])
    items = parent.setdefault(prefix[-2], _Items()) if parent is not None else None
    if type(items) is not _Items:
        return None
    made[prefix] = items.setdefault(prefix[-1], {})
    return made[prefix]
