"""The API's description, made from its routes. Every error is a problem (RFC 9457)."""

import json
from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, Server

from leadloop.edge import problems
from leadloop.edge.schema_names import PublishedSchemas, publish_schemas

SCHEME = "token"
PUBLISHED_NAMES = {  # class → the schema's name since the first release
    "BulkReleaseResult": "BulkReleased",
    "ConsentRecord": "ConsentGiven",
    "ConsentTranslation": "Wording",
    "CountComparison": "Compared",
    "CurrentReading": "Understood",
    "EventAttendance": "Attended",
    "FieldSelector": "Find",
    "HasValue": "leadloop__policy__clauses__Given",
    "HealthReport": "Report",
    "HotShortfall": "Missing",
    "ImportRequest": "Wanted",
    "ImportUpload": "Begun",
    "LossReason": "LostReason",
    "ObservedSignal": "Observed",
    "OfferGrant": "leadloop__model__lead__Given",
    "PublishResult": "Published",
    "Reconciliation": "Account",
    "ReconciliationRow": "leadloop__insight__reconciliation__Row",
    "ReleaseResult": "Released",
    "ReplayOutcome": "Became",
    "ReplayRequest": "Wanted",
    "ReplaySummary": "Ended",
    "SignalStored": "Kept",
    "TimelineEntry": "Entry",
    "UsualVolume": "Usual",
    "VendorCount": "Claimed",
    "WorkItem": "admin__views__Row",
    "WorkItems": "Rows",
}
PROBLEM = {
    "description": "What was tried and what to mend, as problem details (RFC 9457)",
    "content": {
        problems.MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                },
                "required": ["type", "title", "status"],
            }
        }
    },
}


COMMON = {  # status → what it says, of every operation
    "405": "The path has other methods; Allow names them",
    "429": "Too many requests; try again after Retry-After seconds",
}


def _problem(text: str) -> dict[str, object]:
    return {**PROBLEM, "description": text}


def describe_api(app: APIGatewayRestResolver, address: str) -> str:
    """The OpenAPI document in JSON, made from the routes of `app` below `address`."""
    generated = app.get_openapi_json_schema(
        title="leadloop admin API",
        version="1",
        description="Lists are paged: `next` is the cursor.",
        security_schemes={SCHEME: HTTPBearer(description="A token of the user pool")},
        security=[{SCHEME: []}],
        servers=[Server(url=address)],
    )
    document = json.loads(publish_schemas(generated, _published()))
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)  # the router's own format, which we never use
            operation["responses"]["default"] = PROBLEM
            operation["responses"] |= {status: _problem(text) for status, text in COMMON.items()}
        if "patch" in path:
            path["patch"]["responses"]["428"] = _problem("If-Match is missing: say which version")
    return json.dumps(document, ensure_ascii=False)


@cache
def _published() -> PublishedSchemas:
    texts = json.loads(Path(__file__).with_name("published_texts.json").read_text("utf-8"))
    return PublishedSchemas(PUBLISHED_NAMES, texts)
