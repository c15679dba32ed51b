"""What sales does with a lead. A field with a default is not stored while it has that value.

Values are in minor units of their currency.
"""

from typing import NamedTuple

from leadloop.model.lifecycle import Stage


class OwnerChanged(NamedTuple):
    """A rep has got the lead, or it waits in the queue of a pool (`owner` is null)."""

    pool: str
    why: str
    before: str | None = None
    owner: str | None = None
    route: str | None = None


class LeadAccepted(NamedTuple):
    """The owner has taken the lead on (SAL); a customer's stage stays as it is."""

    owner: str | None
    pool: str
    stage: Stage | None = None
    stage_before: Stage | None = None


class LeadTakenBack(NamedTuple):
    """The owner did not accept in time, and loses the lead."""

    owner: str
    takebacks: int


class LeadConverted(NamedTuple):
    """The lead has become an opportunity."""

    opportunity: str
    value: int | None = None
    currency: str | None = None
    owner: str | None = None
    product_line: str | None = None
    stage: Stage = Stage.CONVERTED
    stage_before: Stage = Stage.ACCEPTED


class OpportunityOpened(NamedTuple):
    """A customer has asked again: the next opportunity; no stage moves."""

    opportunity: str
    existing_customer: bool
    product_line: str | None = None


class OpportunityWon(NamedTuple):
    """The opportunity is won; the lead is a customer from now on, or was one."""

    opportunity: str
    value: int | None = None
    currency: str | None = None
    existing_customer: bool = False
    owner: str | None = None
    product_line: str | None = None
    stage: Stage = Stage.CUSTOMER
    stage_before: Stage | None = None


class OpportunityLost(NamedTuple):
    """The opportunity is lost; a customer's stage stays as it is."""

    opportunity: str
    reason: str
    value: int | None = None
    currency: str | None = None
    existing_customer: bool = False
    owner: str | None = None
    product_line: str | None = None
    stage: Stage | None = None
    stage_before: Stage | None = None


class LeadRecycled(NamedTuple):
    """The lost lead waits until it is worked again."""

    until: str
    reason: str | None = None
    stage: Stage = Stage.RECYCLED


class LeadClosed(NamedTuple):
    """The lost lead is not worked again: its reason says so, or its cycles are used up."""

    cycle: int
    reason: str | None = None
    stage: Stage = Stage.DISQUALIFIED
    stage_before: Stage = Stage.RECYCLED


class QuestionAsked(NamedTuple):
    """The person has asked what only a person can answer; it waits for a pool."""

    pool: str


class QuestionAnswered(NamedTuple):
    """A person has answered the open question."""

    pool: str
    waited_seconds: int
