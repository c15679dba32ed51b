"""API Gateway `/admin/v1` (bearer token) and `/a` (a rep's signed link) → reads, or `act`."""

from leadloop.edge.cold_start import ready  # isort: split

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from admin import (
    accept_link,
    desk_entry,
    exports,
    imports,
    leads,
    playbooks,
    quarantine,
    replays,
    reports,
    signals,
    submissions,
)
from admin.description import description
from leadloop.edge import http
from leadloop.edge.telemetry import answered
from leadloop.edge.wiring import wired

SUBJECTS = (
    submissions,
    desk_entry,
    leads,
    signals,
    quarantine,
    replays,
    imports,
    exports,
    reports,
    playbooks,
    accept_link,
)

app = http.door(typed=True)
for subject in SUBJECTS:
    app.include_router(subject.routes)


@app.get("/admin/v1/openapi.json", include_in_schema=False)
def get_description() -> Response[str]:
    """For programs."""
    return Response(200, "application/json", description(app, wired().public_url))


@ready
def handler(event: http.Event, context: LambdaContext) -> http.Event:
    return answered("Administered", app.resolve(event, context))
