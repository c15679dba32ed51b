"""What DynamoDB would bill, counted from the items themselves.

Emulators only guess at consumed capacity, so each call is billed here by the documented rules:
a write costs a unit per begun KB, twice that in a transaction, whether it is kept or cancelled;
an index entry is billed for itself, twice when its key moved; a strongly consistent read costs a
unit per begun 4 KB, also where nothing lies, any other half of that.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from leadloop.store.items import COUNT, Item, Value, item_size, key_of
from leadloop.store.keys import Index, Key
from leadloop.store.memory_table import MemoryTable
from leadloop.store.table import Add, Cursor, ItemPage, Put, Range, Write

PROJECTED = {Index.DUE: "due_kind", Index.WORKLIST: "card"}  # beside the keys: infra/data_stack.py
KB, READ = 1024, 4096
KEY_NAMES = {"pk", "sk"}


@dataclass(frozen=True)
class BilledWrite:
    """One item as it was billed: `units` for itself, `index` for its entries."""

    item: Item
    bytes: int
    units: int
    index: int

    @property
    def kind(self) -> str:
        """A record `S`, a further `L`ead, `D`elivery, `E`ntry, or the first word of the key."""
        key = key_of(self.item)
        if key.pk.startswith("S#"):
            return key.sk.partition("#")[0]
        return key.pk.partition("#")[0]


@dataclass
class Meter:
    """Calls by operation, writes item by item, units of reading."""

    calls: Counter[str] = field(default_factory=Counter)
    writes: list[BilledWrite] = field(default_factory=list)
    read_units: float = 0
    _lying: dict[Key, Item] = field(default_factory=dict)

    def reset(self) -> None:
        """Count from nothing again; what lies in the table stays known."""
        self.calls.clear()
        self.writes.clear()
        self.read_units = 0

    def write_units(self, *, without: Iterable[str] = ()) -> int:
        """Units of the items (but of the kinds `without`) and of their index entries."""
        kinds = set(without)
        return sum(each.units + each.index for each in self.writes if each.kind not in kinds)

    def units_by_kind(self) -> str:
        """The write units of each kind of item, in words."""
        kinds: Counter[str] = Counter()
        for each in self.writes:
            kinds[each.kind] += each.units + each.index
        return ", ".join(f"{kind} {units}" for kind, units in sorted(kinds.items()))

    def count_write(self, items: Sequence[Item], *, kept: bool, transaction: bool) -> None:
        for item in items:
            key, old = key_of(item), self._lying.get(key_of(item))
            bytes_ = max(item_size(item), item_size(old) if old else 0)
            units = ceil(bytes_ / KB) * (2 if transaction else 1)
            index = (
                sum(_entry_units(of, old, item) for of in Index)
                if kept and item.keys() > KEY_NAMES
                else 0
            )
            self.writes.append(BilledWrite(item, item_size(item), units, index))
            if kept and item.keys() > KEY_NAMES:  # else it was only checked
                self._lying[key] = item

    def count_get(self, found: Iterable[Item], wanted: int) -> None:
        """A batch of strongly consistent reads."""
        sizes = [item_size(item) for item in found]
        self.read_units += sum(ceil(bytes_ / READ) for bytes_ in sizes) + wanted - len(sizes)

    def count_query(self, found: Iterable[Item], *, fresh: bool) -> None:
        """A page, billed as one."""
        pages = max(1, ceil(sum(map(item_size, found)) / READ))
        self.read_units += pages if fresh else pages / 2


def _entry_units(index: Index, old: Item | None, new: Item) -> int:
    before, after = _entry(index, old), _entry(index, new)
    if before == after:
        return 0
    moved = (
        before is not None and after is not None and _place(index, before) != _place(index, after)
    )
    parts = (before, after) if moved else (after or before,)
    return sum(ceil(item_size(part) / KB) for part in parts if part is not None)


def _entry(index: Index, item: Item | None) -> Item | None:
    if item is None or index.hash_key not in item:
        return None
    names = ("pk", "sk", index.hash_key, index.sort_key, PROJECTED[index])
    return {name: item[name] for name in names if name in item}


def _place(index: Index, entry: Item) -> tuple[Value, Value]:
    return entry[index.hash_key], entry[index.sort_key]


class MeteredTable(MemoryTable):
    """The table in memory, each call billed as DynamoTable would make it."""

    def __init__(self) -> None:
        super().__init__()
        self.meter = Meter()

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        found = super().get(keys)
        if keys:
            self.meter.calls["BatchGetItem"] += ceil(len(set(keys)) / 100)
            self.meter.count_get(found.values(), len(set(keys)))
        return found

    def write_all(self, writes: Sequence[Write]) -> tuple[Key, ...]:
        lost = super().write_all(writes)
        if writes:
            many = len(writes) > 1
            one = "PutItem" if isinstance(writes[0], Put) else "UpdateItem"
            self.meter.calls["TransactWriteItems" if many else one] += 1
            self.meter.count_write(list(map(_item_of, writes)), kept=not lost, transaction=many)
        return lost

    def query(self, rows: Range, limit: int, after: Cursor | None = None) -> ItemPage:
        found = super().query(rows, limit, after)
        self.meter.calls["Query"] += 1
        self.meter.count_query(found.items, fresh=rows.fresh)
        return found


def attach_meter(client: Any, meter: Meter) -> None:
    """Count what a DynamoDB client does, from the parameters and answers of its calls."""

    def asked(params: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
        context["asked"] = params

    def answered(
        parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object
    ) -> None:
        meter.calls[model.name] += 1
        params, kept = context["asked"], "Error" not in parsed
        match model.name:
            case "PutItem":
                meter.count_write([_plain(params["Item"])], kept=kept, transaction=False)
            case "TransactWriteItems":
                items = [_written_item(each) for each in params["TransactItems"]]
                meter.count_write(items, kept=kept, transaction=True)
            case "UpdateItem":
                meter.count_write([_count_item(params)], kept=kept, transaction=False)
            case "BatchGetItem" if kept:
                for table, of in params["RequestItems"].items():
                    found = [_plain(item) for item in parsed["Responses"].get(table, [])]
                    meter.count_get(found, len(of["Keys"]))
            case "Query" if kept:
                found = [_plain(item) for item in parsed["Items"]]
                meter.count_query(found, fresh=params.get("ConsistentRead", False))
            case "Scan":
                pass  # counted as a call, and there must be none
            case other:
                raise AssertionError(f"{other} has no price here yet")

    client.meta.events.register("before-parameter-build.dynamodb", asked)
    client.meta.events.register("after-call.dynamodb", answered)


def _item_of(write: Write) -> Item:
    match write:
        case Put(item=item):
            return item
        case Add():
            return write.first_item
        case _:
            return write.key._asdict()


def _written_item(part: Mapping[str, Any]) -> Item:
    """The item that a part of a transaction writes; of a check only the key."""
    match part:
        case {"Put": put}:
            return _plain(put["Item"])
        case {"ConditionCheck": check}:
            return _plain(check["Key"])
        case _:
            return _count_item(part["Update"])


def _count_item(update: Mapping[str, Any]) -> Item:
    """The item of a count, as large as it is after `update`."""
    values = _plain(update["ExpressionAttributeValues"])
    return {**_plain(update["Key"]), COUNT: values[":by"], "ttl": values[":ttl"]}


def _plain(item: Mapping[str, Mapping[str, Any]]) -> Item:
    return {name: _value(value) for name, value in item.items()}


def _value(value: Mapping[str, Any]) -> Value:
    match value:
        case {"S": text}:
            return str(text)
        case {"B": binary}:
            return bytes(binary)
        case {"N": number}:
            return int(number)
    raise AssertionError(f"{json.dumps(list(value))} is no type of ours")
