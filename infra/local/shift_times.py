"""Moves the times of one lead or delivery back, as if time had passed; on the laptop only."""

from datetime import timedelta

from leadloop.model.delivery import Delivery, delivery_ref
from leadloop.model.due import Due
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Lead, Record, Timer
from leadloop.model.person import Person
from leadloop.model.reference import Entity
from leadloop.model.stored_lead import lead_refs
from leadloop.store.items import to_item
from leadloop.store.read import read
from leadloop.store.table import Put, Table


def move_earlier(table: Table, due: Due, by: timedelta) -> bool:
    """Move the timers of the lead or delivery that `due` names earlier by `by`.

    The times of sent messages move too, or limits would count them as just sent. False when the
    item is gone or was changed meanwhile: read again what is due.
    """
    refs = lead_refs(due.lead_id)
    if due.delivery_id is not None:
        refs = (delivery_ref(due.lead_id, due.delivery_id),)
    named = refs[-1]  # the item with the timer; before it comes that of the person
    facts = read(table, refs)
    writes = [
        Put(to_item(table.keys.of(ref), moved.but(version=moved.version + 1)), moved.version)
        for ref, entity in facts.items()
        if (moved := _move(entity, by, is_named=ref == named)) is not None
    ]
    return facts[named] is not None and not table.write_all(writes)


def _move(
    entity: Entity | None, by: timedelta, *, is_named: bool
) -> Record | FurtherLead | Delivery | None:
    match entity:
        case Record(person=Person() as person, lead=Lead() as lead) as record:
            sends = tuple(at - by for at in person.sends)
            moved = record.but(person=person.but(sends=sends))
            return moved.but(lead=_move_timers(lead, by)) if is_named else moved
        case FurtherLead() as further:
            return further.but(lead=_move_timers(further.lead, by))
        case Delivery() as delivery:
            return delivery.but(
                retry_at=delivery.retry_at and delivery.retry_at - by,
                not_after=delivery.not_after and delivery.not_after - by,
            )
        case _:
            return None


def _move_timers(lead: Lead, by: timedelta) -> Lead:
    return lead.but(timers=tuple(_shift_timer(timer, by) for timer in lead.timers))


def _shift_timer(timer: Timer, by: timedelta) -> Timer:
    return timer.but(at=timer.at - by, not_after=timer.not_after and timer.not_after - by)
