"""What happens to a lead. A field with a default is not stored while it has that value."""

from typing import NamedTuple

from leadloop.model.lead import Rating
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Attendance, Channel


class LeadCreated(NamedTuple):
    """A submission has founded a sales lead, or a mere subscriber has become one."""

    source: str
    channel: Channel
    product_line: str | None = None
    campaign: str | None = None
    purposes: str | None = None
    stage: Stage = Stage.NEW


class ContactSubscribed(NamedTuple):
    """A person has subscribed, and is no sales lead by that."""

    source: str
    channel: Channel | None = None
    product_line: str | None = None
    campaign: str | None = None
    purposes: str | None = None


class PossibleMatchFound(NamedTuple):
    """The person may be the one of another lead; nothing is merged by itself."""

    other: str


class VisitorRecognised(NamedTuple):
    """The browser's touches of before the person was known belong to the lead now."""

    touches: int


class AttendanceChanged(NamedTuple):
    """The person stands otherwise to an event: invited, registered, attended, no-show."""

    event: str
    status: Attendance


class ContactEdited(NamedTuple):
    """A person has set contact fields of the lead."""

    fields: str


class LeadScored(NamedTuple):
    """The score or the rating has changed."""

    total: int
    fit: int
    rating: Rating = Rating.COLD


class LeadQualified(NamedTuple):
    """The score is enough for sales (MQL), or the source is direct to sales."""

    total: int
    threshold: int
    direct: bool = False
    stage: Stage = Stage.QUALIFIED
    stage_before: Stage | None = None


class LeadNurtured(NamedTuple):
    """The score of a new lead is not enough for sales: it is nurtured."""

    total: int
    threshold: int
    stage: Stage = Stage.NURTURING
    stage_before: Stage = Stage.NEW


class LeadRejected(NamedTuple):
    """Sales has handed the lead back; the reason tells whether it is nurtured or put aside."""

    reason: str
    stage: Stage
    stage_before: Stage | None = None


class LeadDisqualified(NamedTuple):
    """The lead was put aside: by a person with a reason, or by a stop."""

    reason: str
    stage: Stage = Stage.DISQUALIFIED
    stage_before: Stage | None = None


class LeadReopened(NamedTuple):
    """A lead that waited or was put aside is worked once more: its next cycle begins."""

    cycle: int
    why: str
    stage: Stage = Stage.NEW
    stage_before: Stage | None = None


class LeadKeptQuiet(NamedTuple):
    """A lead of another system's list stands as it stood there, and is not worked."""

    stage: Stage
    owner: str | None = None
    opportunity: str | None = None


class LeadReleased(NamedTuple):
    """The lead is quiet no longer: it is worked from where it stands."""

    why: str
    stage: Stage
