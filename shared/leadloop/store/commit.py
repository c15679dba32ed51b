"""The one way a decision is written: all of its changes or none. Only `act` imports this."""

from collections.abc import Iterable

from leadloop.model.facts import Change
from leadloop.model.reference import AnyRef
from leadloop.store.items import to_item
from leadloop.store.table import Put, Table, Unstorable


def commit(table: Table, changes: Iterable[Change]) -> frozenset[AnyRef]:
    """Write `changes` in one transaction; the references lost to others, none when it is done.

    A fold may change one thing several times: what counts is the version the first change was
    based on, and the state after the last.

    Raises:
        TooMany: more than one transaction takes, or (`Unstorable`) than any would; not tried.
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
