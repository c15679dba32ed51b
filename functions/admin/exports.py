"""Exports of all leads or submissions as JSON lines, page by page.

A page that is not the last has the header `Link: <…>; rel="next"` (RFC 8288). The register lists
all submissions, so nothing is scanned. A page ends with the sheet that fills it, by number or by
bytes. So a page may be short or empty although others follow. A change during an export may be in
it or not.
"""

from collections.abc import Callable, Iterator
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
from leadloop.model.lead import Record
from leadloop.model.stored_lead import StoredLead
from leadloop.store import register

NDJSON = "application/x-ndjson"
EXPORTS = "/admin/v1/exports"
MOST_SUBMISSIONS = 500  # submissions a page
MOST_BYTES = 4_000_000  # of a page of several sheets: Lambda allows 6 MB, and quoting adds some
ExportLimit = Annotated[
    int, Query(ge=1, le=MOST_SUBMISSIONS, description="How many submissions to look at")
]

routes = Routes()


@routes.get(f"{EXPORTS}/leads.jsonl", summary="Every lead, one per line")
def get_leads(cursor: Cursor = None, limit: ExportLimit = MOST_SUBMISSIONS) -> Response[str]:
    routes.permit(Right.EXPORT)
    book = playbook()

    def lead(record: Record) -> LeadView | None:
        stored = StoredLead.of(record)
        return None if stored is None else LeadView.of(stored, book)

    return _page(lead, "leads.jsonl", limit, cursor)


@routes.get(
    f"{EXPORTS}/submissions.jsonl", summary="Every submission and its outcome, one per line"
)
def get_submissions(cursor: Cursor = None, limit: ExportLimit = MOST_SUBMISSIONS) -> Response[str]:
    routes.permit(Right.EXPORT)
    return _page(SubmissionView.of, "submissions.jsonl", limit, cursor)


def _page(
    view: Callable[[Record], Model | None], name: str, limit: int, cursor: str | None
) -> Response[str]:
    parts: list[str] = []
    submission_count = byte_count = 0
    position = cursor
    for sheet in register.walk_sheets(table(), after=cursor):
        lines = "".join(_lines(view, sheet))
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


def _lines(view: Callable[[Record], Model | None], sheet: register.RegisterSheet) -> Iterator[str]:
    for record in register.read_records(table(), sheet):
        item = view(record)
        if item is not None:
            yield f"{item.model_dump_json()}\n"
