"""Lets time pass for one lead or delivery, on the laptop only: its times are moved back."""

from datetime import timedelta

from leadloop.model.delivery import Delivery
from leadloop.model.due import Due
from leadloop.model.lead import Lead, Record, Timer
from leadloop.store import keys
from leadloop.store.items import to_entity, to_item
from leadloop.store.keys import Key
from leadloop.store.table import Put, Table


def move_earlier(table: Table, due: Due, by: timedelta) -> bool:
    """Make what `due` tells of due, and late, earlier by `by`.

    The messages sent so far move along, or limits would take them for just sent. False when the
    item is gone or somebody changed it meanwhile: look again what is due.
    """
    record = keys.record(due.lead_id)
    key = record if due.delivery_id is None else Key(record.pk, keys.DELIVERY + due.delivery_id)
    item = table.get([key]).get(key)
    match to_entity(item) if item else None:
        case Record(lead=Lead() as lead) as was:
            timers = tuple(_shift_timer(timer, by) for timer in lead.timers)
            sends = tuple(at - by for at in lead.sends)
            moved: Record | Delivery = was.but(lead=lead.but(timers=timers, sends=sends))
        case Delivery() as was_delivery:
            moved = was_delivery.but(
                retry_at=was_delivery.retry_at and was_delivery.retry_at - by,
                not_after=was_delivery.not_after and was_delivery.not_after - by,
            )
        case _:
            return False
    after = moved.but(version=moved.version + 1)
    return not table.put_all([Put(to_item(key, after), before=moved.version)])


def _shift_timer(timer: Timer, by: timedelta) -> Timer:
    return timer.but(at=timer.at - by, not_after=timer.not_after and timer.not_after - by)
