"""Moves the times of one lead or delivery back, as if time had passed; on the laptop only."""

from datetime import timedelta

from leadloop.model.delivery import Delivery
from leadloop.model.due import Due
from leadloop.model.lead import Lead, Record, Timer
from leadloop.model.person import Person
from leadloop.store import keys
from leadloop.store.items import to_entity, to_item
from leadloop.store.keys import Key
from leadloop.store.table import Put, Table


def move_earlier(table: Table, due: Due, by: timedelta) -> bool:
    """Move the timers of the lead or delivery that `due` names earlier by `by`.

    The times of sent messages move too, or limits would count them as just sent. False when the
    item is gone or was changed meanwhile: read again what is due.
    """
    record = keys.record(due.lead_id)
    key = record if due.delivery_id is None else Key(record.pk, keys.DELIVERY + due.delivery_id)
    item = table.get([key]).get(key)
    match to_entity(item) if item else None:
        case Record(person=Person() as person, lead=Lead() as lead) as before:
            timers = tuple(_shift_timer(timer, by) for timer in lead.timers)
            sends = tuple(at - by for at in person.sends)
            moved: Record | Delivery = before.but(
                person=person.but(sends=sends), lead=lead.but(timers=timers)
            )
        case Delivery() as delivery:
            moved = delivery.but(
                retry_at=delivery.retry_at and delivery.retry_at - by,
                not_after=delivery.not_after and delivery.not_after - by,
            )
        case _:
            return False
    after = moved.but(version=moved.version + 1)
    return not table.write_all([Put(to_item(key, after), before=moved.version)])


def _shift_timer(timer: Timer, by: timedelta) -> Timer:
    return timer.but(at=timer.at - by, not_after=timer.not_after and timer.not_after - by)
