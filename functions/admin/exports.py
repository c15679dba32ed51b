"""Exports of all leads or submissions as JSON lines, page by page.

A page that is not the last has the header `Link: <…>; rel="next"` (RFC 8288). The register lists
all submissions, so nothing is scanned. A page ends with the sheet that fills it, by number or by
bytes. So a page may be short or empty although others follow. A change during an export may be in
it or not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from admin.roles import Right
from admin.routes import Cursor, Routes
from admin.views import LeadView, SubmissionView
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.model.base import Model
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.model.lead_id import person_of
from leadloop.store import register
from leadloop.store.leads import read_person_leads

NDJSON = "application/x-ndjson"
EXPORTS = "/admin/v1/exports"
MOST_SUBMISSIONS = 500  # submissions a page
MOST_BYTES = 4_000_000  # of a page of several sheets: Lambda allows 6 MB, and quoting adds some
ExportLimit = Annotated[
    int, Query(ge=1, le=MOST_SUBMISSIONS, description="How many submissions to look at")
]

Views = Callable[[Sequence[Record]], Iterable[Model]]

routes = Routes()


@routes.get(f"{EXPORTS}/leads.jsonl", summary="Every lead, one per line")
def get_leads(cursor: Cursor = None, limit: ExportLimit = MOST_SUBMISSIONS) -> Response[str]:
    routes.permit(Right.EXPORT)
    book = playbook()

    def views(records: Sequence[Record]) -> Iterator[LeadView]:
        founded = [each for each in records if each.outcome is SubmissionOutcome.LEAD]
        leads = read_person_leads(
            table(), [each.lead_id or each.id for each in founded], book.lines
        )
        for record in founded:
            of_person = leads[person_of(record.lead_id or record.id)]
            for stored in of_person:
                if stored.founded_by == record.id:
                    yield LeadView.of(stored, record.reasons, of_person, book)

    return _page(views, "leads.jsonl", limit, cursor)


@routes.get(
    f"{EXPORTS}/submissions.jsonl", summary="Every submission and its outcome, one per line"
)
def get_submissions(cursor: Cursor = None, limit: ExportLimit = MOST_SUBMISSIONS) -> Response[str]:
    routes.permit(Right.EXPORT)
    return _page(partial(map, SubmissionView.of), "submissions.jsonl", limit, cursor)


def _page(views: Views, name: str, limit: int, cursor: str | None) -> Response[str]:
    parts: list[str] = []
    submission_count = byte_count = 0
    position = cursor
    for sheet in register.walk_sheets(table(), after=cursor):
        lines = "".join(_lines(views, sheet))
        byte_count += len(lines.encode())
        if submission_count >= limit or (parts and byte_count > MOST_BYTES):
            headers: dict[str, str | list[str]] = {
                "Link": f'<{name}?{urlencode({"cursor": position or ""})}>; rel="next"'
            }
            return Response(200, NDJSON, "".join(parts), headers)
        parts.append(lines)
        submission_count += sum(len(line.ids) for line in sheet.lines)
        position = sheet.place
    return Response(200, NDJSON, "".join(parts))


def _lines(views: Views, sheet: register.RegisterSheet) -> Iterator[str]:
    for view in views(register.read_records(table(), sheet)):
        yield f"{view.model_dump_json()}\n"
