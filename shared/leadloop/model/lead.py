"""A contact's interest being worked: the only thing that has a stage."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact, Interest
from leadloop.model.event import Event
from leadloop.model.lifecycle import Stage
from leadloop.model.provider_check import ProviderAnswer
from leadloop.model.submission import Attendance, Channel, ConsentRecord, Raw, Touch

if TYPE_CHECKING:
    from leadloop.model.decision import Verdict


class Rating(StrEnum):
    """How near to buying, by the playbook's thresholds."""

    COLD = "cold"
    WARM = "warm"
    HOT = "hot"


class Points(Model):
    """One row of the score's ledger: which rule gave how many points, and why in plain words."""

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
        """What ratings and thresholds are read against."""
        return self.fit + self.behaviour


class Touchpoint(Model):
    """A confirmed signal, kept for scoring. `id` is the signal's, so each counts once."""

    id: str
    signal: str
    at: datetime


class TimerKind(StrEnum):
    """What a lead (or a waiting delivery, `retry`) waits for."""

    STEP = "step"
    BREACH = "breach"
    RECYCLE = "recycle"
    RETRY = "retry"


class Timer(Model):
    """At most one per kind. Past `not_after` the work is late: reported, and a message not sent."""

    kind: TimerKind
    at: datetime
    not_after: datetime | None = None


class Assignment(Model):
    """Who owns the lead now. `rep` is None when the lead waits in the pool's queue.

    `held`: it counts among the rep's open leads; a won one stays the rep's and is held no more.
    """

    pool: str
    rep: str | None
    at: datetime
    route: str
    takebacks: int = 0
    held: bool = True
    accepted_at: datetime | None = None


class Enrolment(Model):
    """Where a lead stands in a sequence. `version` is the playbook's when it entered."""

    sequence: str
    version: str
    step: str
    entered_at: datetime
    sent: int = 0


class EventAttendance(Model):
    """How the person stands to an event, and since when we were told so."""

    status: Attendance
    at: datetime


class OfferGrant(Model):
    """What a form promised and the person has: a `code` of a pool, a seat's number, or a file."""

    offer: str
    code: str | None = None
    at: datetime


class OpenQuestion(Model):
    """The person has asked what only a person can answer, and nobody has; the oldest is kept.

    While nobody works the lead it waits in the list of `pool`.
    """

    at: datetime
    pool: str


class OpportunityState(StrEnum):
    """Open until somebody wins or loses it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Opportunity(Model):
    """A possible deal, inside its lead; `value` in minor units. The id is `<lead id>-<n>`."""

    id: str
    state: OpportunityState
    opened_at: datetime
    existing_customer: bool = False
    value: int | None = None
    currency: str | None = None
    closed_at: datetime | None = None
    reason: str | None = None


class Lead(Model):
    """One person is one lead record for life; `cycle` counts how often it was worked.

    `applied` are the ids of the last triggers that changed it (newest last), by which an own
    write is known again after a lost answer. `sends` are the times of messages to the person.
    `handed_back_at` is the total that sales has rejected: it takes more, or a new inquiry, to
    qualify again.
    `subscriber`: has only subscribed to something, and is no sales lead until the score says so.
    `quiet`: another system's, kept as it stood there; until somebody releases it, or the person
    asks, nothing of it is said, routed or timed.
    `since` tells when a value was received, where that is not `created_at`, by contact field,
    `interest.<field>` or `fields.<own>`: the earliest value wins whatever the order of arrival,
    and one set by a person always.
    """

    contact: Contact
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
    account: str | None = None
    assignment: Assignment | None = None
    enrolment: Enrolment | None = None
    opportunities: tuple[Opportunity, ...] = ()
    timers: tuple[Timer, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()
    first_touch: Touch | None = None
    last_touch: Touch | None = None
    consents: tuple[ConsentRecord, ...] = ()
    possible_matches: tuple[str, ...] = ()
    attendance: dict[str, EventAttendance] = {}  # by event
    sends: tuple[datetime, ...] = ()
    given: tuple[OfferGrant, ...] = ()
    subscriber: bool = False
    quiet: bool = False
    open_question: OpenQuestion | None = None
    applied: tuple[str, ...] = ()

    @property
    def opportunity(self) -> Opportunity | None:
        """The one that is open, else the last one."""
        is_open = (o for o in self.opportunities if o.state is OpportunityState.OPEN)
        return next(is_open, self.opportunities[-1] if self.opportunities else None)


class SubmissionOutcome(StrEnum):
    """The four ends of a submission; each has exactly one, set once."""

    LEAD = "lead"
    MERGED = "merged"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


class Record(Model):
    """What became of a submission. The one that founds a lead *is* the lead: `lead` is set.

    `lead_id` is the lead the submission belongs to (its own id when it founds one). `events` are
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
    parser: str | None = None  # as the submission's
    ignored: tuple[str, ...] = ()  # the same
    lead_id: str | None = None
    lead: Lead | None = None
    events: tuple[Event, ...] = ()
    contact: Contact | None = None  # as understood, while quarantined
    touch: Touch | None = None  # the same: what the envelope told, for its release
    answers: str | None = None  # the same, as the submission's
    part: int = 1  # as the submission's
    test: bool = False
    cause: str | None = None
    released_as: str | None = None
    checks: tuple[ProviderAnswer, ...] = ()  # what others said of it, by which it was decided
    released_by: Actor | None = None
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
