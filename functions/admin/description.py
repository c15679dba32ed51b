"""The API's description, made from its routes; whatever goes wrong is a problem, everywhere."""

import json

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, Server

from leadloop.edge import problems

SCHEME = "token"
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


def description(app: APIGatewayRestResolver, address: str) -> str:
    """OpenAPI, as JSON, of what is below `address`."""
    made = json.loads(
        app.get_openapi_json_schema(
            title="leadloop admin API",
            version="1",
            description="Lists are paged: `next` is the cursor.",
            security_schemes={SCHEME: HTTPBearer(description="A token of the user pool")},
            security=[{SCHEME: []}],
            servers=[Server(url=address)],
        )
    )
    for path in made["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)  # the router's own shape, which we never use
            operation["responses"]["default"] = PROBLEM
    return json.dumps(made, ensure_ascii=False)
