"""Whatever is sent to the APIs that describe themselves: an answer as described, never a 5xx."""

import hashlib
import json
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from admin.handler import handler as admin
from leadloop.store import partners
from leadloop.store.partners import Partner
from partners.handler import handler as partner
from tests.functions.admin.desk import PEOPLE, Desk
from tests.functions.aws_fixture import PUBLIC_ADDRESS, AwsFixture
from tests.fuzz.conftest import FULL, InputCounter
from tests.fuzz.gateway import CONTEXT, Gateway

KEY = "key-of-haus"
PER_OPERATION = 300 if FULL else 20


with pytest.MonkeyPatch.context() as environment:
    environment.setenv("PUBLIC_URL", PUBLIC_ADDRESS)
    PARTNER = schemathesis.openapi.from_wsgi("/v1/openapi.json", Gateway(partner))
    ADMIN = schemathesis.openapi.from_wsgi(
        "/admin/v1/openapi.json", Gateway(admin, PEOPLE["admin"])
    )


@pytest.fixture(scope="module", autouse=True)
def inhabited(home: AwsFixture) -> None:
    """With a partner, a lead and a quarantined submission to meet."""
    desk = Desk(home, CONTEXT)
    desk.create_lead()
    desk.create_quarantined()
    sha256 = hashlib.sha256(KEY.encode()).hexdigest()
    partners.put(home.table, sha256, Partner(source="haus", name="haus"))


@PARTNER.parametrize()
@settings(max_examples=PER_OPERATION)
def test_partners_are_answered_whatever_they_send(case: schemathesis.Case[Any]) -> None:
    answered(case, {"x-api-key": KEY})


@ADMIN.parametrize()
@settings(max_examples=PER_OPERATION)
def test_admins_are_answered_whatever_they_send(case: schemathesis.Case[Any]) -> None:
    answered(case, {})


def answered(case: schemathesis.Case[Any], headers: dict[str, str]) -> None:
    answer = case.call(headers=headers)
    assert answer.status_code < 500, answer.text
    case.validate_response(answer, checks=[status_code_conformance, response_schema_conformance])
    if answer.status_code >= 400:
        said = json.loads(answer.text)
        assert said["status"] == answer.status_code
        assert {"type", "title"} <= said.keys()
        assert "Traceback" not in answer.text
    InputCounter.count += 1
