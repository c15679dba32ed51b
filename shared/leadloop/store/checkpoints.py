"""How far the polling of a source has come. Losing it loses nothing: ids tell what was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.model.base import Model
from leadloop.store import keys
from leadloop.store.compression import pack, unpack
from leadloop.store.items import Item, binary_attribute, version_of
from leadloop.store.table import Put, Table


class Checkpoint(Model):
    """`seen` are the digests of what is done and still lies there.

    `waiting` are files that may still grow, by name and as they looked. `etag` and `modified` are
    the feed's, for asking only for news. `failed` counts polls in a row that came to nothing,
    `said` tells why.
    """

    at: datetime
    seen: tuple[str, ...] = ()
    waiting: dict[str, str] = {}
    etag: str | None = None
    modified: str | None = None
    failed: int = 0
    said: str = ""


def read(table: Table, sources: Sequence[str]) -> Mapping[str, Checkpoint]:
    """Those of the sources that were polled before."""
    places = {keys.checkpoint(source): source for source in sources}
    found = table.get(list(places))
    return {
        places[key]: Checkpoint.model_validate_json(unpack(binary_attribute(item, "body")).json)
        for key, item in found.items()
    }


def put(table: Table, source: str, checkpoint: Checkpoint) -> bool:
    """Keep it; False when another poll did so at the same moment."""
    key = keys.checkpoint(source)
    there = table.get([key]).get(key)
    before = None if there is None else version_of(there)
    body = pack(checkpoint.model_dump_json(exclude_defaults=True).encode(), None)
    item: Item = {"pk": key.pk, "sk": key.sk, "version": (before or 0) + 1, "body": body}
    return not table.put_all([Put(item, before)])
