"""One host of the fleet: its portals' records behind the family's renderer, without logs or faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.portals.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.portals.exchange import Request, Response
    from tests.portals.records import Record

    from .layout import Portal
    from .stock import Stock, Turnover


class FleetSite(Site):
    """A site whose records are made when they are asked for."""

    def __init__(self, portals: Sequence[Portal], turnover: Turnover) -> None:
        first = portals[0].family
        super().__init__(first.name, (), **first.options)
        self._stocks = {portal.division: portal.stock(turnover) for portal in portals}
        [*every] = self._stocks.values()
        self._only: Stock = every[0]
        self.records = self._only  # type: ignore[assignment]

    def turn(self, generation: int) -> None:
        """Show all portals of the host as they are at this generation."""
        for stock in self._stocks.values():
            stock.turn(generation)

    def answer(self, request: Request) -> Response:
        """Answer one request; nothing of it is kept."""
        return self._answer(request, 0)

    def newest_first(self) -> Sequence[Record]:
        """As `Site.newest_first`, sorted once a generation."""
        return self._only.newest_first

    def of_division(self, division: str) -> Sequence[Record]:
        """As `Site.of_division`, without a look at every record."""
        return self._stocks.get(division, ())  # type: ignore[return-value]

    def find(self, record_id: str) -> Record | None:
        """As `Site.find`: the id itself says where its record is."""
        found = (stock.find(record_id) for stock in self._stocks.values())
        return next(filter(None, found), None)

    def rendered(self, record: Record, what: str, render: Callable[[Record], Any]) -> Any:
        """Render anew: hardly a record is asked for twice."""
        return render(record)
