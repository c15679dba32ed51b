"""A lease: the right to run something alone, for a while. The journey takes one to list dues."""

from datetime import datetime

from leadloop.store import keys
from leadloop.store.items import Item, text_attribute, version_of
from leadloop.store.table import Put, Table

JOURNEY = "journey"  # the right to list what is due


def acquire_lease(table: Table, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take the lease `name` until `until`; False if another holds it at `now`.

    Its holder may take it again.
    """
    key = keys.lease(name)
    stored = table.get([key]).get(key)
    if stored is not None and text_attribute(stored, "holder") != holder:
        held_until = datetime.fromisoformat(text_attribute(stored, "until"))
        if held_until > now:
            return False
    before = None if stored is None else version_of(stored)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "version": (before or 0) + 1,
        "holder": holder,
        "until": keys.instant(until),
    }
    return not table.write_all([Put(item, before)])
