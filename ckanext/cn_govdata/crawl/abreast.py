"""Several records read at one time: their requests go out together, their results stay in order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ckanext.cn_govdata.crawl.errors import FetchError
from ckanext.cn_govdata.crawl.found import Found, Talk
from ckanext.cn_govdata.crawl.messages import Response
from ckanext.cn_govdata.crawl.outcome import Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.cn_govdata.crawl.messages import Request


@dataclass(slots=True)
class _Lane:
    """One record on its way."""

    talk: Talk[None]
    asks: Request | None = None
    found: list[Found] = field(default_factory=list)

    def go_on(self, answer: Response | FetchError | None, failures: list[Stopped]) -> None:
        """Hand in the answer and run up to the next request, the end, or a failure."""
        self.asks = None
        try:
            if isinstance(answer, FetchError):
                said = self.talk.throw(answer)
            else:
                said = self.talk.send(answer)
            while isinstance(said, Found):
                self.found.append(said)
                said = self.talk.send(None)
        except StopIteration:
            return
        except Stopped as stop:
            failures.append(stop)
            return
        if isinstance(said, tuple):
            raise TypeError("a record asks for one thing at a time")
        self.asks = said


def abreast(talks: Iterator[Talk[None]], limit: int) -> Talk[None]:
    """Run `talks`, at most `limit` at one time.

    Yields what they find in their order. A `Stopped` of one ends the intake; those that run
    already are read to their end, then the first is raised.
    """
    lanes: deque[_Lane] = deque()
    failures: list[Stopped] = []
    try:
        while True:
            _take_in(lanes, talks, limit, failures)
            if not lanes:
                break
            while lanes and lanes[0].asks is None:
                yield from lanes.popleft().found
            waiting = [lane for lane in lanes if lane.asks is not None]
            if waiting:
                answers = yield from _ask(waiting)
                for lane, answer in zip(waiting, answers, strict=True):
                    lane.go_on(answer, failures)
    finally:
        for lane in lanes:
            lane.talk.close()
    if failures:
        raise failures[0]


def _take_in(
    lanes: deque[_Lane], talks: Iterator[Talk[None]], limit: int, failures: list[Stopped]
) -> None:
    while not failures and len(lanes) < limit:
        talk = next(talks, None)
        if talk is None:
            return
        lanes.append(_Lane(talk))
        lanes[-1].go_on(None, failures)


def _ask(waiting: list[_Lane]) -> Talk[list[Response | FetchError]]:
    """Ask for what the lanes wait for, together if they are several."""
    requests = tuple(lane.asks for lane in waiting if lane.asks is not None)
    if len(requests) > 1:
        answers = yield requests
        return answers if isinstance(answers, list) else []
    try:
        answer = yield requests[0]
    except FetchError as error:
        return [error]
    return [answer] if isinstance(answer, Response) else []
