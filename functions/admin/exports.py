"""Everything there is, as JSON lines, page by page: `Link: <…>; rel="next"` until there is none.

The register tells what there is, so nothing is scanned. A page ends with the sheet that fills it,
by number or by bytes; it may be short, or empty, and yet not the last. What changes while an
export runs may be in it or not.
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
from leadloop.store import register

NDJSON = "application/x-ndjson"
EXPORTS = "/admin/v1/exports"
MOST_SUBMISSIONS = 500  # submissions a page
MOST_BYTES = 4_000_000  # of a page of several sheets: Lambda's 6 MB, less what quoting it adds
ExportLimit = Annotated[
    int, Query(ge=1, le=MOST_SUBMISSIONS, description="How many submissions to look at")
]

routes = Routes()


@routes.get(f"{EXPORTS}/leads.jsonl", summary="Every lead, one per line")
def get_leads(cursor: Cursor = None, limit: ExportLimit = MOST_SUBMISSIONS) -> Response[str]:
    routes.permit(Right.EXPORT)
    book = playbook()

    def lead(record: Record) -> LeadView | None:
        return None if record.lead is None else LeadView.of(record, record.lead, book)

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
    looked_at = filled = 0
    place = cursor
    for sheet in register.walk_sheets(table(), after=cursor):
        lines = "".join(_lines(view, sheet))
        filled += len(lines.encode())
        if looked_at >= limit or (parts and filled > MOST_BYTES):
            following: dict[str, str | list[str]] = {
                "Link": f'<{name}?{urlencode({"cursor": place or ""})}>; rel="next"'
            }
            return Response(200, NDJSON, "".join(parts), following)
        parts.append(lines)
        looked_at += sum(len(line.ids) for line in sheet.lines)
        place = sheet.place
    return Response(200, NDJSON, "".join(parts))


def _lines(view: Callable[[Record], Model | None], sheet: register.RegisterSheet) -> Iterator[str]:
    for record in register.read_records(table(), sheet):
        shown = view(record)
        if shown is not None:
            yield f"{shown.model_dump_json()}\n"
