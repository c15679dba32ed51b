"""How far the polling of a source has come. Losing it loses no lead: ids tell what was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.model.base import Model
from leadloop.store import keys
from leadloop.store.compression import pack, unpack
from leadloop.store.items import Item, binary_attribute, version_of
from leadloop.store.table import Put, Table


class Checkpoint(Model):
    """The state after the poll at `at`.

    `seen` are digests of entries that are done and that the feed still lists. `waiting` are files
    that may still grow, by name and with their size and time as last listed. `etag` and `modified`
    are the feed's, for a conditional GET (RFC 9110). `failed` counts polls in a row that failed;
    `said` is why the last one did.
    """

    at: datetime
    seen: tuple[str, ...] = ()
    waiting: dict[str, str] = {}
    etag: str | None = None
    modified: str | None = None
    failed: int = 0
    said: str = ""


def read(table: Table, sources: Sequence[str]) -> Mapping[str, Checkpoint]:
    """The checkpoint of each source that was polled before."""
    by_key = {keys.checkpoint(source): source for source in sources}
    items = table.get(list(by_key))
    return {
        by_key[key]: Checkpoint.model_validate_json(unpack(binary_attribute(item, "body")).json)
        for key, item in items.items()
    }


def put(table: Table, source: str, checkpoint: Checkpoint) -> bool:
    """Store it; False if another poll did so at the same moment."""
    key = keys.checkpoint(source)
    stored = table.get([key]).get(key)
    before = None if stored is None else version_of(stored)
    body = pack(checkpoint.model_dump_json(exclude_defaults=True).encode(), None)
    item: Item = {"pk": key.pk, "sk": key.sk, "version": (before or 0) + 1, "body": body}
    return not table.write_all([Put(item, before)])
