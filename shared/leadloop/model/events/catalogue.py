"""All events there are, and how one is written.

An event is stored by its name with the fields that differ from their defaults.
"""

from datetime import datetime
from typing import get_args

from leadloop.model.event import Event, Scalar
from leadloop.model.events.leads import (
    AttendanceChanged,
    ContactEdited,
    ContactSubscribed,
    LeadCreated,
    LeadDisqualified,
    LeadKeptQuiet,
    LeadNurtured,
    LeadQualified,
    LeadRejected,
    LeadReleased,
    LeadReopened,
    LeadScored,
    PossibleMatchFound,
    VisitorRecognised,
)
from leadloop.model.events.messages import (
    AddressConfirmed,
    AddressStopped,
    AlertReturned,
    BranchTaken,
    ConfirmationAsked,
    DeliveryChanged,
    OfferExhausted,
    OfferGiven,
    OfferLimited,
    SequenceEntered,
    SequenceFinished,
    SequenceLeft,
    SequenceMoved,
    SignalConfirmed,
    StepSkipped,
    StepTaken,
    StopLifted,
    TouchSeen,
)
from leadloop.model.events.sales import (
    LeadAccepted,
    LeadClosed,
    LeadConverted,
    LeadRecycled,
    LeadTakenBack,
    OpportunityLost,
    OpportunityOpened,
    OpportunityWon,
    OwnerChanged,
    QuestionAnswered,
    QuestionAsked,
)
from leadloop.model.events.submissions import (
    ErasureAsked,
    HistoryKept,
    SubmissionMerged,
    SubmissionQuarantined,
    SubmissionReadAnew,
    SubmissionRejected,
    SubmissionReleased,
    SubmissionRepeated,
)

EventDetails = (
    SubmissionRejected
    | SubmissionQuarantined
    | SubmissionMerged
    | SubmissionReleased
    | SubmissionRepeated
    | SubmissionReadAnew
    | HistoryKept
    | ErasureAsked
    | LeadCreated
    | ContactSubscribed
    | PossibleMatchFound
    | VisitorRecognised
    | AttendanceChanged
    | ContactEdited
    | LeadScored
    | LeadQualified
    | LeadNurtured
    | LeadRejected
    | LeadDisqualified
    | LeadReopened
    | LeadKeptQuiet
    | LeadReleased
    | OwnerChanged
    | LeadAccepted
    | LeadTakenBack
    | LeadConverted
    | OpportunityOpened
    | OpportunityWon
    | OpportunityLost
    | LeadRecycled
    | LeadClosed
    | QuestionAsked
    | QuestionAnswered
    | SequenceEntered
    | StepTaken
    | StepSkipped
    | BranchTaken
    | SequenceFinished
    | SequenceLeft
    | SequenceMoved
    | SignalConfirmed
    | TouchSeen
    | AlertReturned
    | AddressStopped
    | StopLifted
    | ConfirmationAsked
    | AddressConfirmed
    | OfferGiven
    | OfferLimited
    | OfferExhausted
    | DeliveryChanged
)
REQUIRED = object()  # the default of a field that has none
SCALARS = {str, int, bool, type(None)}  # what is stored as it is; a word of an enum is text
EVENT_CLASSES: dict[str, type[EventDetails]] = {
    each.__name__: each for each in get_args(EventDetails)
}


def build_event(
    details: EventDetails,
    *,
    event_id: str,
    at: datetime,
    cause: str,
    lead_id: str | None = None,
    actor: str | None = None,
) -> Event:
    """The event as it is stored."""
    return Event(
        id=event_id,
        name=type(details).__name__,
        occurred_at=at,
        cause=cause,
        lead_id=lead_id,
        actor=actor,
        data=_stored_data(details),
    )


def fill_defaults(event: Event) -> Event:
    """The event with all fields of its class, as it is shown and goes to the lake."""
    kind = EVENT_CLASSES.get(event.name)
    if kind is None:
        return event
    defaults = {
        name: value if value.__class__ in SCALARS else str(value)
        for name, value in kind._field_defaults.items()
    }
    return event.but(data={**defaults, **event.data})


def _stored_data(details: EventDetails) -> dict[str, Scalar]:
    defaults = details._field_defaults
    fields = zip(details._fields, details, strict=True)
    return {
        name: value if value.__class__ in SCALARS else str(value)
        for name, value in fields
        if defaults.get(name, REQUIRED) != value
    }
