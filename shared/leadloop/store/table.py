"""The table as the store sees it, and the real one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from leadloop.store.items import Item, Value, item_size, key_of
from leadloop.store.keys import Index, Key, Keys

if TYPE_CHECKING:  # stubs are not in the bundle
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        PutTypeDef,
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
    )

Pause = Callable[[int], None]  # waits before try n (1, 2, …): full jitter, growing with n
Cursor = Mapping[str, str]  # where the next page begins: names and values of the keys

MOST_KEYS = 100
MOST_BYTES = 4_000_000  # DynamoDB counts 4 MB; names of expressions are in it too
MOST_ITEM = 400_000  # bytes of one item, names included
MOST_PK, MOST_SK = 2_048, 1_024  # bytes of UTF-8
MOST_TRIES = 10
_CONFLICT_CODES = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
}


class Put(NamedTuple):
    """`item` is written if what lies there has version `before` (None: if nothing does)."""

    item: Item
    before: int | None


class Range(NamedTuple):
    """Items of one partition, of the table or of an index, in the order of the sort key.

    Either those whose sort key begins with `begins`, or those up to and with `upto`, and from
    `since` on. `fresh` sees every write that was answered, at twice the price; an index cannot,
    and lags by a moment.
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
    """More than one transaction takes (100 keys, 4 MB): decide fewer triggers at once."""


class Unstorable(TransactionTooLarge):
    """Something that no transaction takes: no UTF-8, or an item or key beyond DynamoDB's limits.

    A kind of `TooMany`, so that halving ends with the one trigger whose fault it is.
    """


class Throttled(Exception):
    """The table gave no answer for some keys, however often it was asked."""


class Table(Protocol):
    """One table; `keys` knows where everything lies in it."""

    @property
    def keys(self) -> Keys: ...

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """What lies at `keys` now, strongly consistent; nothing there, no entry."""

    def put_all(self, puts: Sequence[Put]) -> tuple[Key, ...]:
        """All of `puts` or none: () when written, else the keys that were lost to others.

        Raises:
            TooMany: not tried, it would not fit.
        """

    def query(self, rows: Range, limit: int, after: Cursor | None = None) -> ItemPage:
        """A page of at most `limit` items; of an index, only what the index shows."""


def query_all(table: Table, rows: Range, page: int, after: Cursor | None = None) -> Iterator[Item]:
    """All of them from `after` on, asked for `page` at a time."""
    while True:
        found = table.query(rows, page, after)
        yield from found.items
        if (after := found.cursor) is None:
            return


class DynamoTable:
    """The table in DynamoDB; `client` is a boto3 client made by edge."""

    def __init__(self, client: "DynamoDBClient", name: str, keys: Keys, pause: Pause) -> None:
        self.keys = keys
        self._client, self._name, self._pause = client, name, pause

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        wanted = [key for key in dict.fromkeys(keys) if _is_possible_partition(key.pk)]
        found: dict[Key, Item] = {}
        for start in range(0, len(wanted), MOST_KEYS):
            for item in self._drain(wanted[start : start + MOST_KEYS]):
                found[key_of(item)] = item
        return found

    def _drain(self, keys: Sequence[Key]) -> Iterator[Item]:
        left = [_typed(key._asdict()) for key in keys]
        for tried in range(MOST_TRIES):
            if tried:
                self._pause(tried)
            answer = self._client.batch_get_item(
                RequestItems={self._name: {"Keys": left, "ConsistentRead": True}}
            )
            yield from map(_plain, answer["Responses"].get(self._name, []))
            unprocessed = answer.get("UnprocessedKeys", {}).get(self._name)
            if unprocessed is None:
                return
            left = [dict(key) for key in unprocessed["Keys"]]
        raise Throttled(f"{len(left)} keys had no answer after {MOST_TRIES} tries")

    def put_all(self, puts: Sequence[Put]) -> tuple[Key, ...]:
        check_fits(puts)
        if not puts:
            return ()
        if len(puts) == 1:
            return self._put(puts[0])
        asked: list[TransactWriteItemTypeDef] = [{"Put": self._put_request(put)} for put in puts]
        try:
            self._client.transact_write_items(TransactItems=asked)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = [why.get("Code", "None") for why in cancelled.response["CancellationReasons"]]
            if not set(codes) <= _CONFLICT_CODES | {"None"}:
                raise  # the items themselves are at fault; trying again would not help
            return tuple(
                key_of(put.item)
                for put, code in zip(puts, codes, strict=True)
                if code in _CONFLICT_CODES
            )
        return ()

    def _put(self, put: Put) -> tuple[Key, ...]:
        """One item needs no transaction, which would cost twice."""
        lost = self._client.exceptions
        try:
            self._client.put_item(**self._put_request(put))
        except (lost.ConditionalCheckFailedException, lost.TransactionConflictException):
            return (key_of(put.item),)
        return ()

    def _put_request(self, put: Put) -> "PutTypeDef":
        asked: PutTypeDef = {
            "TableName": self._name,
            "Item": _typed(put.item),
            "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": "pk"},
        }
        if put.before is not None:
            asked["ConditionExpression"] = "#k = :before"
            asked["ExpressionAttributeNames"] = {"#k": "version"}
            asked["ExpressionAttributeValues"] = {":before": {"N": str(put.before)}}
        return asked

    def query(self, rows: Range, limit: int, after: Cursor | None = None) -> ItemPage:
        if not _is_possible_partition(rows.partition):
            return _rows((), None)
        hash_key, sort_key = key_attributes(rows.of)
        asked: QueryInputTypeDef = {
            "TableName": self._name,
            "KeyConditionExpression": "#h = :h",
            "ExpressionAttributeNames": {"#h": hash_key},
            "ExpressionAttributeValues": {":h": {"S": rows.partition}},
            "ScanIndexForward": not rows.backwards,
            "ConsistentRead": rows.fresh,
            "Limit": limit,
        }
        if sought := _sort_key_condition(rows):
            condition, values = sought
            asked["KeyConditionExpression"] = f"#h = :h AND {condition}"
            asked["ExpressionAttributeNames"] = {"#h": hash_key, "#s": sort_key}
            asked["ExpressionAttributeValues"] = {":h": {"S": rows.partition}, **_typed(values)}
        if rows.of is not None:
            asked["IndexName"] = rows.of.value
        if after is not None:
            asked["ExclusiveStartKey"] = _typed(after)
        answer = self._client.query(**asked)
        return _rows(answer["Items"], answer.get("LastEvaluatedKey"))


