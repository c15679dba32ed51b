"""The table in memory: the same promises, for tests, stories and the simulator."""

from collections import defaultdict
from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple

from leadloop.store.items import COUNT, Item, count_of, text_attribute, version_of
from leadloop.store.keys import Index, Key, Keys
from leadloop.store.table import (
    Add,
    ConditionCheck,
    Cursor,
    ItemPage,
    Put,
    Range,
    Write,
    check_fits,
    key_attributes,
    key_of_write,
)

HASH_KEYS = tuple((index, key_attributes(index)[0]) for index in (None, *Index))


class StreamRecord(NamedTuple):
    """One record of the stream: the item before the write and after it."""

    old: Item | None
    new: Item


class MemoryTable:
    """A table in memory. Each call is atomic, as in DynamoDB; threads may share it."""

    def __init__(self, keys: Keys | None = None) -> None:
        self.keys = keys or Keys(b"memory")
        self._items: dict[Key, Item] = {}
        self._partitions: defaultdict[tuple[Index | None, str], dict[Key, Item]]
        self._partitions = defaultdict(dict)
        self._stream: list[StreamRecord] = []
        self._lock = Lock()

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        with self._lock:
            return {key: self._items[key] for key in keys if key in self._items}

    def write_all(self, writes: Sequence[Write]) -> tuple[Key, ...]:
        check_fits(writes)
        with self._lock:
            by_key = {key_of_write(write): write for write in writes}
            lost = tuple(
                key for key, each in by_key.items() if not self._condition_holds(key, each)
            )
            if not lost:
                for key, each in by_key.items():
                    if not isinstance(each, ConditionCheck):
                        self._write(key, each.item if isinstance(each, Put) else self._sum(each))
            return lost

    def _sum(self, add: Add) -> Item:
        """The item of a count as it is after `add`."""
        stored = self._items.get(add.key)
        return {**add.first_item, **(stored or {}), COUNT: count_of(stored) + add.by}

    def _write(self, key: Key, item: Item) -> None:
        old = self._items.get(key)
        for index, hash_key in HASH_KEYS:
            if old is not None and hash_key in old:
                del self._partitions[index, text_attribute(old, hash_key)][key]
            if hash_key in item:
                self._partitions[index, text_attribute(item, hash_key)][key] = item
        self._items[key] = item
        self._stream.append(StreamRecord(old, item))

    def _condition_holds(self, key: Key, write: Write) -> bool:
        stored = self._items.get(key)
        if isinstance(write, Add):
            return write.has_room(stored)
        expected = write.before if isinstance(write, Put) else write.version
        return expected == (None if stored is None else version_of(stored))

    def query(self, rows: Range, limit: int, after: Cursor | None = None) -> ItemPage:
        hash_key, sort_key = key_attributes(rows.of)
        with self._lock:
            matching = [
                item
                for item in self._partitions[rows.of, rows.partition].values()
                if text_attribute(item, sort_key).startswith(rows.begins)
                and rows.since <= text_attribute(item, sort_key)
                and (rows.upto is None or text_attribute(item, sort_key) <= rows.upto)
            ]
        return _page(
            matching, (sort_key, "pk", "sk"), limit, after, hash_key, backwards=rows.backwards
        )

    def all_items(self) -> tuple[Item, ...]:
        """All items, in no order, for a story to check at its end."""
        with self._lock:
            return tuple(self._items.values())

    def drain_stream(self) -> tuple[StreamRecord, ...]:
        """What was written since the last call, oldest first, for a story's relay."""
        with self._lock:
            written, self._stream = tuple(self._stream), []
            return written


def _page(
    matching: Sequence[Item],
    order: tuple[str, ...],
    limit: int,
    after: Cursor | None,
    hash_key: str,
    *,
    backwards: bool,
) -> ItemPage:
    def sort_position(item: Item | Cursor) -> tuple[str, ...]:
        return tuple(text_attribute(item, name) for name in order)

    ordered = sorted(matching, key=sort_position, reverse=backwards)
    if after is not None:
        last = sort_position(after)
        ordered = [
            item
            for item in ordered
            if (sort_position(item) < last if backwards else sort_position(item) > last)
        ]
    page = ordered[:limit]
    if len(page) < limit:
        return ItemPage(tuple(page), None)
    key_names = dict.fromkeys((hash_key, *order))
    return ItemPage(tuple(page), {name: text_attribute(page[-1], name) for name in key_names})
