"""Submissions: the outcome of one, and its raw bytes."""

from aws_lambda_powertools.event_handler import Response

from admin.roles import Right
from admin.routes import Routes, get_record
from admin.views import SubmissionView
from leadloop.edge import raw_bodies
from leadloop.edge.wiring import get_wiring

SUBMISSION_PATH = "/admin/v1/submissions/<submission_id>"
# No browser may show the bytes as a page.
DOWNLOAD_HEADERS = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}

routes = Routes()


@routes.get(SUBMISSION_PATH, summary="What became of a submission")
def get_submission(submission_id: str) -> SubmissionView:
    routes.permit(Right.READ)
    return SubmissionView.of(get_record(submission_id))


@routes.get(f"{SUBMISSION_PATH}/raw", summary="The bytes as they came", enable_validation=False)
def get_raw(submission_id: str) -> Response[bytes]:
    routes.permit(Right.RAW)
    raw = get_record(submission_id).raw
    body = raw_bodies.read_body(get_wiring().s3, raw)
    return Response(
        200, "application/octet-stream", body, {**DOWNLOAD_HEADERS, "ETag": f'"{raw.sha256}"'}
    )
