"""What is known of some references, read in one go."""

from collections.abc import Iterable

from leadloop.model.reference import AnyRef, Entity
from leadloop.store.items import to_entity
from leadloop.store.table import Table


def read(table: Table, refs: Iterable[AnyRef]) -> dict[AnyRef, Entity | None]:
    """Each of `refs` with its entity, or None where there is nothing; strongly consistent."""
    where = {ref: table.keys.of(ref) for ref in refs}
    found = table.get(list(where.values()))
    return {ref: to_entity(found[key]) if key in found else None for ref, key in where.items()}
