"""The table in memory: the same promises, for tests, stories and the simulator."""

from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple

from leadloop.store.items import Item, key_of, text, version_of
from leadloop.store.keys import Key, Keys
from leadloop.store.table import Cursor, Put, Range, Rows, check_fits, names


class Written(NamedTuple):
    """One record of the stream: what lay at a key, and what lies there now."""

    old: Item | None
    new: Item


class MemoryTable:
    """Safe to use from several threads; each call is atomic, as in DynamoDB."""

    def __init__(self, keys: Keys | None = None) -> None:
        self.keys = keys or Keys(b"memory")
        self._items: dict[Key, Item] = {}
        self._stream: list[Written] = []
        self._lock = Lock()

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        with self._lock:
            return {key: self._items[key] for key in keys if key in self._items}

    def put_all(self, puts: Sequence[Put]) -> tuple[Key, ...]:
        check_fits(puts)
        with self._lock:
            lost = tuple(key_of(put.item) for put in puts if not self._stands(put))
            if not lost:
                for put in puts:
                    key = key_of(put.item)
                    self._stream.append(Written(self._items.get(key), put.item))
                    self._items[key] = dict(put.item)
            return lost

    def _stands(self, put: Put) -> bool:
        there = self._items.get(key_of(put.item))
        return put.before == (None if there is None else version_of(there))

    def query(self, rows: Range, limit: int, after: Cursor | None = None) -> Rows:
        hash_key, sort_key = names(rows.of)
        with self._lock:
            found = [
                item
                for item in self._items.values()
                if item.get(hash_key) == rows.partition
                and text(item, sort_key).startswith(rows.begins)
                and (rows.upto is None or text(item, sort_key) <= rows.upto)
            ]
        return _page(
            found, (sort_key, "pk", "sk"), limit, after, hash_key, backwards=rows.backwards
        )

    def scan(self, limit: int, after: Cursor | None = None) -> Rows:
        with self._lock:
            found = list(self._items.values())
        return _page(found, ("pk", "sk"), limit, after, "pk", backwards=False)

    def drain_stream(self) -> tuple[Written, ...]:
        """What was written since this was last asked, oldest first: a story's relay reads it."""
        with self._lock:
            written, self._stream = tuple(self._stream), []
            return written


def _page(  # noqa: PLR0913 - one order, told in full
    found: Sequence[Item],
    order: tuple[str, ...],
    limit: int,
    after: Cursor | None,
    hash_key: str,
    *,
    backwards: bool,
) -> Rows:
    def place(item: Item | Cursor) -> tuple[str, ...]:
        return tuple(text(item, name) for name in order)

    ordered = sorted(found, key=place, reverse=backwards)
    if after is not None:
        last = place(after)
        ordered = [
            item for item in ordered if (place(item) < last if backwards else place(item) > last)
        ]
    page = ordered[:limit]
    if len(page) < limit:
        return Rows(tuple(page), None)
    named = dict.fromkeys((hash_key, *order))
    return Rows(tuple(page), {name: text(page[-1], name) for name in named})
