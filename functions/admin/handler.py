"""API Gateway `/admin/v1` (bearer token) and `/a` (a rep's signed link) → reads, or `act`."""

from leadloop.edge import cold_start  # isort: split

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

from admin import exports, leads, quarantine, submissions
from leadloop.edge import http

SUBJECTS = (submissions, leads, quarantine, exports)
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


@cold_start.ready
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One request of API Gateway."""
    return app.resolve(event, context)  # type: ignore[arg-type]
