"""What the table tells a partner: of its own submissions only."""

from collections.abc import Iterator

from leadloop.model.decision import Verdict
from leadloop.model.errors import NotFound
from leadloop.model.event import Entry
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.store import queries
from leadloop.store.read import read
from leadloop.store.table import Table
from partners.answer import Answer, answer, first_own

PAGE = 100


def told(table: Table, source: str, verdict: Verdict) -> Answer:
    """The answer to `verdict`, for the partner `source`."""
    first = None
    if verdict.outcome is SubmissionOutcome.MERGED and verdict.lead_id is not None:
        ref = RecordRef(verdict.lead_id)
        founding = Facts(read(table, [ref])).record(ref)
        first = first_own(source, founding, _timeline(table, verdict.lead_id))
    return answer(verdict, first)


def look_up(table: Table, source: str, submission_id: str) -> Answer:
    """What became of a submission of `source`.

    Raises:
        NotFound: there is none, it has no outcome yet, or it is not the partner's.

    """
    ref = RecordRef(submission_id)
    record = Facts(read(table, [ref])).record(ref)
    if record is None or record.source != source:
        raise NotFound(submission_id)
    return told(table, source, verdict_of(record))


def verdict_of(record: Record) -> Verdict:
    """What was decided then."""
    return Verdict(
        submission_id=record.id,
        outcome=record.outcome,
        lead_id=record.lead_id,
        reasons=record.reasons,
        ignored=record.ignored,
    )


def _timeline(table: Table, lead_id: str) -> Iterator[Entry]:
    cursor = None
    while True:
        page = queries.timeline(table, lead_id, PAGE, cursor, fresh=True)
        yield from page.rows
        if (cursor := page.cursor) is None:
            return
