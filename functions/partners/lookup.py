"""Looks up a partner's submissions; those of other sources do not exist for it."""

from collections.abc import Iterator

from leadloop.model.decision import Verdict
from leadloop.model.errors import NotFound
from leadloop.model.event import TimelineEntry
from leadloop.model.facts import Facts
from leadloop.model.lead import RecordRef, SubmissionOutcome
from leadloop.store import queries
from leadloop.store.leads import read_lead
from leadloop.store.read import read
from leadloop.store.table import Table
from partners.answer import PartnerAnswer, build_answer, first_submission

PAGE_SIZE = 100


def to_answer(table: Table, source: str, verdict: Verdict) -> PartnerAnswer:
    """The answer to `verdict`, for the partner `source`."""
    first = None
    if verdict.outcome is SubmissionOutcome.MERGED and verdict.lead_id is not None:
        stored = read_lead(table, verdict.lead_id)
        first = first_submission(source, stored, _timeline(table, verdict.lead_id))
    return build_answer(verdict, first)


def look_up(table: Table, source: str, submission_id: str) -> PartnerAnswer:
    """The answer about a submission of `source`.

    Raises:
        NotFound: there is none, it has no outcome yet, or it is of another source.

    """
    ref = RecordRef(submission_id)
    record = Facts(read(table, [ref])).get(ref)
    if record is None or record.source != source:
        raise NotFound(submission_id)
    return to_answer(table, source, record.verdict())


def _timeline(table: Table, lead_id: str) -> Iterator[TimelineEntry]:
    cursor = None
    while True:
        page = queries.timeline(table, lead_id, PAGE_SIZE, cursor, fresh=True)
        yield from (entry for entry in page.rows if entry.lead_id == lead_id)
        if (cursor := page.cursor) is None:
            return
