"""Everything there is, as JSON lines, page by page: `Link: <…>; rel="next"` until there is none.

A page looks at a bounded number of items in no order, so it may be short, or empty, and yet not
the last. What changes while an export runs may be in it or not.
"""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from admin.roles import Right
from admin.routes import Cursor, Routes
from admin.views import LeadView, SubmissionView
from leadloop.edge.hand import table
from leadloop.edge.playbooks import playbook
from leadloop.model.base import Model
from leadloop.store import lists

EXPORTS = "/admin/v1/exports"
LOOKED_AT = 500  # items a page; about 1 MB of them
Looked = Annotated[int, Query(ge=1, le=LOOKED_AT, description="How many items to look at")]

routes = Routes()


@routes.get(f"{EXPORTS}/leads.jsonl", summary="Every lead, one per line")
def get_leads(cursor: Cursor = None, limit: Looked = LOOKED_AT) -> Response[str]:
    routes.permit(Right.EXPORT)
    page = lists.records(table(), limit, cursor)
    book = playbook()
    leads = (LeadView.of(row, row.lead, book) for row in page.rows if row.lead is not None)
    return _lines(leads, "leads.jsonl", page.cursor)


@routes.get(
    f"{EXPORTS}/submissions.jsonl", summary="Every submission and its outcome, one per line"
)
def get_submissions(cursor: Cursor = None, limit: Looked = LOOKED_AT) -> Response[str]:
    routes.permit(Right.EXPORT)
    page = lists.records(table(), limit, cursor)
    return _lines(map(SubmissionView.of, page.rows), "submissions.jsonl", page.cursor)


def _lines(shown: Iterable[Model], name: str, cursor: str | None) -> Response[str]:
    text = "".join(f"{each.model_dump_json()}\n" for each in shown)
    following = {"Link": f'<{name}?{urlencode({"cursor": cursor})}>; rel="next"'} if cursor else {}
    return Response(200, "application/x-ndjson", text, following)
