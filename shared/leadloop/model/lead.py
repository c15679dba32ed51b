"""A lead: a person's interest in one product line. Only a lead has a stage."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact, Interest
from leadloop.model.event import Event
from leadloop.model.lifecycle import Stage
from leadloop.model.person import Person
from leadloop.model.provider_check import ProviderAnswer
from leadloop.model.reference import Digest, Entity, Ref
from leadloop.model.submission import Channel, Raw, Touch
from leadloop.model.trace import DecisionTrace

if TYPE_CHECKING:
    from leadloop.model.decision import Verdict

REJECTED_RETENTION = timedelta(days=90)


class Rating(StrEnum):
    """How near the person is to buying, by the playbook's thresholds."""

    COLD = "cold"
    WARM = "warm"
    HOT = "hot"


class Points(Model):
    """One row of the score: which rule gave how many points, and why, in words for people."""

    rule: str
    points: int
    reason: str


class Score(Model):
    """`total` = `fit` + `behaviour`, each the sum of its rows in `points`."""

    model: str
    fit: int = 0
    behaviour: int = 0
    points: tuple[Points, ...] = ()

    @property
    def total(self) -> int:
        """The sum that ratings and thresholds are compared with."""
        return self.fit + self.behaviour


class TimerKind(StrEnum):
    """What a lead waits for; `retry` is of a waiting delivery."""

    STEP = "step"
    BREACH = "breach"
    RECYCLE = "recycle"
    RETRY = "retry"


class Timer(Model):
    """When a lead is due again; it has at most one timer per kind and `key`.

    `key` tells apart timers of one kind: the sequence of a step. After `not_after` the work is
    late: it is reported, and a message is not sent.
    """

    kind: TimerKind
    key: str = ""
    at: datetime
    not_after: datetime | None = None


class Assignment(Model):
    """The owner of the lead now. `rep` is None while the lead waits in the pool's queue.

    `held`: it counts among the rep's open leads. A won lead stays the rep's and is no longer held.
    """

    pool: str
    rep: str | None
    at: datetime
    route: str
    takebacks: int = 0
    held: bool = True
    accepted_at: datetime | None = None


class Enrolment(Model):
    """Where a lead stands in a sequence.

    `version` is the playbook's when it entered: its steps, branches and texts are those of then.
    """

    sequence: str
    version: str
    step: str
    entered_at: datetime
    sent: int = 0


class RepAlerts(Model):
    """What the owner was told of this person lately.

    `last_at`: the last alert that was sent or is to be sent. `urgent_at`: the last ones that could
    not wait. `collected`: the id of the delivery that waits and says how often.
    """

    rep: str
    last_at: datetime
    urgent_at: tuple[datetime, ...] = ()
    collected: str | None = None


class OpenQuestion(Model):
    """The oldest question of the person that only a person can answer and that waits for an answer.

    While nobody owns the lead, it waits in the list of `pool`.
    """

    at: datetime
    pool: str


class OpportunityState(StrEnum):
    """An opportunity is open until a person wins or loses it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Opportunity(Model):
    """A possible deal, stored inside its lead. The id is `<lead id>-<n>`.

    `value` is in minor units of `currency` (ISO 4217): cents of a euro.
    """

    id: str
    state: OpportunityState
    opened_at: datetime
    existing_customer: bool = False
    value: int | None = None
    currency: str | None = None
    closed_at: datetime | None = None
    reason: str | None = None


class Lead(Model):
    """A person's interest in one product line; `cycle` counts how often it was worked.

    - `applied`: the ids of the last triggers that changed it, newest last. They tell an own write
      whose answer was lost from another's.
    - `handed_back_at`: the score that sales has rejected. To qualify again takes a higher one, or a
      new inquiry.
    - `subscriber`: the person has only subscribed, and is no sales lead until the score says so.
    - `quiet`: it comes from another system and stands as it stood there. Nothing of it is sent,
      routed or timed until it is released or the person asks again.
    - `since`: when a value was received, if not at `created_at`. Keys are `interest.<field>` or
      `fields.<own>`; else as the person's.
    """

    since: dict[str, datetime] = {}
    interest: Interest = Interest()
    fields: dict[str, str] = {}
    product_line: str
    source: str
    channel: Channel
    stage: Stage = Stage.NEW
    cycle: int = 1
    created_at: datetime
    score: Score
    handed_back_at: int | None = None
    rating: Rating = Rating.COLD
    assignment: Assignment | None = None
    enrolments: tuple[Enrolment, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    timers: tuple[Timer, ...] = ()
    first_touch: Touch | None = None
    last_touch: Touch | None = None
    subscriber: bool = False
    quiet: bool = False
    open_question: OpenQuestion | None = None
    alerts: RepAlerts | None = None
    applied: tuple[str, ...] = ()

    def enrolment(self, sequence: str | None) -> Enrolment | None:
        """Where the lead stands in this sequence; None: it is not in it."""
        return next((each for each in self.enrolments if each.sequence == sequence), None)

    @property
    def opportunity(self) -> Opportunity | None:
        """The opportunity that is open, else the last one."""
        is_open = (o for o in self.opportunities if o.state is OpportunityState.OPEN)
        return next(is_open, self.opportunities[-1] if self.opportunities else None)


class SubmissionOutcome(StrEnum):
    """What became of a submission; it is set once."""

    LEAD = "lead"
    MERGED = "merged"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


class Record(Entity):
    """What became of a submission. The record that founds a lead holds it: `lead` is set.

    `person` is set with it: the one whose lead it is.

    `lead_id` is the lead that the submission belongs to (its own id if it founds one). `events` are
    those of the deciding trigger; later ones are timeline entries.
    """

    id: str
    version: int
    source: str
    channel: Channel
    received_at: datetime
    decided_at: datetime
    outcome: SubmissionOutcome
    reasons: tuple[Reason, ...] = ()
    why_not: tuple[Reason, ...] = ()
    raw: Raw
    playbook: str
    parser: str | None = None  # as of the submission
    ignored: tuple[str, ...] = ()  # as of the submission
    lead_id: str | None = None
    person: Person | None = None
    lead: Lead | None = None
    events: tuple[Event, ...] = ()
    contact: Contact | None = None  # as it was read; only while quarantined
    touch: Touch | None = None  # of the envelope, for its release; only while quarantined
    answers: str | None = None  # as of the submission; only while quarantined
    answered_mail: str | None = None  # likewise
    part: int = 1  # as of the submission
    test: bool = False
    cause: str | None = None
    released_as: str | None = None
    checks: tuple[ProviderAnswer, ...] = ()  # the answers of providers that it was decided by
    released_by: Actor | None = None
    trace: DecisionTrace | None = None  # what its decision saw, if it founded no lead
    kind: Literal["record"] = "record"

    def verdict(self) -> "Verdict":
        """The outcome as a door answers it."""
        from leadloop.model.decision import Verdict  # noqa: PLC0415 - which imports this module

        return Verdict(
            submission_id=self.id,
            outcome=self.outcome,
            lead_id=self.lead_id,
            reasons=self.reasons,
            ignored=self.ignored,
        )

    @property
    def expires_at(self) -> datetime | None:
        """A rejected submission goes 90 days after its decision; all others stay."""
        rejected = self.outcome is SubmissionOutcome.REJECTED
        return self.decided_at + REJECTED_RETENTION if rejected else None


class RecordRef(Ref[Record], partition="S#", sort="S"):
    """A submission's record, and the lead it founds; nothing is there while it is undecided."""

    id: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.id, ""
