"""A record in the making: the raw values, what has become of them, and the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl.messages import Finding
from ckanext.cn_govdata.text.clean import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.nodes import Node
    from ckanext.cn_govdata.crawl.source import Source

MAX_FINDINGS = 50
_LONGEST_QUOTE = 200


class Draft:
    """Collects the fields of one record.

    `raw` holds the texts by field, the detail's before the list's; `fields` what the record will
    have; `extra` what goes to `source_extra`.
    """

    def __init__(self, source: Source, raw: Mapping[str, Any]) -> None:
        self.source = source
        self._parameters = source.values()
        self.raw = _merged(raw.get("list", {}), raw.get("detail", {}))
        self.each: Mapping[str, list[Mapping[str, Any]]] = raw.get("each", {})
        self.fields: dict[str, Any] = {}
        self.extra: dict[str, Any] = dict(raw.get("extra", {}))
        self.findings: list[Finding] = []

    def texts(self, name: str) -> list[str]:
        """Return the raw texts of a field that may have several."""
        value = self.raw.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def value(self, name: str) -> Node:
        """Return what a name in an address stands for: a field, else a parameter."""
        return self.fields.get(name) or self.raw.get(name) or self._parameters.get(name)

    def find(self, field: str, value: Node, reason: str) -> None:
        """Note a finding; beyond 50 a record says no more than its first."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(field, str(value)[:_LONGEST_QUOTE], reason))

    def reject(self, field: str, value: Node, reason: str) -> None:
        """Note a finding and keep the value, which no field takes, in `source_extra`."""
        self.find(field, value, reason)
        self.extra.setdefault(field, value)


def _merged(listed: Mapping[str, Any], detail: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(listed)
    for name, value in detail.items():
        if name not in merged or not is_placeholder(value):
            merged[name] = value
    return merged
