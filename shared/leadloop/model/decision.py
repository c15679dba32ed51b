"""The answer of `decide`: the outcome of a trigger, what changes, and on what basis."""

from datetime import datetime
from typing import Literal, NamedTuple

from leadloop.model.base import Model, Reason
from leadloop.model.count import Count
from leadloop.model.delivery import Delivery
from leadloop.model.event import Event
from leadloop.model.facts import Change, Check
from leadloop.model.lead import Lead, SubmissionOutcome
from leadloop.model.person import Person
from leadloop.model.trace import Basis, DecisionTrace


class Verdict(Model):
    """The outcome of a submission.

    `repeated`: it was decided before, and this is the stored outcome. `conflict`: the id was used
    before with other bytes, and nothing was decided (a queued door keeps the second body as a
    touch, the partner door answers 409). `ignored` are the names in the body that no field takes.
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
    """A signal, command, due or report took effect; `repeated`: it had before."""

    kind: Literal["applied"] = "applied"
    lead_id: str
    version: int
    what: str
    late: bool = False
    repeated: bool = False


class Ignored(Model):
    """Nothing is to be done, and why: stale timer, unknown lead, provisional signal."""

    kind: Literal["ignored"] = "ignored"
    why: str


class SignalStored(Model):
    """A signal of an unknown person is stored until we know the person.

    `repeated`: it was stored before.
    """

    kind: Literal["kept"] = "kept"
    what: str
    repeated: bool = False


class Postponed(Model):
    """It cannot be decided yet: nothing was written, and the trigger is to come again later."""

    kind: Literal["postponed"] = "postponed"
    why: str


class Refused(Model):
    """A command cannot be done. `error` names the class of `model.errors` to answer with."""

    kind: Literal["refused"] = "refused"
    error: Literal["NotFound", "Conflict", "IllegalMove", "Stale", "Forbidden", "FieldsInvalid"]
    text: str


class Send(Model):
    """The delivery is claimed: send it now to `address`. The template gets `person` and `lead`."""

    kind: Literal["send"] = "send"
    delivery: Delivery
    person: Person
    lead: Lead
    address: str


class Hold(Model):
    """The delivery waits until `until`."""

    kind: Literal["hold"] = "hold"
    until: datetime
    why: str


class DropDelivery(Model):
    """The delivery is never sent: consent, stop, too late, or sent before."""

    kind: Literal["drop"] = "drop"
    why: str


Outcome = (
    Verdict | Applied | Ignored | SignalStored | Postponed | Refused | Send | Hold | DropDelivery
)


class Decision(NamedTuple):
    """What `decide` answers: `changes` and `counts` are written in one transaction.

    `checks` is what must not have changed until then.
    `events` and `trace` are part of `changes` already; here tests and simulations read them.
    """

    outcome: Outcome
    basis: Basis
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    counts: tuple[Count, ...] = ()
    checks: tuple[Check, ...] = ()
    events: tuple[Event, ...] = ()
    trace: DecisionTrace | None = None
