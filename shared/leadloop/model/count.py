"""Counts with a cap that is never passed: how often something happened in a period.

A count is read as a fact. What a decision adds is guarded by the cap when it is written. So two
decisions that add at the same moment need not wait for each other, and together keep the cap.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from leadloop.model.reference import Digest, Entity, Ref


class CountValue(Entity):
    """The sum of what was added; the table may delete it after `until`."""

    kind: Literal["count"] = "count"
    value: int
    until: datetime | None = None

    @property
    def expires_at(self) -> datetime | None:
        """The end of its period, and some time to look at it."""
        return self.until


class CountRef(Ref[CountValue], partition="COUNT#", sort=""):
    """What `counter` counts in `period`, such as `2026-03-02T09`; nothing is there before."""

    counter: str
    period: str

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return digest("counter", self.counter), self.period


class Count(NamedTuple):
    """Add `by` to a count, unless that makes it more than `at_most`. A negative `by` gives back.

    `until` is when the first who adds lets the count expire.
    """

    ref: CountRef
    by: int
    at_most: int
    until: datetime

    @property
    def expires_at(self) -> datetime:
        """`until` in whole seconds, as the table keeps it."""
        return self.until.replace(microsecond=0)
