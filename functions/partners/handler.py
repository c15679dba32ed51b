"""API Gateway `/v1` → `act`: a partner's lead is decided while the partner waits."""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.edge import http
from leadloop.edge.telemetry import log_answer
from leadloop.edge.wiring import get_wiring
from partners import imports, leads

app = http.build_resolver()
app.include_router(leads.routes)
app.include_router(imports.routes)


@app.get("/v1/openapi.json", include_in_schema=False)
def get_description() -> Response[str]:
    from partners import docs  # noqa: PLC0415  posts of leads do not need it

    return Response(200, "application/json", docs.openapi_json(app, get_wiring().public_url))


@app.get("/v1/docs", include_in_schema=False)
def get_docs() -> Response[str]:
    from partners import docs  # noqa: PLC0415  as above

    return http.html_response(200, docs.page(app, get_wiring().public_url))


@freeze_gc
def handler(event: http.LambdaEvent, context: LambdaContext) -> http.LambdaEvent:
    return log_answer("Partner answered", app.resolve(event, context))
