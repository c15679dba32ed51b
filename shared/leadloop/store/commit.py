"""Writes decisions: all of their changes or none. Only `act` imports this."""

from collections.abc import Iterable

from leadloop.model.facts import Change
from leadloop.model.reference import AnyRef
from leadloop.store.items import to_item
from leadloop.store.table import Put, Table, Unstorable


def commit(table: Table, changes: Iterable[Change]) -> frozenset[AnyRef]:
    """Write `changes` in one transaction; returns the references that others changed meanwhile.

    With any of those, nothing was written. A batch may change one entity several times: then the
    version before its first change counts, and the state after its last.

    Raises:
        TransactionTooLarge: more than one transaction takes; not tried.
        Unstorable: one change is more than any transaction takes; not tried.

    """
    folded: dict[AnyRef, Change] = {}
    for change in changes:
        first = folded.get(change.ref, change)
        folded[change.ref] = Change(change.ref, first.before, change.after)
    try:
        refs = {table.keys.of(ref): ref for ref in folded}
        puts = [
            Put(to_item(key, folded[ref].after), folded[ref].before) for key, ref in refs.items()
        ]
    except ValueError as error:
        raise Unstorable("what was decided cannot be written as UTF-8") from error
    return frozenset(refs[key] for key in table.put_all(puts))