def _sort_key_condition(rows: Range) -> tuple[str, dict[str, str]] | None:
    """The condition on the sort key, and its values."""
    if rows.since and rows.upto is not None:
        return "#s BETWEEN :since AND :upto", {":since": rows.since, ":upto": rows.upto}
    if rows.since:
        return "#s >= :since", {":since": rows.since}
    if rows.upto is not None:
        return "#s <= :upto", {":upto": rows.upto}
    return ("begins_with(#s, :begins)", {":begins": rows.begins}) if rows.begins else None


def _is_possible_partition(partition: str) -> bool:
    """Whether there can be such a partition; DynamoDB calls the question itself an error."""
    return len(partition.encode("utf-8", "surrogatepass")) <= MOST_PK


def check_fits(puts: Sequence[Put]) -> None:
    """Raises: TooMany: one transaction does not take them; ValueError: two of one key."""
    sizes = {key_of(put.item): item_size(put.item) for put in puts}
    if len(sizes) < len(puts):
        raise ValueError("two puts of one key in one transaction")
    for (pk, sk), bytes_ in sizes.items():
        if bytes_ > MOST_ITEM or len(pk.encode()) > MOST_PK or len(sk.encode()) > MOST_SK:
            raise Unstorable(f"{pk[:80]} {sk[:80]}: an item of {bytes_:,} bytes, or its key")
    if len(puts) > MOST_KEYS or sum(sizes.values()) > MOST_BYTES:
        raise TransactionTooLarge(
            f"{len(puts)} items of {sum(sizes.values()):,} bytes in one transaction"
        )


def key_attributes(index: Index | None) -> tuple[str, str]:
    """The attributes a range is partitioned and sorted by."""
    return ("pk", "sk") if index is None else (index.hash_key, index.sort_key)


def _typed(item: Mapping[str, Value]) -> "dict[str, AttributeValueTypeDef]":
    return {name: _typed_value(value) for name, value in item.items()}


def _typed_value(value: Value) -> "AttributeValueTypeDef":
    match value:
        case str():
            return {"S": value}
        case bytes():
            return {"B": value}
        case _:
            return {"N": str(value)}


def _plain(item: "Mapping[str, AttributeValueTypeDef]") -> Item:
    return {name: _plain_value(value) for name, value in item.items()}


def _plain_value(value: "AttributeValueTypeDef") -> Value:
    if "S" in value:
        return value["S"]
    return bytes(value["B"]) if "B" in value else int(value["N"])


def _rows(
    items: "Sequence[Mapping[str, AttributeValueTypeDef]]",
    last: "Mapping[str, AttributeValueTypeDef] | None",
) -> ItemPage:
    cursor = {name: value["S"] for name, value in last.items()} if last else None
    return ItemPage(tuple(map(_plain, items)), cursor)
