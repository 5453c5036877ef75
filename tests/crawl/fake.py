"""A portal in memory that can be good or bad, and the profile that reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.errors import FetchError
from ckanext.cn_govdata.crawl.messages import Fingerprints, Item, Report, Request, Response
from ckanext.cn_govdata.crawl.profile import Profile
from ckanext.cn_govdata.crawl.source import Source

PROFILE = {
    "family": "fake",
    "volatile": ["clicks"],
    "landing_page": "/page/{source_id}",
    "list": {
        "get": "/list?page={page}&offset={offset}&size={size}",
        "page": {"first": 1, "size": 10, "total": "json:total"},
        "records": "json:rows",
        "fields": {
            "source_id": "json:id",
            "title": "json:name",
            "source_modified": "json:updated",
            "source_views": "json:views",
        },
    },
    "detail": {
        "get": "/detail/{source_id}",
        "withdrawn": "json:gone",
        "fields": {"notes": "json:text", "provider_name": "json:office"},
    },
}


def profile(page: dict | None = None, **changes: object) -> Profile:
    """The fake family's profile; `page` replaces its paging, `changes` other keys."""
    mapping = {**PROFILE, **changes}
    if page is not None:
        mapping["list"] = {**mapping["list"], "page": page}
    return Profile.from_mapping(mapping)


def source(**changes: object) -> Source:
    defaults = {
        "profile": profile(),
        "portal_id": "000000",
        "base_url": "http://portal.test",
        "today": date(2024, 5, 1),
    }
    return Source(**{**defaults, **changes})


def answer(value: object, status: int = 200, url: str = "http://portal.test/") -> Response:
    body = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return Response(status, url, {"content-type": "application/json"}, body)


@dataclass
class FakePortal:
    """Answers `PROFILE`. `pages` overrides pages by number; `bodies` answers by path."""

    ids: list[str]
    size: int = 10
    max_size: int | None = None
    total: object = ...
    pages: dict[int, list[str]] = field(default_factory=dict)
    bodies: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    views: int = 0
    shrink: int = 0
    dates: dict[str, str] = field(default_factory=dict)
    arrivals: dict[int, str] = field(default_factory=dict)  # nth list request -> new id on top
    leavers: dict[int, str] = field(default_factory=dict)  # nth list request -> id that goes
    listings: int = 0
    asked: list[str] = field(default_factory=list)

    def fetch(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        self.asked.append(parts.path + ("?" + parts.query if parts.query else ""))
        planned = self.bodies.get(parts.path, self.bodies.get(f"{parts.path}?{parts.query}"))
        if isinstance(planned, FetchError):
            raise planned
        if planned is not None:
            return planned if isinstance(planned, Response) else answer(planned)
        if parts.path == "/list":
            return answer(self._list({k: v[0] for k, v in parse_qs(parts.query).items()}))
        return answer(self._detail(unquote(parts.path.removeprefix("/detail/"))))

    def _list(self, query: dict[str, str]) -> dict[str, object]:
        size = int(query.get("size") or self.size)
        if self.max_size is not None and size > self.max_size:
            size = self.size
        page = int(query["page"])
        self.listings += 1
        if self.listings in self.arrivals:
            self.ids.insert(0, self.arrivals[self.listings])
        if self.listings in self.leavers:
            self.ids.remove(self.leavers[self.listings])
        ids = self.pages.get(page, self.ids[(page - 1) * size : page * size])
        total = len(self.ids) if self.total is ... else self.total
        if self.shrink:
            total = max(0, total - self.shrink * (page - 1))
        rows = [self._row(one) for one in ids]
        return {"rows": rows} if total is None else {"total": total, "rows": rows}

    def _row(self, one: str) -> dict[str, object]:
        updated = self.dates.get(one, "2024-01-02")
        return {
            "id": one,
            "name": f"数据集{one}",
            "updated": updated,
            "views": self.views,
            "clicks": self.views,
        }

    def _detail(self, one: str) -> dict[str, object]:
        return {"text": self.texts.get(one, f"摘要{one}"), "office": "市统计局"}

    @property
    def details(self) -> list[str]:
        """The ids whose details were asked for."""
        return [path.removeprefix("/detail/") for path in self.asked if path.startswith("/detail/")]


class Memory(dict):
    """A `Known` that learns from items as a catalogue does."""

    def learn(self, items: list[Item]) -> None:
        for item in items:
            if item.fingerprints is not None:
                self[item.source_id] = item.fingerprints


def read(
    portal: FakePortal, known: dict[str, Fingerprints] | None = None, **changes: object
) -> tuple[list[Item], Report]:
    """Read a fake portal to the end."""
    crawl = flow.crawl(source(**changes), portal.fetch, known)
    return list(crawl), crawl.report


__all__ = ["PROFILE", "FakePortal", "Memory", "answer", "profile", "read", "replace", "source"]
