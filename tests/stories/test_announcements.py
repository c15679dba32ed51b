"""The check that `World.act` makes after every act of every story finds what it is to find."""

from typing import Any

import pytest

from leadloop.model.event import Event, Scalar, TimelineEntry
from leadloop.model.lead import Lead, RecordRef
from leadloop.model.lifecycle import Stage
from leadloop.model.person import Person
from leadloop.model.reference import AnyRef, Entity
from leadloop.store.items import to_item
from leadloop.store.keys import Keys
from leadloop.store.memory_table import StreamRecord
from tests.contracts.samples import LEAD_ID, NOW, build_full_lead, entry_ref
from tests.stories.announcements import ANNOUNCED, BOOKKEEPING, find_silent_changes

KEYS = Keys(b"pepper")


def written(ref: AnyRef, new: Entity, old: Entity | None = None) -> StreamRecord:
    key = KEYS.of(ref)
    return StreamRecord(to_item(key, old) if old else None, to_item(key, new))


def change(**fields: Any) -> StreamRecord:
    record = build_full_lead()
    assert record.person is not None
    assert record.lead is not None
    of_person = {name: fields.pop(name) for name in Person.model_fields.keys() & fields.keys()}
    person, lead = record.person.but(**of_person), record.lead.but(**fields)
    after = record.but(version=2, person=person, lead=lead)
    return written(RecordRef(LEAD_ID), after, record)


def entry(name: str, **data: Scalar) -> StreamRecord:
    event = Event(id="T#0", name=name, occurred_at=NOW, cause="T", lead_id=LEAD_ID, data=data)
    told = TimelineEntry(lead_id=LEAD_ID, at=NOW, trigger_id="T", events=(event,))
    return written(entry_ref(told), told)


def test_every_field_of_a_lead_has_its_events_or_is_bookkeeping() -> None:
    fields = Lead.model_fields.keys() | Person.model_fields.keys()
    assert ANNOUNCED.keys() | BOOKKEEPING.keys() == fields
    assert not ANNOUNCED.keys() & BOOKKEEPING.keys()


ACCEPTED = entry(
    "LeadAccepted", owner="jonas", pool="dach", stage="accepted", stage_before="qualified"
)


def test_a_change_with_its_event_is_no_finding() -> None:
    assert find_silent_changes([change(stage=Stage.ACCEPTED), ACCEPTED]) == []
    assert find_silent_changes([change(applied=("T",))]) == []


@pytest.mark.parametrize(
    ("acts", "text"),
    [
        ([change(stage=Stage.ACCEPTED)], "stage went from qualified to accepted, told: nothing"),
        ([change(stage=Stage.ACCEPTED), entry("LeadScored", total=85, fit=65)], "told: LeadScored"),
        ([change(stage=Stage.CONVERTED), ACCEPTED], "is converted, told: accepted"),
        ([change(applied=("T",)), entry("LeadTeleported")], "LeadTeleported is of no class"),
        ([change(applied=("T",)), entry("LeadScored", total=1, fit=1)], "has 85 points, told: 1"),
        (
            [change(stage=Stage.NURTURING), entry("LeadNurtured", total=1, threshold=2)],
            "was qualified, told: LeadNurtured",
        ),
    ],
)
def test_a_silent_change_or_a_wrong_word_is_found(acts: list[StreamRecord], text: str) -> None:
    (finding,) = find_silent_changes(acts)
    assert text in finding
