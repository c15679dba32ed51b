"""A partner's post with an address or a phone that is none: refused to mend, or told."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.functions.aws_fixture import AwsFixture
from tests.functions.partners.door import api_key_of, call_partner_api, json_body, publish_partners

GOOD = {"email": "ines.costa@werft.example", "last_name": "Costa"}


@pytest.fixture
def door(home: AwsFixture) -> AwsFixture:
    publish_partners(
        home, porto={"country": "PT", "language": "pt", "fields": {"correio": "email"}}
    )
    return home


def post(
    context: LambdaContext, person: dict[str, str], key: str = "k-1", source: str = "haus"
) -> dict[str, Any]:
    body = json.dumps(person)
    headers: dict[str, Any] = {"x_api_key": api_key_of(source), "Idempotency_Key": key}
    return call_partner_api(context, "POST", "/v1/leads", body, **headers)


@pytest.mark.parametrize(
    "bad",
    [
        {"email": "ines.costa"},
        {"email": "ines@werft"},
        {"email": "ines costa@werft.example"},
        {"email": "ines@@werft.example"},
        {"email": "ines@werft.example>ines@werft"},
        {"email": "ines@", "phone": "call me"},
        {"email": "ines@werft..example", "phone": "0000"},
    ],
)
def test_an_address_that_is_none_is_to_be_mended_and_is_then_taken_under_its_key(
    door: AwsFixture, context: LambdaContext, bad: dict[str, str]
) -> None:
    answer = post(context, {"last_name": "Costa", **bad})
    assert answer["statusCode"] == 422
    errors = json_body(answer)["errors"]
    assert {each["field"] for each in errors} == set(bad)
    assert not any(value in answer["body"] for value in bad.values())
    assert door.records() == []
    assert post(context, GOOD)["statusCode"] == 201


def test_the_fault_names_the_partners_own_field(door: AwsFixture, context: LambdaContext) -> None:
    answer = post(context, {"correio": "nenhum", "last_name": "Costa"}, source="porto")
    assert json_body(answer)["errors"][0]["field"] == "correio"


@pytest.mark.parametrize("phone", ["12", "anytime", "+49 30 1"])
def test_a_phone_that_was_dropped_is_told_beside_the_good_address(
    door: AwsFixture, context: LambdaContext, phone: str
) -> None:
    answer = post(context, {**GOOD, "phone": phone})
    assert answer["statusCode"] == 201
    (reason,) = json_body(answer)["reasons"]
    assert reason["code"] == "phone_invalid"
    again = post(context, {**GOOD, "phone": phone})
    assert again["body"] == answer["body"]
    id_ = json_body(answer)["submission_id"]
    looked = call_partner_api(
        context, "GET", f"/v1/submissions/{id_}", x_api_key=api_key_of("haus")
    )
    assert looked["body"] == answer["body"]


def test_an_address_that_was_dropped_is_told_beside_the_good_phone(
    door: AwsFixture, context: LambdaContext
) -> None:
    answer = post(context, {"email": "ines@", "phone": "+49 30 5550123", "last_name": "Costa"})
    assert answer["statusCode"] == 201
    assert [each["code"] for each in json_body(answer)["reasons"]] == ["email_invalid"]


def test_a_dropped_phone_looks_the_same_for_a_person_that_another_partner_sent(
    door: AwsFixture, context: LambdaContext
) -> None:
    person = {"correio": "ines.costa@werft.example", "last_name": "Costa"}
    assert post(context, person, source="porto")["statusCode"] == 201
    known = json_body(post(context, {**GOOD, "phone": "12"}))
    new = json_body(post(context, {**GOOD, "email": "rui@werft.example", "phone": "12"}, "k-2"))
    assert (known["outcome"], known["reasons"]) == (new["outcome"], new["reasons"])
