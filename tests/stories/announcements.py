"""What changes of a lead must be announced, by which events: asked after every act of a story."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from leadloop.model.consent import Suppression
from leadloop.model.event import TimelineEntry
from leadloop.model.events.catalogue import EventDetails
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
    BranchTaken,
    ConfirmationAsked,
    OfferGiven,
    SequenceEntered,
    SequenceFinished,
    SequenceLeft,
    SequenceMoved,
    SignalConfirmed,
    StepSkipped,
    StepTaken,
    StopLifted,
)
from leadloop.model.events.sales import (
    LeadAccepted,
    LeadClosed,
    LeadConverted,
    LeadTakenBack,
    OpportunityLost,
    OpportunityOpened,
    OpportunityWon,
    OwnerChanged,
    QuestionAnswered,
    QuestionAsked,
)
from leadloop.model.events.stored_event import UnknownEvent, read_details
from leadloop.model.events.submissions import (
    ErasureAsked,
    SubmissionMerged,
    SubmissionReadAnew,
)
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Lead, Record
from leadloop.model.lead_id import person_of
from leadloop.model.lifecycle import Stage
from leadloop.model.person import Person
from leadloop.model.reference import Entity
from leadloop.store.items import to_entity
from leadloop.store.memory_table import StreamRecord

FOUNDING = (LeadCreated, ContactSubscribed, LeadKeptQuiet)
DETAILS = (*FOUNDING, SubmissionMerged, SubmissionReadAnew, ContactEdited)
FOUNDING_ONLY = (*FOUNDING, SubmissionMerged)
ANNOUNCED: dict[str, tuple[type[EventDetails], ...]] = {
    "contact": DETAILS,
    "since": DETAILS,
    "interest": DETAILS,
    "fields": DETAILS,
    "account": DETAILS,
    "product_line": FOUNDING,
    "source": FOUNDING,
    "channel": FOUNDING,
    "created_at": FOUNDING,
    "first_touch": FOUNDING_ONLY,
    "last_touch": FOUNDING_ONLY,
    "consents": FOUNDING_ONLY,
    "subscriber": FOUNDING,
    "quiet": (LeadKeptQuiet, LeadReleased),
    "stage": (
        LeadNurtured,
        LeadQualified,
        LeadAccepted,
        LeadRejected,
        LeadDisqualified,
        LeadConverted,
        OpportunityWon,
        OpportunityLost,
        LeadClosed,
        LeadReopened,
        LeadKeptQuiet,
    ),
    "cycle": (LeadReopened,),
    "score": (LeadScored,),
    "rating": (LeadScored,),
    "handed_back_at": (LeadRejected, LeadQualified, LeadReopened, SubmissionMerged),
    "assignment": (
        OwnerChanged,
        LeadAccepted,
        LeadRejected,
        LeadDisqualified,
        LeadTakenBack,
        LeadReopened,
        LeadReleased,
        LeadKeptQuiet,
        OpportunityOpened,
        OpportunityWon,
        OpportunityLost,
    ),
    "enrolments": (
        SequenceEntered,
        SequenceLeft,
        StepTaken,
        StepSkipped,
        BranchTaken,
        SequenceFinished,
        SequenceMoved,
    ),
    "opportunities": (
        LeadConverted,
        OpportunityOpened,
        OpportunityWon,
        OpportunityLost,
        LeadKeptQuiet,
    ),
    "touchpoints": (SignalConfirmed, VisitorRecognised),
    "possible_matches": (PossibleMatchFound,),
    "attendance": (AttendanceChanged,),
    "asked": (ConfirmationAsked, AddressConfirmed),
    "given": (OfferGiven,),
    "open_question": (QuestionAsked, QuestionAnswered, LeadDisqualified, ErasureAsked),
}
BOOKKEEPING = {
    "applied": "the ids of the triggers, each of which is the cause of its events",
    "timers": "what is to come: it has its event when it comes",
    "sends": "the messages' own events say when each was claimed",
    "alerts": "the same, of messages to the owner",
}


class LeadState(NamedTuple):
    """A lead, and its person if that is stored in the same item."""

    lead: Lead
    person: Person | None = None


class Announcement(NamedTuple):
    """What one act changed of one lead, and what it said of that.

    `events` are those of the lead, `of_person` those of all leads of the person.
    """

    lead_id: str
    before: LeadState | None
    after: LeadState
    events: tuple[EventDetails | UnknownEvent, ...]
    of_person: tuple[EventDetails | UnknownEvent, ...]


def find_silent_changes(written: Sequence[StreamRecord]) -> list[str]:
    """What was changed and no event tells of, in words; empty if all is told."""
    entities = [
        (to_entity(each.old) if each.old else None, to_entity(each.new)) for each in written
    ]
    entries = [new for old, new in entities if isinstance(new, TimelineEntry) and old is None]
    found: list[str] = []
    for old, new in entities:
        match old, new:
            case (_, (Record(lead=Lead()) | FurtherLead())):
                found += _silent(_announcement(old, new, entries))
            case _, Suppression():
                kinds = (type(read_details(e)) for each in entries for e in each.events)
                if not {AddressStopped, StopLifted} & set(kinds):
                    found.append("a stop was changed in silence")
    return found


def _announcement(
    old: Entity | None, new: Record | FurtherLead, entries: Sequence[TimelineEntry]
) -> Announcement:
    own = new.events if isinstance(new, Record) and old is None else ()
    later = [event for each in entries if each.lead_id == new.id for event in each.events]
    of_person = [
        event
        for each in entries
        if person_of(each.lead_id) == person_of(new.id)
        for event in each.events
    ]
    after = _state(new)
    if after is None:
        raise ValueError(f"{new.id} has a lead of nobody")
    return Announcement(
        new.id,
        _state(old),
        after,
        tuple(map(read_details, (*own, *later))),
        tuple(map(read_details, (*own, *of_person))),
    )


def _state(entity: Entity | None) -> LeadState | None:
    match entity:
        case Record(person=Person() as person, lead=Lead() as lead):
            return LeadState(lead, person)
        case FurtherLead(lead=lead):
            return LeadState(lead)
        case _:
            return None


def _silent(act: Announcement) -> Iterator[str]:
    for each in act.events:
        if isinstance(each, UnknownEvent):
            yield f"{act.lead_id}: {each.name} is of no class"
    for name, announcers in ANNOUNCED.items():
        events = act.of_person if name in Person.model_fields else act.events
        kinds = {type(each) for each in events}
        before, after = _announced_value(act.before, name), _announced_value(act.after, name)
        if before != after and not kinds & set(announcers):
            names = ", ".join(sorted(kind.__name__ for kind in kinds)) or "nothing"
            yield f"{act.lead_id}: {name} went from {before} to {after}, told: {names}"
    yield from _wrong_words(act)


def _wrong_words(act: Announcement) -> Iterator[str]:
    """What the events say of stage and score is not what the lead has."""
    stages = [stage for each in act.events if (stage := getattr(each, "stage", None)) is not None]
    if stages and stages[-1] is not act.after.lead.stage:
        yield f"{act.lead_id} is {act.after.lead.stage}, told: {stages[-1]}"
    scores = [each.total for each in act.events if isinstance(each, LeadScored)]
    if scores and scores[-1] != act.after.lead.score.total:
        yield f"{act.lead_id} has {act.after.lead.score.total} points, told: {scores[-1]}"
    stage = act.before.lead.stage if act.before is not None else Stage.NEW
    for each in act.events:
        before = getattr(each, "stage_before", None)
        if before is not None and before is not stage:
            yield f"{act.lead_id} was {stage}, told: {each}"
        stage = getattr(each, "stage", None) or stage


def _announced_value(state: LeadState | None, name: str) -> Any:
    """What of a field is announced: of some only a part."""
    value: Any = _value(state, name) if state is not None else _unset(name)
    match name, value:
        case "score", _:
            return value.total if value is not None else 0
        case "assignment", _:
            return value and (value.pool, value.rep, value.takebacks, value.held, value.accepted_at)
        case "attendance", _:
            return {event: each.status for event, each in value.items()}
        case "open_question", _:
            return value and value.pool  # an older question only makes the wait longer
        case "enrolments", _:
            return {(each.sequence, each.step) for each in value}
        case _:
            return value


def _value(state: LeadState, name: str) -> object:
    """The value of a field of the lead or the person; of `since` both have a part."""
    if name not in Person.model_fields:
        return getattr(state.lead, name)
    if state.person is None:
        return _unset(name)
    if name == "since":
        return {**state.person.since, **state.lead.since}
    return getattr(state.person, name)


def _unset(name: str) -> object:
    """The value of a field before there was a lead."""
    field = (Person if name in Person.model_fields else Lead).model_fields[name]
    return None if field.is_required() else field.get_default()
