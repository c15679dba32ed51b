"""Reconciliation: received = lead + merged + quarantined + rejected, by source and hour.

The receipts come from the logs of the doors, the outcomes from the register. So a submission that
one of them has lost shows up in the other as missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from leadloop.model.base import Model
from leadloop.model.lead import SubmissionOutcome


class Receipt(NamedTuple):
    """A door accepted a submission in the hour that begins at `hour`."""

    hour: datetime
    source: str


class RecordedOutcome(NamedTuple):
    """The outcome of a submission that was received in the hour that begins at `hour`."""

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
    receipts: Mapping[str, Receipt], recorded: Mapping[str, RecordedOutcome]
) -> tuple[ReconciliationRow, ...]:
    """A row for each hour and source. Both mappings are by submission id, of the same period."""
    missing: defaultdict[SourceHour, list[str]] = defaultdict(list)
    for id_, receipt in receipts.items():
        if id_ not in recorded:
            missing[receipt.hour, receipt.source].append(id_)
    outcomes: defaultdict[SourceHour, Counter[SubmissionOutcome]] = defaultdict(Counter)
    successors: Counter[SourceHour] = Counter()
    for id_, row in recorded.items():
        if "." in id_:
            successors[row.hour, row.source] += 1
        else:
            outcomes[row.hour, row.source][row.outcome] += 1
    keys = sorted({*missing, *outcomes, *successors})
    return tuple(_build_row(key, outcomes[key], successors[key], missing[key]) for key in keys)


def count_missing(rows: Iterable[ReconciliationRow]) -> dict[str, int]:
    """The number of missing submissions by source, for sources that miss any."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.source] += len(row.missing)
    return {source: missing for source, missing in counts.items() if missing}


def _build_row(
    key: SourceHour, outcomes: Counter[SubmissionOutcome], successors: int, missing: list[str]
) -> ReconciliationRow:
    hour, source = key
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
