"""A page of rows, decided in small batches: each row ends with one outcome and its reasons."""

from collections import Counter
from collections.abc import Sequence

from imports.releasing import release_page
from imports.rows import RowPage, read_row, source_of
from leadloop.act import Failure
from leadloop.edge import raw_bodies
from leadloop.edge.act import act, table
from leadloop.edge.import_files import RowOutcome, outcomes_key, page_key
from leadloop.edge.wiring import get_wiring
from leadloop.intake.tables.model import Row
from leadloop.model.base import Reason
from leadloop.model.decision import Outcome, Verdict
from leadloop.model.errors import Busy, NotFound
from leadloop.model.facts import Facts
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Submission
from leadloop.settings import JourneySettings
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState
from leadloop.store.read import read

BATCH = 20  # rows of one transaction: about eighty items of the hundred it may have
ROW_FAILED = Reason(code="failed", text="It could not be decided, and a person has to look at it")
READ_DIFFERENTLY = Reason(
    code="read_otherwise", text="This row came before, and was read otherwise then"
)


def decide_page(import_id: str, number: int) -> Counter[str]:
    """How many rows ended how, or leads were released; done again, a page gives the same.

    Raises:
        Busy: some rows lost every round; the page is to be done again.

    """
    found = imports.get(table(), import_id)
    if found is None:
        raise NotFound(import_id)
    if found.state is ImportState.RELEASING:
        return release_page(found, number)
    bucket, s3 = get_wiring().settings(JourneySettings).PAGES_BUCKET, get_wiring().s3
    body = s3.get_object(Bucket=bucket, Key=page_key(import_id, number))["Body"].read()
    page = RowPage.model_validate_json(body)
    source = source_of(found)
    made: list[RowOutcome] = []
    for start in range(0, len(page.rows), BATCH):
        rows = page.rows[start : start + BATCH]
        read_ones = [read_row(found, source, row, page.columns, found.meaning) for row in rows]
        made += _decide_rows(found, rows, read_ones)
    lines = b"\n".join(each.model_dump_json().encode("utf-8", "replace") for each in made)
    s3.put_object(Bucket=bucket, Key=outcomes_key(import_id, number), Body=lines)
    outcomes = Counter(each.outcome.value for each in made)
    imports.count_page(table(), import_id, number, outcomes, sum(each.again for each in made))
    return outcomes


def _decide_rows(
    found: FileImport, rows: Sequence[Row], submissions: Sequence[Submission]
) -> list[RowOutcome]:
    kept = [
        raw_bodies.store_large_body(get_wiring().s3, get_wiring().raw_bucket, each)
        for each in submissions
    ]
    verdicts = [_verdict(each, result) for each, result in zip(kept, act(kept), strict=True)]
    before = _brought_before(found, verdicts)
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
    """A row that breaks the decision goes to a person, so that no row is without an end."""
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


def _brought_before(found: FileImport, verdicts: Sequence[Verdict]) -> frozenset[str]:
    """Which rows an earlier import had brought; what this one did in an earlier try is its own."""
    repeated = [RecordRef(v.submission_id) for v in verdicts if v.repeated]
    facts = Facts(read(table(), repeated)) if repeated else Facts()
    records = (facts.get(ref) for ref in repeated)
    return frozenset(each.id for each in records if each and each.received_at != found.at)
