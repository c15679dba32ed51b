"""The right to run something alone, for a while: the journey's sweep takes it."""

from datetime import datetime

from leadloop.store import keys
from leadloop.store.items import Item, text_attribute, version_of
from leadloop.store.table import Put, Table

JOURNEY = "journey"  # the right to list what is due


def acquire_lease(table: Table, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Hold `name` until `until`, unless another has it at `now`; its holder may renew it."""
    key = keys.lease(name)
    there = table.get([key]).get(key)
    if there is not None and text_attribute(there, "holder") != holder:
        held_until = datetime.fromisoformat(text_attribute(there, "until"))
        if held_until > now:
            return False
    before = None if there is None else version_of(there)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "version": (before or 0) + 1,
        "holder": holder,
        "until": keys.instant(until),
    }
    return not table.put_all([Put(item, before)])
