"""The table in DynamoDB."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from leadloop.store.items import COUNT, Item, Value, key_of
from leadloop.store.keys import Key, Keys
from leadloop.store.table import (
    MOST_KEYS,
    MOST_PK,
    Add,
    ConditionCheck,
    Cursor,
    ItemPage,
    Pause,
    Put,
    Range,
    Throttled,
    Write,
    check_fits,
    key_attributes,
    key_of_write,
)

if TYPE_CHECKING:  # stubs are not in the bundle
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        ConditionCheckTypeDef,
        PutTypeDef,
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

MOST_TRIES = 10
# What a cancelled transaction says of an item that another has written, or is writing.
_CONFLICT_CODES = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
}


class DynamoTable:
    """The table in DynamoDB; `client` is a boto3 client made by edge."""

    def __init__(self, client: "DynamoDBClient", name: str, keys: Keys, pause: Pause) -> None:
        self.keys = keys
        self._client, self._name, self._pause = client, name, pause

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        distinct_keys = [key for key in dict.fromkeys(keys) if _is_possible_partition(key.pk)]
        items: dict[Key, Item] = {}
        for start in range(0, len(distinct_keys), MOST_KEYS):
            for item in self._drain(distinct_keys[start : start + MOST_KEYS]):
                items[key_of(item)] = item
        return items

    def _drain(self, keys: Sequence[Key]) -> Iterator[Item]:
        """The items at `keys`; keys that DynamoDB left unprocessed are asked for again."""
        pending = [_typed(key._asdict()) for key in keys]
        for attempt in range(MOST_TRIES):
            if attempt:
                self._pause(attempt)
            answer = self._client.batch_get_item(
                RequestItems={self._name: {"Keys": pending, "ConsistentRead": True}}
            )
            yield from map(_plain, answer["Responses"].get(self._name, []))
            unprocessed = answer.get("UnprocessedKeys", {}).get(self._name)
            if unprocessed is None:
                return
            pending = [dict(key) for key in unprocessed["Keys"]]
        raise Throttled(f"{len(pending)} keys had no answer after {MOST_TRIES} tries")

    def write_all(self, writes: Sequence[Write]) -> tuple[Key, ...]:
        check_fits(writes)
        if hopeless := tuple(key_of_write(each) for each in writes if not _is_possible(each)):
            return hopeless
        if not writes:
            return ()
        if len(writes) == 1 and not isinstance(writes[0], ConditionCheck):
            return self._write_one(writes[0])
        requests = [self._transact_request(write) for write in writes]
        try:
            self._client.transact_write_items(TransactItems=requests)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = [why.get("Code", "None") for why in cancelled.response["CancellationReasons"]]
            if not set(codes) <= _CONFLICT_CODES | {"None"}:
                raise  # the items themselves are at fault; trying again would not help
            return tuple(
                key_of_write(write)
                for write, code in zip(writes, codes, strict=True)
                if code in _CONFLICT_CODES
            )
        return ()

    def _transact_request(self, write: Write) -> "TransactWriteItemTypeDef":
        match write:
            case Put():
                return {"Put": self._put_request(write)}
            case Add():
                return {"Update": self._add_request(write)}
            case ConditionCheck():
                return {"ConditionCheck": self._check_request(write)}

    def _write_one(self, write: Put | Add) -> tuple[Key, ...]:
        """One item needs no transaction, which would cost twice."""
        errors = self._client.exceptions
        try:
            if isinstance(write, Put):
                self._client.put_item(**self._put_request(write))
            else:
                self._client.update_item(**self._add_request(write))
        except (errors.ConditionalCheckFailedException, errors.TransactionConflictException):
            return (key_of_write(write),)
        return ()

    def _add_request(self, add: Add) -> "UpdateTypeDef":
        return {
            "TableName": self._name,
            "Key": _typed(add.key._asdict()),
            "UpdateExpression": "ADD #n :by SET #t = if_not_exists(#t, :ttl)",
            # Without an item any `by` passes: `_is_possible` has compared it with the cap.
            "ConditionExpression": "attribute_not_exists(#n) OR #n <= :room",
            "ExpressionAttributeNames": {"#n": COUNT, "#t": "ttl"},
            "ExpressionAttributeValues": _typed(
                {":by": add.by, ":room": add.at_most - add.by, ":ttl": add.ttl}
            ),
        }

    def _check_request(self, check: ConditionCheck) -> "ConditionCheckTypeDef":
        request: ConditionCheckTypeDef = {
            "TableName": self._name,
            "Key": _typed(check.key._asdict()),
            "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": "pk"},
        }
        if check.version is not None:
            request["ConditionExpression"] = "#k = :version"
            request["ExpressionAttributeNames"] = {"#k": "version"}
            request["ExpressionAttributeValues"] = {":version": {"N": str(check.version)}}
        return request

    def _put_request(self, put: Put) -> "PutTypeDef":
        request: PutTypeDef = {
            "TableName": self._name,
            "Item": _typed(put.item),
            "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": "pk"},
        }
        if put.before is not None:
            request["ConditionExpression"] = "#k = :before"
            request["ExpressionAttributeNames"] = {"#k": "version"}
            request["ExpressionAttributeValues"] = {":before": {"N": str(put.before)}}
        return request

    def query(self, rows: Range, limit: int, after: Cursor | None = None) -> ItemPage:
        if not _is_possible_partition(rows.partition):
            return _page((), None)
        hash_key, sort_key = key_attributes(rows.of)
        request: QueryInputTypeDef = {
            "TableName": self._name,
            "KeyConditionExpression": "#h = :h",
            "ExpressionAttributeNames": {"#h": hash_key},
            "ExpressionAttributeValues": {":h": {"S": rows.partition}},
            "ScanIndexForward": not rows.backwards,
            "ConsistentRead": rows.fresh,
            "Limit": limit,
        }
        if sort_condition := _sort_key_condition(rows):
            condition, values = sort_condition
            request["KeyConditionExpression"] = f"#h = :h AND {condition}"
            request["ExpressionAttributeNames"] = {"#h": hash_key, "#s": sort_key}
            request["ExpressionAttributeValues"] = {":h": {"S": rows.partition}, **_typed(values)}
        if rows.of is not None:
            request["IndexName"] = rows.of.value
        if after is not None:
            request["ExclusiveStartKey"] = _typed(after)
        answer = self._client.query(**request)
        return _page(answer["Items"], answer.get("LastEvaluatedKey"))


def _sort_key_condition(rows: Range) -> tuple[str, dict[str, str]] | None:
    """The condition on the sort key, and its values."""
    if rows.since and rows.upto is not None:
        return "#s BETWEEN :since AND :upto", {":since": rows.since, ":upto": rows.upto}
    if rows.since:
        return "#s >= :since", {":since": rows.since}
    if rows.upto is not None:
        return "#s <= :upto", {":upto": rows.upto}
    return ("begins_with(#s, :begins)", {":begins": rows.begins}) if rows.begins else None


def _is_possible(write: Write) -> bool:
    """Whether it can hold at all: an addition beyond its own cap cannot."""
    return not isinstance(write, Add) or write.by <= write.at_most


def _is_possible_partition(partition: str) -> bool:
    """Whether there can be such a partition; DynamoDB calls the question itself an error."""
    return len(partition.encode("utf-8", "surrogatepass")) <= MOST_PK


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


def _page(
    items: "Sequence[Mapping[str, AttributeValueTypeDef]]",
    last: "Mapping[str, AttributeValueTypeDef] | None",
) -> ItemPage:
    cursor = {name: value["S"] for name, value in last.items()} if last else None
    return ItemPage(tuple(map(_plain, items)), cursor)
