"""A page of rows, decided in small batches: each row ends with one outcome and its reasons."""

from collections import Counter
from collections.abc import Sequence

from imports.releasing import release_page
from imports.rows import RowPage, read_row, source_of
from leadloop.act import Failure
from leadloop.edge import raw_bodies
from leadloop.edge.act import act, table
from leadloop.edge.import_files import RowOutcome, paged_rows, put_outcomes
from leadloop.edge.wiring import get_wiring
from leadloop.intake.tables.model import Row
from leadloop.model.base import Reason
from leadloop.model.decision import Outcome, Verdict
from leadloop.model.errors import Busy, NotFound
from leadloop.model.facts import Facts
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Submission
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState
from leadloop.store.read import read

BATCH = 20  # rows of one transaction: about eighty items of the hundred it may have
ROW_FAILED = Reason(code="failed", text="It could not be decided, and a person has to look at it")
READ_DIFFERENTLY = Reason(
    code="read_otherwise", text="This row came before, and was read otherwise then"
)


def decide_page(import_id: str, number: int) -> Counter[str]:
    """Decide the rows of a page, or release its leads; returns how many by outcome.

    A page that is done again gives the same.

    Raises:
        NotFound: there is no such import or page.
        Busy: some rows lost every round; the page is to be done again.

    """
    file_import = imports.get(table(), import_id)
    if file_import is None:
        raise NotFound(import_id)
    if file_import.state is ImportState.RELEASING:
        return release_page(file_import, number)
    documents = get_wiring().pages
    page = RowPage.model_validate_json(paged_rows(documents, import_id).get_page(number))
    source = source_of(file_import)
    outcomes: list[RowOutcome] = []
    for start in range(0, len(page.rows), BATCH):
        rows = page.rows[start : start + BATCH]
        submissions = [
            read_row(file_import, source, row, page.columns, file_import.meaning) for row in rows
        ]
        outcomes += _decide_rows(file_import, rows, submissions)
    put_outcomes(documents, import_id, number, outcomes)
    counts = Counter(each.outcome.value for each in outcomes)
    imports.count_page(table(), import_id, number, counts, sum(each.again for each in outcomes))
    return counts


def _decide_rows(
    file_import: FileImport, rows: Sequence[Row], submissions: Sequence[Submission]
) -> list[RowOutcome]:
    stored = [
        raw_bodies.store_large_body(get_wiring().s3, get_wiring().raw_bucket, each)
        for each in submissions
    ]
    verdicts = [_verdict(each, result) for each, result in zip(stored, act(stored), strict=True)]
    before = _brought_before(file_import, verdicts)
    return [
        RowOutcome(
            line=row.line,
            submission_id=verdict.submission_id,
            outcome=verdict.outcome,
            lead_id=verdict.lead_id,
            reasons=(*verdict.reasons, READ_DIFFERENTLY) if verdict.conflict else verdict.reasons,
            again=verdict.submission_id in before,
            cells=row.cells,
        )
        for row, verdict in zip(rows, verdicts, strict=True)
    ]


def _verdict(submission: Submission, result: Outcome | Failure) -> Verdict:
    """The outcome of a row; one that breaks the decision is quarantined, so that it has one too."""
    match result:
        case Verdict() as verdict:
            return verdict
        case Failure(error=Busy() as busy):
            raise busy
        case Failure():
            (again,) = act([submission.but(unreadable=(ROW_FAILED,))])
            if isinstance(again, Verdict):
                return again
            raise result.error
        case other:
            raise TypeError(f"a row became {other.kind}")


def _brought_before(file_import: FileImport, verdicts: Sequence[Verdict]) -> frozenset[str]:
    """The submissions that an earlier import had brought; an earlier try of this one is none."""
    repeated = [RecordRef(v.submission_id) for v in verdicts if v.repeated]
    facts = Facts(read(table(), repeated)) if repeated else Facts()
    records = (facts.get(ref) for ref in repeated)
    return frozenset(each.id for each in records if each and each.received_at != file_import.at)
