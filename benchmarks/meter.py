"""What a piece of work costs: seconds, processor seconds, SQL statements and memory."""

import resource
import time
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import sqlalchemy as sa
from ckan import model


@dataclass
class Cost:
    wall: float = 0.0
    cpu: float = 0.0
    statements: int = 0

    def each(self, number):
        """Milliseconds, processor milliseconds and statements a record."""
        return (1000 * self.wall / number, 1000 * self.cpu / number, self.statements / number)


@contextmanager
def measured():
    """Measure the block; the cost is whole when it has ended."""
    cost = Cost()
    engine = model.ensure_engine()

    def count(*_):
        cost.statements += 1

    sa.event.listen(engine, "before_cursor_execute", count)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield cost
    finally:
        cost.wall = time.perf_counter() - wall
        cost.cpu = time.process_time() - cpu
        sa.event.remove(engine, "before_cursor_execute", count)


def peak_mb():
    """The most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def table(rows, number):
    """Print the cost of each named row, a record."""
    print(f"{'':24}{'ms/record':>11}{'CPU ms':>9}{'SQL/record':>12}")
    for name, cost in rows:
        wall, cpu, statements = cost.each(number)
        print(f"{name:24}{wall:>11.3f}{cpu:>9.3f}{statements:>12.3f}")


class Comparison:
    """The stock way against ours in several rounds, each side in turn.

    The machine is never quiet: a ratio of one round says little, the middle of several more, and
    the lowest and highest say how noisy they were.
    """

    def __init__(self, title):
        self.title = title
        self.rounds = []

    def add(self, stock, stock_number, ours, number):
        """One round: the costs of both sides and how many records each did."""
        self.rounds.append((stock.each(stock_number), ours.each(number)))

    def result(self):
        """The middle of the rounds, as printed."""
        ratios = [stock[0] / ours[0] for stock, ours in self.rounds]
        found = {
            "stock_ms": self._middle(0, 0),
            "ours_ms": self._middle(1, 0),
            "stock_cpu_ms": self._middle(0, 1),
            "ours_cpu_ms": self._middle(1, 1),
            "stock_sql": self._middle(0, 2),
            "ours_sql": self._middle(1, 2),
            "ratio": round(median(ratios), 1),
            "ratios": [round(min(ratios), 1), round(max(ratios), 1)],
        }
        print(f"{self.title}, {len(self.rounds)} rounds")
        print(f"{'':24}{'ms/record':>11}{'CPU ms':>9}{'SQL/record':>12}")
        for side in ("stock", "ours"):
            numbers = (found[f"{side}_{what}"] for what in ("ms", "cpu_ms", "sql"))
            print("{:24}{:>11.3f}{:>9.3f}{:>12.3f}".format(side, *numbers))
        low, high = found["ratios"]
        print(f"ratio {found['ratio']} (rounds from {low} to {high})\n", flush=True)
        return found

    def _middle(self, side, what):
        return round(median(each[side][what] for each in self.rounds), 4)
