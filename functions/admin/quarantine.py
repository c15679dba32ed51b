"""The quarantine: what a person must look at, mended and released as a submission of its own."""

from admin.release import Fix, release
from admin.roles import Right
from admin.routes import PAGE, Cursor, Limit, Routes, record, takes
from admin.views import Rows
from leadloop.edge import raw
from leadloop.edge.hand import act_now, table
from leadloop.edge.playbooks import playbook
from leadloop.edge.wiring import wired
from leadloop.model.decision import Verdict
from leadloop.model.errors import Conflict
from leadloop.store import lists

QUARANTINE = "/admin/v1/quarantine"

routes = Routes()


@routes.get(QUARANTINE, summary="What waits for a person, oldest first")
def get_quarantine(cursor: Cursor = None, limit: Limit = PAGE) -> Rows:
    routes.permit(Right.MEND)
    return Rows.of(lists.quarantine(table(), limit, cursor))


@routes.post(
    f"{QUARANTINE}/<submission_id>/fix",
    summary="Release it, with fields mended; it becomes `<id>.2` and is decided at once",
    openapi_extensions=takes(Fix),
)
def fix(submission_id: str) -> Verdict:
    routes.permit(Right.MEND)
    held = record(submission_id)
    sources = playbook().playbook.sources
    match act_now(release(held, raw.body(wired().s3, held.raw), sources, routes.body(Fix))):
        case Verdict(repeated=True, submission_id=id_):
            raise Conflict(f"somebody released it a moment before, as {id_}")
        case Verdict() as verdict:
            return verdict
        case other:
            raise TypeError(f"a submission became {other.kind}")
