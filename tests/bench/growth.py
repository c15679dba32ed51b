"""Goal 6: what a lead costs when many are there already, by the same decisions on memory.

The meter bills what DynamoTable would ask; `test_gates` holds its figures to those of the handlers.
"""

import time
from collections.abc import Sequence

from leadloop.act import Failure, act
from leadloop.model.trigger import Trigger
from tests.bench import inquiries
from tests.bench.goals import Figure
from tests.bench.meter import MeteredTable
from tests.bench.units import BATCH, exact
from tests.stories.world import MONDAY, acme

LAST = 200  # leads that are looked at, at each size


class Grown:
    """A table that fills up, ten submissions at a time."""

    def __init__(self) -> None:
        self.table = MeteredTable()
        self.size = 0

    def to(self, size: int) -> None:
        """Found leads until so many are there."""
        while self.size < size:
            self.found(range(self.size, self.size + BATCH))

    def found(self, numbers: range) -> None:
        """One batch of new people."""
        self.act([inquiries.submission(n) for n in numbers])
        self.size = numbers.stop

    def act(self, triggers: Sequence[Trigger]) -> None:
        """Whatever it is; every one must come to an end."""
        results = act(
            triggers,
            table=self.table,
            playbook=acme(),
            clock=lambda: MONDAY,
            pause=lambda _: None,
        )
        assert not [each for each in results if isinstance(each, Failure)]
        self.table.drain_stream()

    def cost(self) -> tuple[float, float, float, int]:
        """Of the next leads: write and read units, CPU seconds per lead (best batch), scans."""
        self.table.meter.reset()
        cpu = []
        for first in range(self.size, self.size + LAST, BATCH):
            submissions = [inquiries.submission(n) for n in range(first, first + BATCH)]
            began = time.process_time()
            self.act(submissions)
            cpu.append((time.process_time() - began) / BATCH)
        self.size += LAST
        meter = self.table.meter
        scans = meter.calls["Scan"]
        return meter.write_units() / LAST, meter.read_units / LAST, min(cpu), scans


def growth(small: int = 1_000, large: int = 10_000) -> list[Figure]:
    """The same at two sizes, over each other."""
    grown = Grown()
    grown.to(small - LAST)
    few = grown.cost()
    grown.to(large - LAST)
    many = grown.cost()
    sizes = f"at {large:,} over {small:,}"
    anchor = "BottleCRM x1.6-7.6, Tryton x1.3"
    return [
        exact("6", f"WRU per lead {sizes}", many[0] / few[0], "x", 1, anchor),
        exact("6", f"RRU per lead {sizes}", many[1] / few[1], "x", 1),
        Figure(
            goal="6",
            what=f"CPU per lead {sizes}, decision and items",
            value=many[2] / few[2],
            unit="x",
            kind="ratio",
            limit=1.1,
            anchor=anchor,
        ),
        exact("6", "Scan calls", few[3] + many[3], "calls", 0),
        Figure(
            goal="6",
            what="CPU per lead at the smaller size",
            value=few[2] * 1e3,
            unit="ms",
            kind="time",
        ),
    ]
