"""The partner door as its tests knock at it."""

import hashlib
import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from leadloop.store import partners
from leadloop.store.partners import Partner
from partners.handler import handler
from tests.functions.aws_fixture import SECTIONS, AwsFixture, http_event


def api_key_of(source: str) -> str:
    return f"key-of-{source}"


def publish_partners(home: AwsFixture, **sources: dict[str, Any]) -> None:
    """The company with these partners too, each `{"fields": …}` and the like, and their keys."""
    haus = SECTIONS["sources"]["haus"]
    added = {name: {**haus, "id": name, **more} for name, more in sources.items()}
    sections = {**SECTIONS, "sources": {**SECTIONS["sources"], **added}}
    home.publish(stamp_version(Playbook.model_validate(sections)))
    for source in ("haus", *sources):
        sha256 = hashlib.sha256(api_key_of(source).encode()).hexdigest()
        assert partners.put(home.table, sha256, Partner(source=source, name=source))


def call_partner_api(
    context: LambdaContext,
    method: str,
    path: str,
    body: str | None = None,
    query: dict[str, str] | None = None,
    **headers: str,
) -> dict[str, Any]:
    event = http_event(method, path, body, **headers)
    event["queryStringParameters"] = query
    return handler(event, context)


def json_body(answer: dict[str, Any]) -> dict[str, Any]:
    return json.loads(answer["body"])
