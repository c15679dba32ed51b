"""Entities as items of DynamoDB, and back.

Key and index attributes are typed; all else is one packed attribute, `body`. Beside the body an
item has:

- `version`, always;
- `state`, of a delivery: the stream's filter reads it;
- `due_shard`, `due_at`, `due_kind`, while it waits for a time;
- `worklist`, `priority`, `card` (what a list shows of it), while a person should see it;
- `ttl` in seconds since 1970, if it may be deleted then.

A count is no such item: it has only `n`, the number, and `ttl`.

Source: DynamoDB developer guide, "Time to live", "Sparse indexes", "Item sizes and formats".
"""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from leadloop.model.count import CountValue
from leadloop.model.delivery import Delivery, DeliveryState
from leadloop.model.event import TimelineEntry
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Lead, OpportunityState, Record, SubmissionOutcome, TimerKind
from leadloop.model.lifecycle import Stage
from leadloop.model.person import MOST_CARD_NAME, Person
from leadloop.model.reference import Entity, entity_type
from leadloop.store import keys
from leadloop.store.compression import ENTRY_PACKING, RECORD_PACKING, pack, unpack
from leadloop.store.keys import Key
from leadloop.store.shapes import current_shape, upcast

Value = str | int | bytes
Item = Mapping[str, Value]

COUNT = "n"  # the attribute that holds a count
DUE_KEY_MARK = "|"  # in `due_kind`, between a timer's kind and its key
MOST_CARD_TEXT = MOST_CARD_NAME  # in a list: its row stays below one write unit (1 KB)
_CARD_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ACTIVE_STAGES = {Stage.QUALIFIED, Stage.ACCEPTED, Stage.CONVERTED}


class Card(NamedTuple):
    """What a list shows of a lead or a quarantined record, without reading the item itself.

    It has no version: that would cost every change of a lead an index write, and be out of date.
    """

    id: str
    at: datetime
    source: str
    title: str
    company: str = ""
    stage: str = ""
    rating: str = ""
    score: int = 0
    product_line: str = ""
    parser: str = ""
    asked: str = ""  # since when the person waits for an answer


def to_item(key: Key, entity: Entity) -> Item:
    """The item of `entity` at `key`."""
    version: int = getattr(entity, "version", 1)  # a timeline entry has none: it never changes
    attributes: dict[str, Value] = {"pk": key.pk, "sk": key.sk, "version": version}
    match entity:
        case Record():
            attributes |= _record_attributes(entity)
        case FurtherLead():
            attributes |= _lead_attributes(
                entity.id,
                entity.lead,
                _lead_card(entity.id, entity.name, entity.company, entity.lead),
            )
        case Delivery():
            attributes |= _delivery_attributes(entity)
    if (end := entity.expires_at) is not None:
        attributes["ttl"] = int(end.timestamp())
    return {**attributes, "body": _pack_entity(entity)}


def to_entity(item: Item) -> Entity:
    """The entity of an item, of the type that its key says.

    Raises:
        KeyError: no reference lies at its key.
        ShapeUnknown: it was written by a newer function than this one.

    """
    kind = entity_type(*key_of(item))
    if kind is CountValue:
        return _read_count(item)
    unpacked = unpack(binary_attribute(item, "body"))
    entity = kind.model_validate_json(upcast(kind, unpacked.json, unpacked.shape))
    if unpacked.raw is None or not isinstance(entity, Record | TimelineEntry) or entity.raw is None:
        return entity
    return entity.but(raw=entity.raw.but(body=unpacked.raw))


def count_of(item: Item | None) -> int:
    """The number of a count's item; 0 where there is none."""
    value = 0 if item is None else item[COUNT]
    if not isinstance(value, int):
        raise TypeError(f"{COUNT} is {value!r}")
    return value


def from_stream(image: Mapping[str, Mapping[str, str]]) -> Entity:
    """The entity of an image of the table's stream, in which binary values are base64."""
    return to_entity({name: _parse_stream_value(value) for name, value in image.items()})


def key_of(item: Item) -> Key:
    """The primary key of an item."""
    return Key(text_attribute(item, "pk"), text_attribute(item, "sk"))


def version_of(item: Item) -> int:
    """The version of an item, which the condition of the next write names."""
    version = item["version"]
    if not isinstance(version, int):
        raise TypeError(f"version of {key_of(item)} is {version!r}")
    return version


def card_of(item: Item) -> Card:
    """The card of an item that the worklist index returned."""
    lead_id, at, *rest = json.loads(text_attribute(item, "card"))
    return Card(lead_id, datetime.fromisoformat(at), *rest)


