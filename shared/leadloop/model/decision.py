"""What a trigger became, what changes, and on what basis: the answer of `decide`."""

from datetime import datetime
from typing import Literal, NamedTuple

from leadloop.model.base import Model, Reason
from leadloop.model.delivery import Delivery
from leadloop.model.event import Event
from leadloop.model.facts import Change
from leadloop.model.lead import Lead, SubmissionOutcome


class Basis(Model):
    """Playbook version and time: with the trigger and the facts they give the decision again."""

    playbook: str
    now: datetime


class Verdict(Model):
    """The outcome of a submission. `repeated`: decided before, this is the stored answer.

    `conflict`: the id was used before with other bytes; nothing was decided (queued doors keep
    the second body as a touch, the partner door answers 409). `ignored` are the names in the body
    that nothing takes.
    """

    kind: Literal["verdict"] = "verdict"
    submission_id: str
    outcome: SubmissionOutcome
    lead_id: str | None = None
    reasons: tuple[Reason, ...] = ()
    ignored: tuple[str, ...] = ()
    repeated: bool = False
    conflict: bool = False


class Applied(Model):
    """A signal, command, due or report took effect (or had already: `repeated`)."""

    kind: Literal["applied"] = "applied"
    lead_id: str
    version: int
    what: str
    late: bool = False
    repeated: bool = False


class Ignored(Model):
    """Nothing to do, and why: stale timer, unknown lead, provisional signal."""

    kind: Literal["ignored"] = "ignored"
    why: str


class SignalStored(Model):
    """A signal of somebody nobody knows yet waits for who it will be (or did: `repeated`)."""

    kind: Literal["kept"] = "kept"
    what: str
    repeated: bool = False


class Postponed(Model):
    """Cannot be decided yet, and nothing was written: it is to come again, later."""

    kind: Literal["postponed"] = "postponed"
    why: str


class Refused(Model):
    """A command cannot be done. `error` names the class of `model.errors` a door answers with."""

    kind: Literal["refused"] = "refused"
    error: Literal["NotFound", "Conflict", "IllegalMove", "Stale", "Forbidden", "FieldsInvalid"]
    text: str


class Send(Model):
    """The delivery is claimed: say it now. `address` is where to; the template gets `lead`."""

    kind: Literal["send"] = "send"
    delivery: Delivery
    lead: Lead
    address: str


class Hold(Model):
    """Not now: it was put back until `until`."""

    kind: Literal["hold"] = "hold"
    until: datetime
    why: str


class DropDelivery(Model):
    """Never: consent, stop, too late, or already handed over."""

    kind: Literal["drop"] = "drop"
    why: str


Outcome = (
    Verdict | Applied | Ignored | SignalStored | Postponed | Refused | Send | Hold | DropDelivery
)


class Decision(NamedTuple):
    """`changes` go into one transaction; `events` are in them already, and shown here for tests."""

    outcome: Outcome
    basis: Basis
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    events: tuple[Event, ...] = ()
