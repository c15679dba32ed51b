"""Raw received = lead + merged + quarantined + rejected, by source and hour; or who is missing.

What the doors say they took is told apart from what the register says became of it, so that a
submission that one of them lost is seen by the other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from leadloop.model.base import Model
from leadloop.model.lead import SubmissionOutcome


class Receipt(NamedTuple):
    """A door answered yes, in the hour that begins at `hour`."""

    hour: datetime
    source: str


class RecordedOutcome(NamedTuple):
    """What became of a submission that was received in the hour that begins at `hour`."""

    hour: datetime
    source: str
    outcome: SubmissionOutcome


class ReconciliationRow(Model):
    """One source in one hour: `received` is the sum of the outcomes and of those `missing`.

    `successors` (of releases and replays) are no receipts, and apart.
    """

    hour: datetime
    source: str
    received: int
    lead: int
    merged: int
    quarantined: int
    rejected: int
    successors: int
    missing: tuple[str, ...]


SourceHour = tuple[datetime, str]


def reconcile_submissions(
    taken: Mapping[str, Receipt], ended: Mapping[str, RecordedOutcome]
) -> tuple[ReconciliationRow, ...]:
    """By hour and source; both are by submission's id, and tell of the same period."""
    missing: defaultdict[SourceHour, list[str]] = defaultdict(list)
    for id_, yes in taken.items():
        if id_ not in ended:
            missing[yes.hour, yes.source].append(id_)
    outcomes: defaultdict[SourceHour, Counter[SubmissionOutcome]] = defaultdict(Counter)
    successors: Counter[SourceHour] = Counter()
    for id_, end in ended.items():
        if "." in id_:
            successors[end.hour, end.source] += 1
        else:
            outcomes[end.hour, end.source][end.outcome] += 1
    places = sorted({*missing, *outcomes, *successors})
    return tuple(_build_row(at, outcomes[at], successors[at], missing[at]) for at in places)


def count_missing(rows: Iterable[ReconciliationRow]) -> dict[str, int]:
    """How many are missing, by source; none is nothing to tell."""
    count: Counter[str] = Counter()
    for row in rows:
        count[row.source] += len(row.missing)
    return {source: missing for source, missing in count.items() if missing}


def _build_row(
    at: SourceHour, outcomes: Counter[SubmissionOutcome], successors: int, missing: list[str]
) -> ReconciliationRow:
    hour, source = at
    return ReconciliationRow(
        hour=hour,
        source=source,
        received=outcomes.total() + len(missing),
        lead=outcomes[SubmissionOutcome.LEAD],
        merged=outcomes[SubmissionOutcome.MERGED],
        quarantined=outcomes[SubmissionOutcome.QUARANTINED],
        rejected=outcomes[SubmissionOutcome.REJECTED],
        successors=successors,
        missing=tuple(sorted(missing)),
    )
