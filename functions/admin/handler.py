"""API Gateway `/admin/v1` (bearer token) and `/a` (a rep's signed link) → reads, or `act`."""

from leadloop.edge.cold_start import ready  # isort: split

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer
from aws_lambda_powertools.utilities.typing import LambdaContext

from admin import accept, exports, leads, playbooks, quarantine, submissions
from leadloop.edge import http
from leadloop.edge.telemetry import answered

SUBJECTS = (submissions, leads, quarantine, exports, playbooks, accept)
SCHEME = "token"

app = http.door(typed=True)
for subject in SUBJECTS:
    app.include_router(subject.routes)


@app.get("/admin/v1/openapi.json", include_in_schema=False)
def get_description() -> Response[str]:
    """Made from the routes."""
    description = app.get_openapi_json_schema(
        title="leadloop admin API",
        version="1",
        description="Errors are problem details (RFC 9457). Lists are paged: `next` is the cursor.",
        security_schemes={SCHEME: HTTPBearer(description="A token of the user pool")},
        security=[{SCHEME: []}],
    )
    return Response(200, "application/json", description)


@ready
def handler(event: http.Event, context: LambdaContext) -> http.Event:
    return answered("Administered", app.resolve(event, context))
