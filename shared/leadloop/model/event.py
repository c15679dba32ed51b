"""What happened, in the past tense; stored in the same transaction as its change."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Model
from leadloop.model.reference import Digest, Entity, Ref
from leadloop.model.submission import Raw, Touch
from leadloop.model.trace import DecisionTrace

Scalar = str | int | bool | None


class Event(Model):
    """One event as it is stored. `id` is `<trigger id>#<n>`, `cause` is the trigger's id.

    Of other leads of the person that the trigger changes too, `id` is `<trigger id>#<lead>.<n>`.

    `name` is that of a class of `model.events`, `data` are its fields. Events go to the lake, so
    `data` holds no direct identifier of a person.
    """

    id: str
    name: str
    version: int = 1
    occurred_at: datetime
    cause: str
    lead_id: str | None = None
    actor: str | None = None
    data: dict[str, Scalar] = {}


class TimelineEntry(Entity):
    """The events that one trigger added to a lead, after those that a record has.

    `trace` is what the decision saw, if it changed a lead. One without events lies at a `TraceRef`.
    """

    kind: Literal["entry"] = "entry"
    lead_id: str
    at: datetime
    trigger_id: str
    n: int = 0
    events: tuple[Event, ...]
    touch: Touch | None = None
    raw: Raw | None = None  # another body that came under an id already decided
    note: str | None = None  # a person's free text: it stays in the table and never enters the lake
    trace: DecisionTrace | None = None


class EntryRef(Ref[TimelineEntry], partition="S#", sort="E#"):
    """An entry of a person's timeline: a decision writes it and never reads it.

    `at` is the entry's time as ISO 8601 text, so that entries sort by time.
    """

    person_id: str
    at: str
    trigger_id: str
    n: int

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.person_id, f"{self.at}#{self.trigger_id}#{self.n}"


class TraceRef(Ref[TimelineEntry], partition="S#", sort="T#"):
    """What a decision saw that has no entry on the timeline; no reader of events sees it."""

    person_id: str
    at: str
    trigger_id: str
    n: int

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.person_id, f"{self.at}#{self.trigger_id}#{self.n}"
