"""The table as the store sees it: a protocol, its values, and the limits of one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from leadloop.store.items import COUNT, Item, count_of, item_size, key_of
from leadloop.store.keys import Index, Key, Keys

Pause = Callable[[int], None]  # waits before try n (1, 2, …): full jitter, growing with n
Cursor = Mapping[str, str]  # where the next page begins: names and values of the keys

# Source: "Quotas in Amazon DynamoDB", docs.aws.amazon.com/amazondynamodb/latest/developerguide.
MOST_KEYS = 100  # items of one TransactWriteItems or BatchGetItem
MOST_BYTES = 4_000_000  # bytes of one transaction; names of expressions are in it too
MOST_ITEM = 400_000  # bytes of one item, names included
MOST_PK, MOST_SK = 2_048, 1_024  # bytes of a partition key and of a sort key, as UTF-8


class Put(NamedTuple):
    """Write `item` if the stored one has version `before` (None: if none is stored)."""

    item: Item
    before: int | None


class Add(NamedTuple):
    """Add `by` to the number at `key`, unless that makes it more than `at_most`.

    The first who adds sets `ttl`, in seconds since 1970.
    """

    key: Key
    by: int
    at_most: int
    ttl: int

    @property
    def first_item(self) -> Item:
        """The item that the first who adds makes."""
        return {**self.key._asdict(), COUNT: self.by, "ttl": self.ttl}

    def has_room(self, stored: Item | None) -> bool:
        """Whether the number stays within its cap beside what is stored."""
        return count_of(stored) + self.by <= self.at_most


class ConditionCheck(NamedTuple):
    """Write nothing at `key`, but only if the item has still `version` (None: none is stored)."""

    key: Key
    version: int | None


Write = Put | Add | ConditionCheck


class Range(NamedTuple):
    """Items of one partition, of the table or of the index `of`, in the order of the sort key.

    Either those whose sort key begins with `begins`, or those from `since` up to and with `upto`.
    `fresh` sees every write that was answered, at twice the price; an index cannot, and lags by a
    moment.
    """

    partition: str
    of: Index | None = None
    begins: str = ""
    upto: str | None = None
    since: str = ""
    backwards: bool = False
    fresh: bool = False


class ItemPage(NamedTuple):
    """Some items, and where to go on; `cursor` is None on the last page."""

    items: tuple[Item, ...]
    cursor: Cursor | None


class TransactionTooLarge(Exception):
    """More than one transaction takes (100 items, 4 MB): decide fewer triggers at once."""


class Unstorable(TransactionTooLarge):
    """No transaction takes it: it is no UTF-8, or an item or key is beyond DynamoDB's limits.

    A kind of `TransactionTooLarge`, so that halving ends with the one trigger that is at fault.
    """


class Throttled(Exception):
    """The table gave no answer for some keys in all tries."""


class Table(Protocol):
    """One table; `keys` knows the key of everything in it."""

    @property
    def keys(self) -> Keys: ...

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """The items at `keys`, strongly consistent; a key without an item has no entry.

        Raises:
            Throttled: some keys had no answer.

        """

    def write_all(self, writes: Sequence[Write]) -> tuple[Key, ...]:
        """Write all of `writes` or none: () when written, else the keys that were refused.

        Others have changed those, or a number has no room for what is added.

        Raises:
            TransactionTooLarge: it would not fit in one transaction, and was not tried.
            ValueError: two of `writes` have one key.

        """

    def query(self, rows: Range, limit: int, after: Cursor | None = None) -> ItemPage:
        """A page of at most `limit` items; an index gives only the attributes it holds."""


def query_all(table: Table, rows: Range, page: int, after: Cursor | None = None) -> Iterator[Item]:
    """All items of `rows` from `after` on, read `page` at a time."""
    while True:
        items, after = table.query(rows, page, after)
        yield from items
        if after is None:
            return


def key_of_write(write: Write) -> Key:
    """The key of the item that is written."""
    return key_of(write.item) if isinstance(write, Put) else write.key


def check_fits(writes: Sequence[Write]) -> None:
    """Check that one transaction takes `writes`.

    Raises:
        TransactionTooLarge: it does not.
        Unstorable: an item or a key alone is too large for any.
        ValueError: two of `writes` have one key.

    """
    sizes = {key_of_write(write): _write_size(write) for write in writes}
    if len(sizes) < len(writes):
        raise ValueError("two writes of one key in one transaction")
    for (pk, sk), size in sizes.items():
        if size > MOST_ITEM or len(pk.encode()) > MOST_PK or len(sk.encode()) > MOST_SK:
            raise Unstorable(f"{pk[:80]} {sk[:80]}: an item of {size:,} bytes, or its key")
    if len(writes) > MOST_KEYS or sum(sizes.values()) > MOST_BYTES:
        raise TransactionTooLarge(
            f"{len(writes)} items of {sum(sizes.values()):,} bytes in one transaction"
        )


def _write_size(write: Write) -> int:
    match write:
        case Put(item=item):
            return item_size(item)
        case Add():
            return item_size(write.first_item)
        case ConditionCheck(key=key):
            return item_size(key._asdict())


def key_attributes(index: Index | None) -> tuple[str, str]:
    """The attributes that the table, or `index`, is partitioned and sorted by."""
    return ("pk", "sk") if index is None else (index.hash_key, index.sort_key)
