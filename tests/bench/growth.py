"""Goal 6: what a lead costs when many are there already, by the same decisions on memory.

The meter bills what DynamoTable would ask; `test_gates` holds its figures to those of the handlers.
"""

import time
from collections.abc import Sequence
from datetime import datetime

from leadloop.act import Failure, act
from leadloop.model.trigger import Trigger
from tests.bench import inquiries
from tests.bench.goals import Figure
from tests.bench.meter import MeteredTable
from tests.bench.units import BATCH, exact_figure
from tests.stories.world import MONDAY, compile_acme

LAST = 200  # leads that are looked at, at each size


class GrowingTable:
    """A table that fills up, ten submissions at a time."""

    def __init__(self) -> None:
        self.table = MeteredTable()
        self.size = 0

    def grow_to(self, size: int) -> None:
        """Found leads until so many are there."""
        while self.size < size:
            self.create_leads(range(self.size, self.size + BATCH))

    def create_leads(self, numbers: range) -> None:
        """One batch of new people."""
        self.act([inquiries.build_submission(n) for n in numbers])
        self.size = numbers.stop

    def act(self, triggers: Sequence[Trigger], at: datetime = MONDAY) -> None:
        """Whatever it is; every one must come to an end."""
        results = act(
            triggers,
            table=self.table,
            playbook=compile_acme(),
            clock=lambda: at,
            pause=lambda _: None,
        )
        assert not [each for each in results if isinstance(each, Failure)]
        self.table.drain_stream()

    def time_next_batch(self) -> float:
        """CPU seconds per lead of founding the next ten."""
        numbers = range(self.size, self.size + BATCH)
        submissions = [inquiries.build_submission(n) for n in numbers]
        began = time.process_time()
        self.act(submissions)
        self.size = numbers.stop
        return (time.process_time() - began) / BATCH


def measure_growth(small: int = 1_000, large: int = 10_000) -> list[Figure]:
    """The same at two sizes, batch by batch in turn: the one's cost over the other's."""
    few, many = GrowingTable(), GrowingTable()
    for grown, size in ((few, small), (many, large)):
        grown.grow_to(size - LAST)
        grown.table.meter.reset()
    cpu = [(few.time_next_batch(), many.time_next_batch()) for _ in range(LAST // BATCH)]
    fast, slow = (min(batches) for batches in zip(*cpu, strict=True))
    less, more = few.table.meter, many.table.meter
    sizes = f"at {large:,} over {small:,}"
    anchor = "BottleCRM x1.6-7.6, Tryton x1.3"
    return [
        exact_figure(
            "6", f"WRU per lead {sizes}", more.write_units() / less.write_units(), "x", 1, anchor
        ),
        exact_figure("6", f"RRU per lead {sizes}", more.read_units / less.read_units, "x", 1),
        Figure(
            goal="6",
            what=f"CPU per lead {sizes}, decision and items",
            value=slow / fast,
            unit="x",
            kind="ratio",
            limit=1.1,
            anchor=anchor,
        ),
        exact_figure("6", "Scan calls", less.calls["Scan"] + more.calls["Scan"], "calls", 0),
        Figure(
            goal="6",
            what="CPU per lead at the smaller size",
            value=fast * 1e3,
            unit="ms",
            kind="time",
        ),
    ]
