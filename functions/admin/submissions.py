"""Submissions: what became of one, and its bytes exactly as they came."""

from aws_lambda_powertools.event_handler import Response

from admin.roles import Right
from admin.routes import Routes, record
from admin.views import SubmissionView
from leadloop.edge import raw_bodies
from leadloop.edge.wiring import wired

ONE = "/admin/v1/submissions/<submission_id>"
# Whatever the bytes are, no browser is to make a page of them.
INERT = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}

routes = Routes()


@routes.get(ONE, summary="What became of a submission")
def get_submission(submission_id: str) -> SubmissionView:
    routes.permit(Right.READ)
    return SubmissionView.of(record(submission_id))


@routes.get(f"{ONE}/raw", summary="The bytes as they came", enable_validation=False)
def get_raw(submission_id: str) -> Response[bytes]:
    routes.permit(Right.RAW)
    kept = record(submission_id).raw
    body = raw_bodies.body(wired().s3, kept)
    return Response(200, "application/octet-stream", body, {**INERT, "ETag": f'"{kept.sha256}"'})
