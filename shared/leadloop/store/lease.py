"""The right to run something alone, for a while: the journey's sweep takes it."""

from datetime import datetime

from leadloop.store import keys
from leadloop.store.items import text, version_of
from leadloop.store.table import Put, Table


def take(table: Table, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Hold `name` until `until`, unless another holder has it at `now`; whoever has it may renew."""
    key = keys.lease(name)
    there = table.get([key]).get(key)
    if there is not None and text(there, "holder") != holder:
        if datetime.fromisoformat(text(there, "until")) > now:
            return False
    before = None if there is None else version_of(there)
    item = {
        "pk": key.pk,
        "sk": key.sk,
        "version": (before or 0) + 1,
        "holder": holder,
        "until": keys.instant(until),
    }
    return not table.put_all([Put(item, before)])
