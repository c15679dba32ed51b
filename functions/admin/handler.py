"""API Gateway `/admin/v1` (bearer token) and `/a` (a rep's signed link) → reads, or `act`."""

from leadloop.edge.cold_start import freeze_gc  # isort: split

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
from admin.description import describe_api
from leadloop.edge import http
from leadloop.edge.telemetry import log_answer
from leadloop.edge.wiring import get_wiring

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

app = http.build_resolver(typed=True)
for subject in SUBJECTS:
    app.include_router(subject.routes)


@app.get("/admin/v1/openapi.json", include_in_schema=False)
def get_description() -> Response[str]:
    """For programs."""
    return Response(200, "application/json", describe_api(app, get_wiring().public_url))


@freeze_gc
def handler(event: http.LambdaEvent, context: LambdaContext) -> http.LambdaEvent:
    return log_answer("Administered", app.resolve(event, context))
