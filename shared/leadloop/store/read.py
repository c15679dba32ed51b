"""Reads the entities of references in one go."""

import struct
import zlib
from collections.abc import Callable, Iterable
from functools import partial

from leadloop.model.delivery import DeliveriesRef, LeadDeliveries
from leadloop.model.facts import UnreadableItem
from leadloop.model.reference import AnyRef, Entity
from leadloop.store import queries
from leadloop.store.items import to_entity
from leadloop.store.table import Table

MOST_DELIVERIES = 1_000  # of one lead
READ_FAULTS = (LookupError, ValueError, TypeError, zlib.error, struct.error)  # of one item


def read(table: Table, refs: Iterable[AnyRef]) -> dict[AnyRef, Entity | None]:
    """The entity of each of `refs`, or None where there is nothing; strongly consistent.

    The deliveries of a lead are one query, and may lag by a moment.

    Raises:
        Throttled: some keys had no answer.
        UnreadableItem: one of them cannot be read.

    """
    entities: dict[AnyRef, Entity | None] = {}
    for ref, entity in read_each(table, refs).items():
        if isinstance(entity, UnreadableItem):
            raise entity
        entities[ref] = entity
    return entities


def read_each(table: Table, refs: Iterable[AnyRef]) -> dict[AnyRef, Entity | UnreadableItem | None]:
    """As `read`; an item that cannot be read is among the answers, and costs no other.

    Raises:
        Throttled: some keys had no answer.

    """
    refs = tuple(refs)
    ranges = [ref for ref in refs if isinstance(ref, DeliveriesRef)]
    keys = {ref: table.keys.of(ref) for ref in refs if not isinstance(ref, DeliveriesRef)}
    items = table.get(list(keys.values())) if keys else {}
    return {
        **{
            ref: _guard(ref, partial(to_entity, items[key])) if key in items else None
            for ref, key in keys.items()
        },
        **{ref: _guard(ref, partial(_read_deliveries, table, ref)) for ref in ranges},
    }


def _guard(ref: AnyRef, read_entity: Callable[[], Entity]) -> Entity | UnreadableItem:
    try:
        return read_entity()
    except READ_FAULTS as fault:  # its text may quote what the person wrote
        return UnreadableItem(f"a {ref.entity.__name__} cannot be read: {type(fault).__name__}")


def _read_deliveries(table: Table, ref: DeliveriesRef) -> LeadDeliveries:
    return LeadDeliveries(deliveries=queries.deliveries(table, ref.person_id, MOST_DELIVERIES).rows)
