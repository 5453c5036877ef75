"""What a piece of work costs: seconds, processor seconds and SQL statements."""

import time
from contextlib import contextmanager
from dataclasses import dataclass

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


def table(rows, number):
    """Print the cost of each named row, a record."""
    print(f"{'':24}{'ms/record':>11}{'CPU ms':>9}{'SQL/record':>12}")
    for name, cost in rows:
        wall, cpu, statements = cost.each(number)
        print(f"{name:24}{wall:>11.3f}{cpu:>9.3f}{statements:>12.3f}")
