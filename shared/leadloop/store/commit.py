"""Writes decisions: all of their changes and counts, or none. Only `act` imports this."""

from collections.abc import Iterable

from leadloop.model.count import Count, CountRef
from leadloop.model.facts import Change, Check
from leadloop.model.reference import AnyRef
from leadloop.store.items import to_item
from leadloop.store.keys import Key
from leadloop.store.table import Add, ConditionCheck, Put, Table, Unstorable


def commit(
    table: Table,
    changes: Iterable[Change],
    counts: Iterable[Count] = (),
    checks: Iterable[Check] = (),
) -> frozenset[AnyRef]:
    """Write `changes` and `counts` in one transaction; returns the references that were refused.

    Others have changed those meanwhile, or one of `checks` does not hold, or a count has no room
    any more: then nothing was written. A batch may change one entity several times: then the
    version before its first change counts, and the state after its last. So what it changes is not
    checked besides. What it adds to one counter is summed up, below the smallest cap.

    Raises:
        TransactionTooLarge: more than one transaction takes; not tried.
        Unstorable: one change is more than any transaction takes; not tried.

    """
    folded_changes: dict[AnyRef, Change] = {}
    for change in changes:
        first = folded_changes.get(change.ref, change)
        folded_changes[change.ref] = Change(change.ref, first.before, change.after)
    folded_counts: dict[CountRef, Count] = {}
    for count in counts:
        before = folded_counts.get(count.ref)
        folded_counts[count.ref] = count if before is None else _sum_counts(before, count)
    versions = {each.ref: each.version for each in checks if each.ref not in folded_changes}
    if not (folded_changes or folded_counts):
        return frozenset()
    try:
        refs: dict[Key, AnyRef] = {
            table.keys.of(ref): ref for ref in (*folded_changes, *folded_counts, *versions)
        }
        puts = [
            Put(to_item(table.keys.of(ref), change.after), change.before)
            for ref, change in folded_changes.items()
        ]
    except ValueError as error:
        raise Unstorable("what was decided cannot be written as UTF-8") from error
    adds = [
        Add(table.keys.of(ref), count.by, count.at_most, int(count.expires_at.timestamp()))
        for ref, count in folded_counts.items()
    ]
    guards = [ConditionCheck(table.keys.of(ref), version) for ref, version in versions.items()]
    return frozenset(refs[key] for key in table.write_all([*puts, *adds, *guards]))


def _sum_counts(first: Count, second: Count) -> Count:
    at_most = min(first.at_most, second.at_most)
    return Count(first.ref, first.by + second.by, at_most, first.until)
