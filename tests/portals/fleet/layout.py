"""Which portals the fleet has: their families, divisions, hosts and sizes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.standards import divisions
from tests.portals import catalogue

from .stock import USUAL, Stock, Turnover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.portals.records import Record

LARGEST = 20_000  # records of the largest portal of a nation of NATION records
NATION = 350_000
_SKEW = 0.7
_SMALLEST = 5


@dataclass(frozen=True)
class Family:
    """How portals of a family are replayed: whose stored records, how many there are of it."""

    name: str
    weight: int  # portals of the shipped registry
    files: tuple[str, ...]
    parameters: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    division: tuple[str, str] | None = None  # parameter and what follows the code: hosts are shared


_INSPUR = ("sichuan_dazhou", "guangxi_laibin", "jiangsu_suqian", "ningxia_ningxia", "anhui_luan")
_ANY = ("sichuan_dazhou", "guangxi_laibin", "zhejiang_shaoxing", "sichuan_deyang")
FAMILIES = (
    Family("inspur-oportal", 57, _INSPUR, {"context": "/oportal"}, {"context": "/oportal"}),
    Family("gd-findpage", 24, _ANY),
    Family(
        "guizhou-search",
        11,
        ("guizhou_zunyi", "guizhou_anshun", "guizhou_bijie", "guizhou_qiannan"),
        division=("divisionId", ""),
    ),
    Family(
        "fujian-open-portal",
        11,
        _ANY,
        {"type": "2", "currentTab": "city"},
        division=("cityCode", "000000"),
    ),
    Family("inspur-odweb", 6, _INSPUR, {"context": "/odweb"}, {"context": "/odweb"}),
    Family("jdop", 6, ("zhejiang_wenzhou",)),
    Family("epoint-openportal", 4, ("jiangsu_jiangsu",)),
    Family("portal-dataservice", 4, _ANY),
    Family("exchangeopengateway", 4, ("sichuan_deyang", "jiangsu_xuzhou")),
    Family("athena", 3, ("zhejiang_shaoxing",)),
    Family("openresource", 2, _ANY),
    Family("open-data-web", 2, ("anhui_hefei",)),
    Family("jiangxi-opendata", 2, _ANY),
    Family("zs-dataserver", 2, _ANY, {"context": "/web"}, {"context": "/web"}),
)
_SHARING = 8  # portals of one host, in families that tell divisions apart


@dataclass(frozen=True)
class Portal:
    """One portal of the fleet."""

    number: int
    division: str
    family: Family
    host: str  # an address of the loopback
    size: int

    @property
    def portal_id(self) -> str:
        """Not the id of any real portal, whose variants would be taken for it."""
        return f"{self.division}-replay"

    @property
    def parameters(self) -> dict[str, str]:
        """Parameters of its harvest source."""
        if self.family.division is None:
            return dict(self.family.parameters)
        name, end = self.family.division
        return {**self.family.parameters, name: f"{self.division}{end}"}

    def stock(self, turnover: Turnover = USUAL) -> Stock:
        """Its records, of generation 0."""
        found = divisions.get(self.division)
        return Stock(
            _records(self.family.files),
            self.number,
            self.size,
            name=found.name_zh if found else "",
            division=self.division,
            family=self.family.name,
            turnover=turnover,
        )

    def entry(self, port: int) -> dict[str, Any]:
        """The portal as `make bench-national PORTALS=FILE.json` lists it."""
        return {
            "portal": self.portal_id,
            "family": self.family.name,
            "base_url": f"http://{self.host}:{port}",
            "context": self.parameters.get("context", ""),
            "parameters": self.parameters,
            "settings": {},
            "records": self.size,
        }


def portals(number: int, records: int) -> list[Portal]:
    """Lay out `number` portals of `records` records in all, the same ones at every call."""
    made, hosts = [], 0
    shared: dict[str, tuple[str, int]] = {}
    chosen = zip(_places(number), _families(), sizes(number, records), strict=False)
    for count, (division, family, size) in enumerate(chosen):
        host, sharing = shared.get(family.name, ("", _SHARING))
        if family.division is None or sharing == _SHARING:
            hosts += 1
            host, sharing = _address(hosts), 0
        shared[family.name] = (host, sharing + 1)
        made.append(Portal(count, division, family, host, size))
    return made


def sizes(number: int, records: int) -> list[int]:
    """Sizes of the portals, as skewed as in reality: one very large, most of a few hundred."""
    if number == 1:
        return [records]
    largest = min(LARGEST, records * LARGEST // NATION) if number > _SHARING else records // number
    weights = [rank**-_SKEW for rank in range(1, number)]
    rest, total = records - largest, sum(weights)
    found = [max(_SMALLEST, int(rest * weight / total)) for weight in weights]
    found[0] += rest - sum(found)
    # The next largest is not the second portal: neighbours are of different size and family.
    half = len(found) // 2
    mixed = [
        each for pair in zip(found[:half], reversed(found[half:]), strict=False) for each in pair
    ]
    return [largest, *mixed, *found[half : len(found) - half]]


def _places(number: int) -> list[str]:
    """Codes of provinces, then prefectures, then counties of today."""
    provinces = [one.code for one in divisions.provinces()]
    prefectures = [one.code for code in provinces for one in divisions.children(code)]
    counties = [one.code for code in prefectures for one in divisions.children(code)]
    found = list(dict.fromkeys((*provinces, *prefectures, *counties)))
    if len(found) < number:
        raise ValueError(f"There are {len(found)} divisions, not {number}")
    return found[:number]


def _families() -> cycle[Family]:
    """Families in turn, each as often as it is in the registry, spread evenly."""
    total = sum(family.weight for family in FAMILIES)
    due = [
        ((turn + 0.5) / family.weight, place, family)
        for place, family in enumerate(FAMILIES)
        for turn in range(family.weight)
    ]
    ordered = [family for _, _, family in sorted(due, key=lambda each: each[:2])]
    return cycle(islice(ordered, total))


def _address(host: int) -> str:
    """127.1.0.1 and on: each host an address of its own on the loopback."""
    return f"127.{1 + host // 62_500}.{host // 250 % 250}.{1 + host % 250}"


@cache
def _records(files: tuple[str, ...]) -> Sequence[Record]:
    found = {one.file: one for one in catalogue.portals()}
    return [record for file in files for record in found[file].records()]