def text_attribute(item: Item, name: str) -> str:
    """The value of a text attribute.

    Raises:
        TypeError: it is no text.

    """
    value = item[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def binary_attribute(item: Item, name: str) -> bytes:
    """The value of a binary attribute.

    Raises:
        TypeError: it is not binary.

    """
    value = item[name]
    if not isinstance(value, bytes):
        raise TypeError(f"{name} is not binary")
    return value


def item_size(item: Item) -> int:
    """Size in bytes as DynamoDB bills it: names and values, without the overhead of an index."""
    return sum(map(len, item)) + sum(map(_value_size, item.values()))  # names are ASCII


def _read_count(item: Item) -> CountValue:
    ttl = item.get("ttl")
    until = datetime.fromtimestamp(ttl, UTC) if isinstance(ttl, int) else None
    return CountValue(value=count_of(item), until=until)


def _parse_stream_value(value: Mapping[str, str]) -> Value:
    if "B" in value:
        return base64.b64decode(value["B"])
    return value["S"] if "S" in value else int(value["N"])


def _value_size(value: Value) -> int:
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    return len(value) if isinstance(value, bytes) else len(str(value)) // 2 + 2


def _pack_entity(entity: Entity) -> bytes:
    raw = entity.raw if isinstance(entity, Record | TimelineEntry) else None
    body = raw.body if raw is not None else None
    if raw is not None and body is not None:
        entity = entity.but(raw=raw.but(body=None))
    document = entity.model_dump_json(exclude_defaults=True).encode()
    packing = ENTRY_PACKING if isinstance(entity, TimelineEntry) else RECORD_PACKING
    return pack(document, body, current_shape(type(entity)), packing)


def _record_attributes(record: Record) -> dict[str, Value]:
    attributes: dict[str, Value] = {}
    if record.person is not None and record.lead is not None:
        card = lead_card(record.id, record.person, record.lead)
        attributes |= _lead_attributes(record.id, record.lead, card)
    elif record.outcome is SubmissionOutcome.QUARANTINED and record.released_as is None:
        attributes["worklist"] = keys.QUARANTINE
        attributes["priority"] = keys.instant(record.received_at)
        attributes["card"] = _encode_card(_quarantined_card(record))
    return attributes


def _lead_attributes(lead_id: str, lead: Lead, card: Card) -> Iterator[tuple[str, Value]]:
    yield from _lead_due_attributes(lead_id, lead)
    if worklist := _worklist_of(lead):
        question = lead.open_question
        yield "worklist", worklist
        yield (
            "priority",
            keys.question_priority(question.at)
            if question
            else keys.priority(lead.score.total, lead.created_at),
        )
        yield "card", _encode_card(card)


def _lead_due_attributes(lead_id: str, lead: Lead) -> Iterator[tuple[str, Value]]:
    first = min(lead.timers, key=lambda timer: timer.at, default=None)
    if first is not None:
        yield from _due_attributes(lead_id, first.at, first.kind, first.key)


def _due_attributes(
    lead_id: str, at: datetime, kind: TimerKind, key: str = ""
) -> Iterator[tuple[str, Value]]:
    yield "due_shard", keys.shard(lead_id)
    yield "due_at", keys.instant(at)
    yield "due_kind", f"{kind}{DUE_KEY_MARK}{key}" if key else kind.value


def _worklist_of(lead: Lead) -> str | None:
    """The work list that shows the lead, while there is something to do; else None.

    The question of a lead that has no owner waits in the list of those who are to answer it.
    """
    is_open = lead.opportunity is not None and lead.opportunity.state is OpportunityState.OPEN
    if lead.quiet:
        return None
    if lead.assignment is None or not (lead.stage in _ACTIVE_STAGES or is_open):
        return keys.queue_list(lead.open_question.pool) if lead.open_question else None
    if lead.assignment.rep is None:
        return keys.queue_list(lead.assignment.pool)
    return keys.rep_list(lead.assignment.rep)


def lead_card(lead_id: str, person: Person, lead: Lead) -> Card:
    """The card of a lead and its person."""
    return _lead_card(lead_id, *person.card_names, lead)


def _lead_card(lead_id: str, name: str, company: str, lead: Lead) -> Card:
    return Card(
        id=lead_id,
        at=lead.created_at,
        source=lead.source,
        title=name[:MOST_CARD_TEXT],
        company=company[:MOST_CARD_TEXT],
        stage=lead.stage,
        rating=lead.rating,
        score=lead.score.total,
        product_line=lead.product_line,
        asked=keys.instant(lead.open_question.at) if lead.open_question else "",
    )


def _quarantined_card(record: Record) -> Card:
    return Card(
        id=record.id,
        at=record.received_at,
        source=record.source,
        title="; ".join(reason.code for reason in record.reasons)[:MOST_CARD_TEXT],
        parser=record.parser or "",
    )


def _encode_card(card: Card) -> str:
    values = [card.id, keys.instant(card.at), *card[2:]]
    while values[-1] == "":
        values.pop()
    return _CARD_ENCODER.encode(values)


def _delivery_attributes(delivery: Delivery) -> dict[str, Value]:
    attributes: dict[str, Value] = {"state": delivery.state.value}
    if delivery.state is DeliveryState.WAITING and delivery.retry_at is not None:
        attributes |= _due_attributes(delivery.lead_id, delivery.retry_at, TimerKind.RETRY)
    return attributes
