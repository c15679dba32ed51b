"""Reads the entities of references in one go."""

from collections.abc import Iterable

from leadloop.model.reference import AnyRef, Entity
from leadloop.store.items import to_entity
from leadloop.store.table import Table


def read(table: Table, refs: Iterable[AnyRef]) -> dict[AnyRef, Entity | None]:
    """The entity of each of `refs`, or None where there is nothing; strongly consistent.

    Raises:
        Throttled: some keys had no answer.

    """
    keys = {ref: table.keys.of(ref) for ref in refs}
    items = table.get(list(keys.values()))
    return {ref: to_entity(items[key]) if key in items else None for ref, key in keys.items()}
