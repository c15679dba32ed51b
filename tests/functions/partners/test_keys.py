"""What a key opens: every route, every other partner's ids, and no field of ours."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.model.lead import RecordRef
from leadloop.store import partners
from leadloop.store.partners import Partner
from tests.functions.aws_fixture import AwsFixture
from tests.functions.partners.door import api_key_of, call_partner_api, json_body, publish_partners

PARTNERS = ("haus", "anton", "berta")
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
READING_VERBS = ("GET", "HEAD")  # by the others, no submission's path is known
ROUTES = (
    ("POST", "/v1/leads"),
    ("GET", f"/v1/submissions/{'A' * 26}"),
    ("GET", "/v1/instructions"),
)
INNER = (
    "owner_id", "owner", "score", "partner_id", "status", "cap", "verified", "consent_at",
    "created_at", "version", "stage", "cycle", "rating", "lead_id", "submission_id", "id", "source",
    "outcome", "assignment", "timers", "handed_back_at", "possible_matches", "playbook", "parser",
    "product_line",
)  # fmt: skip
ROSA = {"email": "rosa@pumpen.example", "last_name": "Marín"}


@pytest.fixture
def doors(home: AwsFixture) -> AwsFixture:
    publish_partners(home, anton={}, berta={})
    return home


def test_no_partner_learns_anything_of_anothers_submissions(
    doors: AwsFixture, context: LambdaContext
) -> None:
    ids = {}
    for name in PARTNERS:
        canary = {**ROSA, "email": f"canary-{name}@pumpen.example", "last_name": f"Canary{name}"}
        body = json.dumps(canary)
        posted = call_partner_api(context, "POST", "/v1/leads", body, x_api_key=api_key_of(name))
        ids[name] = json_body(posted)["submission_id"]
    unknown = "Z" * 26
    for owner, id_ in ids.items():
        for other in PARTNERS:
            if other == owner:
                continue
            for verb in VERBS:
                key = api_key_of(other)
                path = f"/v1/submissions/{id_}"
                answer = call_partner_api(context, verb, path, x_api_key=key)
                none = call_partner_api(context, verb, path.replace(id_, unknown), x_api_key=key)
                assert answer["statusCode"] == none["statusCode"]
                assert answer["statusCode"] == (404 if verb in READING_VERBS else 405)
                assert answer["body"] == none["body"]
                assert "anary" not in answer["body"]


def test_no_route_opens_without_a_key_of_a_partner(
    doors: AwsFixture, context: LambdaContext
) -> None:
    for source in ("contact", "gone"):
        sha256 = hashlib.sha256(api_key_of(source).encode()).hexdigest()
        partners.put(doors.table, sha256, Partner(source=source, name="A form, or one that left"))
    for key in (None, "", "bad", "key-of-hau", "KEY-OF-HAUS", "key-of-contact", "key-of-gone"):
        headers: dict[str, Any] = {} if key is None else {"x_api_key": key}
        for method, path in ROUTES:
            answer = call_partner_api(context, method, path, json.dumps(ROSA), **headers)
            assert answer["statusCode"] == 403, (key, path)
    assert doors.records() == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps({**ROSA, **dict.fromkeys(INNER, "9")})),
        (
            "application/json",
            json.dumps({"contact": {**ROSA, **dict.fromkeys(INNER, "9")}, "fields": {"x": "1"}}),
        ),
        ("application/x-www-form-urlencoded", urlencode({**ROSA, **dict.fromkeys(INNER, "9")})),
        ("text/plain", "\n".join(("email=r@pumpen.example", *(f"{n}=9" for n in INNER)))),
    ],
    ids=["json", "groups", "pairs", "lines"],
)  # fmt: skip
def test_fields_of_ours_are_not_taken_from_outside_and_are_told_as_ignored(
    doors: AwsFixture, context: LambdaContext, content_type: str, body: str
) -> None:
    headers: dict[str, Any] = {"x_api_key": api_key_of("haus"), "content_type": content_type}
    answer = call_partner_api(context, "POST", "/v1/leads", body, **headers)
    plain = json.dumps({**ROSA, "email": "plain@pumpen.example"})
    same = call_partner_api(context, "POST", "/v1/leads", plain, x_api_key=api_key_of("haus"))

    assert answer["statusCode"] == 201
    told = {name.rpartition(".")[2] for name in json_body(answer)["ignored"]}
    assert set(INNER) <= told
    assert "ignored" not in json_body(same)
    left, right = (_inside(doors, json_body(each)["lead_id"]) for each in (answer, same))
    assert left == right
    path = f"/v1/submissions/{json_body(answer)['submission_id']}"
    again = call_partner_api(context, "GET", path, x_api_key=api_key_of("haus"))
    assert again["body"] == answer["body"]


def test_elements_that_adf_does_not_have_are_told_as_ignored(
    doors: AwsFixture, context: LambdaContext
) -> None:
    tags = "".join(f"<{name}>9</{name}>" for name in ("owner_id", "score", "stage"))
    adf = (
        f"<adf><prospect>{tags}<customer><contact><name part='last'>Marín</name>"
        f"<email>rosa@pumpen.example</email><verified>1</verified></contact></customer></prospect></adf>"
    )
    headers: dict[str, Any] = {"x_api_key": api_key_of("haus"), "content_type": "application/xml"}
    told = json_body(call_partner_api(context, "POST", "/v1/leads", adf, **headers))
    assert told["ignored"] == ["owner_id", "score", "stage", "verified"]


def _inside(home: AwsFixture, lead_id: str) -> Mapping[str, Any]:
    record = home.read_entity(RecordRef(lead_id))
    assert record.outcome == "lead"
    lead = record.lead.model_dump(exclude={"contact", "created_at", "first_touch", "last_touch"})
    return {**_timeless(lead), "version": record.version, "source": record.source}


def _timeless(lead: dict[str, Any]) -> dict[str, Any]:
    """Without what tells one lead of the same kind from another."""
    kept = {name: value for name, value in lead.items() if name not in {"timers", "applied"}}
    if kept["assignment"]:
        kept["assignment"] = _without_times(kept["assignment"])
    return {**kept, "enrolments": [_without_times(each) for each in kept["enrolments"]]}


def _without_times(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not name.endswith("at")}


def test_a_lead_that_its_partner_sends_again_is_no_reused_key(
    home: AwsFixture, context: LambdaContext
) -> None:
    publish_partners(home, point={"key_field": "id"})
    headers: dict[str, Any] = {
        "content_type": "application/xml",
        "x_api_key": api_key_of("point"),
    }
    adf = (
        "<adf><prospect status='new'><id>R-7</id><customer><contact><name part='last'>Marín</name>"
        "<email>rosa@pumpen.example</email></contact></customer></prospect></adf>"
    )
    first = call_partner_api(context, "POST", "/v1/leads", adf, **headers)
    again = adf.replace("'new'", "'resend'")
    second, third = (
        call_partner_api(context, "POST", "/v1/leads", again, **headers) for _ in range(2)
    )
    assert [each["statusCode"] for each in (first, second, third)] == [201, 200, 200]
    assert second["body"] == third["body"]
    assert json_body(second)["outcome"] == "merged"
