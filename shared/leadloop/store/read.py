"""Reads the entities of references in one go."""

from collections.abc import Iterable

from leadloop.model.delivery import DeliveriesRef, LeadDeliveries
from leadloop.model.reference import AnyRef, Entity
from leadloop.store import queries
from leadloop.store.items import to_entity
from leadloop.store.table import Table

MOST_DELIVERIES = 1_000  # of one lead


def read(table: Table, refs: Iterable[AnyRef]) -> dict[AnyRef, Entity | None]:
    """The entity of each of `refs`, or None where there is nothing; strongly consistent.

    The deliveries of a lead are one query, and may lag by a moment.

    Raises:
        Throttled: some keys had no answer.

    """
    refs = tuple(refs)
    ranges = [ref for ref in refs if isinstance(ref, DeliveriesRef)]
    keys = {ref: table.keys.of(ref) for ref in refs if not isinstance(ref, DeliveriesRef)}
    items = table.get(list(keys.values())) if keys else {}
    entities = {ref: to_entity(items[key]) if key in items else None for ref, key in keys.items()}
    return {**entities, **{ref: _read_deliveries(table, ref) for ref in ranges}}


def _read_deliveries(table: Table, ref: DeliveriesRef) -> LeadDeliveries:
    return LeadDeliveries(deliveries=queries.deliveries(table, ref.lead_id, MOST_DELIVERIES).rows)
