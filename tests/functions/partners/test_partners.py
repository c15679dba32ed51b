"""The partner door, from the request to the table and back."""

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from jsonschema import Draft202012Validator

from leadloop.edge.wiring import get_wiring
from leadloop.model.lead import RecordRef, SubmissionOutcome
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from leadloop.store import partners
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.partners import Partner
from leadloop.store.table import Cursor, ItemPage, Range
from partners.handler import handler
from tests.functions.aws_fixture import PUBLIC_ADDRESS, SECTIONS, AwsFixture, http_event

KEYS = {"haus": "key-of-haus", "autopoint": "key-of-autopoint"}
ROSA = {"email": "rosa@pumpen.example", "last_name": "Marín", "company": "Marín GmbH"}


@pytest.fixture
def door(home: AwsFixture, context: LambdaContext) -> "Door":
    haus = SECTIONS["sources"]["haus"]
    second = {**haus, "id": "autopoint", "key_field": "ref", "required": ["contact.email"]}
    sections = {**SECTIONS, "sources": {**SECTIONS["sources"], "autopoint": second}}
    home.publish(stamp_version(Playbook.model_validate(sections)))
    for source, key in KEYS.items():
        sha256 = hashlib.sha256(key.encode()).hexdigest()
        assert partners.put(home.table, sha256, Partner(source=source, name=source))
    return Door(context)


class Door:
    def __init__(self, context: LambdaContext) -> None:
        self._context = context

    def post(
        self,
        lead: object,
        *,
        who: str = "haus",
        key: str | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        body = lead if isinstance(lead, str) else json.dumps(lead)
        headers = {"content_type": "application/json", "x_api_key": KEYS.get(who, who)}
        if key is not None:
            headers["Idempotency_Key"] = key
        return self.call("POST", "/v1/leads", body, query, **headers)

    def look_up(self, submission_id: str, *, who: str = "haus") -> dict[str, Any]:
        return self.call("GET", f"/v1/submissions/{submission_id}", x_api_key=KEYS[who])

    def call(
        self,
        method: str,
        path: str,
        body: str | None = None,
        query: dict[str, str] | None = None,
        **headers: str,
    ) -> dict[str, Any]:
        event = http_event(method, path, body, **headers)
        event["queryStringParameters"] = query
        return handler(event, self._context)


def said(answer: dict[str, Any]) -> dict[str, Any]:
    return json.loads(answer["body"])


def media(answer: dict[str, Any]) -> str:
    return answer["multiValueHeaders"]["Content-Type"][0]


def test_a_new_person_is_a_lead_and_the_answer_says_so_at_once(
    home: AwsFixture, door: Door
) -> None:
    answer = door.post(ROSA)

    told = said(answer)
    assert answer["statusCode"] == 201
    assert told["outcome"] == "lead"
    assert told["lead_id"] == told["submission_id"]
    record = home.read_entity(RecordRef(told["submission_id"]))
    assert record.outcome is SubmissionOutcome.LEAD
    assert record.person.contact.last_name == "Marín"


def test_the_same_key_and_body_is_one_lead_and_one_answer_byte_for_byte(
    home: AwsFixture, door: Door
) -> None:
    first, second = door.post(ROSA, key="k-1"), door.post(ROSA, key="k-1")
    assert first["body"] == second["body"]
    assert first["statusCode"] == second["statusCode"] == 201
    assert len(home.records()) == 1


def test_the_same_key_with_another_body_is_refused_and_keeps_nothing(
    home: AwsFixture, door: Door
) -> None:
    door.post(ROSA, key="k-1")
    answer = door.post({**ROSA, "email": "other@pumpen.example"}, key="k-1")
    assert answer["statusCode"] == 409
    assert media(answer) == "application/problem+json"
    assert len(home.records()) == 1


def test_the_mapped_field_serves_as_the_key(home: AwsFixture, door: Door) -> None:
    lead = {**ROSA, "ref": "A-7"}
    first, second = door.post(lead, who="autopoint"), door.post(lead, who="autopoint")
    assert first["body"] == second["body"]
    assert len(home.records()) == 1


def test_the_same_key_of_two_partners_is_two_submissions(home: AwsFixture, door: Door) -> None:
    ids = {said(door.post(ROSA, who=who, key="k-1"))["submission_id"] for who in KEYS}
    assert len(ids) == 2


def test_the_same_person_from_the_same_partner_is_merged_with_its_own_first(door: Door) -> None:
    first = said(door.post(ROSA))
    again = door.post({**ROSA, "message": "Still waiting"})
    assert again["statusCode"] == 200
    assert said(again)["outcome"] == "merged"
    assert said(again)["lead_id"] == first["submission_id"]


def test_a_partner_cannot_tell_that_another_knows_the_person(home: AwsFixture, door: Door) -> None:
    theirs = said(door.post(ROSA, who="haus"))
    answer = door.post(ROSA, who="autopoint")

    told = said(answer)
    assert home.read_entity(RecordRef(told["submission_id"])).outcome is SubmissionOutcome.MERGED
    assert answer["statusCode"] == 201
    new = said(door.post({**ROSA, "email": "new@other.example"}, who="autopoint"))
    assert told.keys() == new.keys()
    assert {**told, "submission_id": "", "lead_id": ""} == {
        **new,
        "submission_id": "",
        "lead_id": "",
    }
    assert told["lead_id"] == told["submission_id"] != theirs["submission_id"]


def test_what_it_is_told_does_not_change_when_it_asks_again(door: Door) -> None:
    door.post(ROSA, who="haus")
    told = [door.post({**ROSA, "message": str(n)}, who="autopoint") for n in range(3)]
    assert [answer["statusCode"] for answer in told] == [201, 200, 200]
    for answer in told:
        id_ = said(answer)["submission_id"]
        assert door.look_up(id_, who="autopoint")["body"] == answer["body"]


def test_another_partners_submission_looks_like_none_at_all(door: Door) -> None:
    theirs = said(door.post(ROSA, who="haus"))["submission_id"]
    foreign = door.look_up(theirs, who="autopoint")
    unknown = door.look_up("A" * 26, who="autopoint")
    assert foreign["statusCode"] == unknown["statusCode"] == 404
    assert foreign["body"] == unknown["body"]


def test_who_cannot_be_reached_is_quarantined_with_the_reason(door: Door) -> None:
    answer = door.post({"last_name": "Marín", "phone": "12"})
    assert answer["statusCode"] == 202
    told = said(answer)
    assert told["outcome"] == "quarantined"
    assert told["reasons"]
    assert "lead_id" not in told


def test_a_lead_nobody_could_ever_reach_is_rejected_with_the_reason_and_kept(
    home: AwsFixture, door: Door
) -> None:
    answer = door.post({**ROSA, "email": "rosa@mailinator.com"})
    assert answer["statusCode"] == 422
    assert media(answer) == "application/problem+json"
    told = said(answer)
    assert told["outcome"] == "rejected"
    assert told["reasons"][0]["code"] == "email_disposable"
    assert home.read_entity(RecordRef(told["submission_id"])).outcome is SubmissionOutcome.REJECTED
    again = door.look_up(told["submission_id"])
    assert (again["statusCode"], said(again)["outcome"]) == (200, "rejected")


def test_a_throw_away_address_with_a_phone_is_a_lead(door: Door) -> None:
    lead = {**ROSA, "email": "rosa@mailinator.com", "phone": "+49 30 5550123"}
    assert door.post(lead)["statusCode"] == 201


def test_a_test_is_decided_like_any_other_and_leaves_nothing(home: AwsFixture, door: Door) -> None:
    answer = door.post({**ROSA, "message": "x" * 9000}, query={"test": "1"}, key="k-1")
    assert answer["statusCode"] == 201
    assert home.records() == []
    assert "Contents" not in home.aws.s3.list_objects_v2(Bucket="raw")
    assert said(door.post(ROSA, key="k-1"))["outcome"] == "lead"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('"text"', 400),
        ("", 400),
        ('{"email": "a@b.example", "x": NaN}', 400),
        ('{"email": ["a@b.example"]}', 422),
        ('{"email": "rosa@pumpen.example", "last_name": "\\u0000"}', 422),
        ('{"email": "rosa@pumpen.example", "last_name": "\\ud800"}', 422),
        ("[" * 200_000, 413),
        ("[" * 100_000, 400),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_nothing_is_written(
    home: AwsFixture, door: Door, body: str, status: int
) -> None:
    answer = door.post(body)
    assert answer["statusCode"] == status
    assert media(answer) == "application/problem+json"
    assert said(answer)["detail"]
    assert home.records() == []


@pytest.mark.parametrize("query", [{"test": "yes"}, {"test": ""}])
def test_an_unknown_test_mode_is_never_taken_for_a_real_lead(
    home: AwsFixture, door: Door, query: dict[str, str]
) -> None:
    assert door.post(ROSA, query=query)["statusCode"] == 422
    assert home.records() == []


def test_a_missing_field_is_named(door: Door) -> None:
    answer = door.post({"phone": "+49 30 5550123"}, who="autopoint")
    assert answer["statusCode"] == 422
    assert "email" in json.dumps(said(answer)["errors"])


def test_an_overlong_key_is_refused_by_its_length(door: Door) -> None:
    answer = door.post(ROSA, key="k" * 201)
    assert answer["statusCode"] == 422
    assert "201" in answer["body"]


@pytest.mark.parametrize("key", ["nobody's", ""])
def test_a_wrong_key_is_forbidden(home: AwsFixture, door: Door, key: str) -> None:
    assert door.post(ROSA, who=key)["statusCode"] == 403
    assert home.records() == []


def test_a_partner_that_left_the_playbook_is_forbidden(home: AwsFixture, door: Door) -> None:
    sha256 = hashlib.sha256(b"key-of-gone").hexdigest()
    partners.put(home.table, sha256, Partner(source="gone", name="Gone"))
    assert door.post(ROSA, who="key-of-gone")["statusCode"] == 403


def test_a_key_of_no_partner_source_is_forbidden(home: AwsFixture, door: Door) -> None:
    sha256 = hashlib.sha256(b"key-of-form").hexdigest()
    partners.put(home.table, sha256, Partner(source="contact", name="A form"))
    assert door.post(ROSA, who="key-of-form")["statusCode"] == 403


def test_inner_fields_of_ours_are_not_taken_from_outside(home: AwsFixture, door: Door) -> None:
    inner = {"score": 100, "stage": "customer", "owner_id": "ida", "version": 9, "test": True}
    told = said(door.post({**ROSA, **inner}))
    record = home.read_entity(RecordRef(told["submission_id"]))
    plain = said(door.post({**ROSA, "email": "plain@other.example"}))
    same = home.read_entity(RecordRef(plain["submission_id"]))
    assert (record.lead.stage, record.lead.score, record.version) == (
        same.lead.stage,
        same.lead.score,
        same.version,
    )


def test_big_bodies_lie_in_s3_byte_for_byte(home: AwsFixture, door: Door) -> None:
    noise = hashlib.shake_256(b"noise").hexdigest(4500)
    body = json.dumps({**ROSA, "message": noise})
    told = said(door.post(body))
    kept = home.read_entity(RecordRef(told["submission_id"])).raw
    assert kept.body is None
    found = home.aws.s3.get_object(Bucket=kept.location.bucket, Key=kept.location.key)
    assert found["Body"].read() == body.encode()


def test_a_big_body_that_is_refused_leaves_nothing_behind(home: AwsFixture, door: Door) -> None:
    door.post(ROSA, key="k-1")
    noise = hashlib.shake_256(b"noise").hexdigest(4500)
    answer = door.post({**ROSA, "message": noise}, key="k-1")
    assert answer["statusCode"] == 409
    assert "Contents" not in home.aws.s3.list_objects_v2(Bucket="raw", Prefix="raw/")


def test_who_loses_every_round_is_told_to_come_again_and_nothing_is_written(
    home: AwsFixture, door: Door
) -> None:
    def lose(params: dict[str, Any], **_: object) -> Any:
        asked = json.loads(params["body"])["TransactItems"]
        return SimpleNamespace(status_code=400), {
            "Error": {"Code": "TransactionCanceledException", "Message": "lost to others"},
            "CancellationReasons": [{"Code": "TransactionConflict"} for _ in asked],
            "ResponseMetadata": {},
        }

    get_wiring().dynamodb.meta.events.register("before-call.dynamodb.TransactWriteItems", lose)
    answer = door.post(ROSA)
    assert answer["statusCode"] == 503
    assert int(answer["multiValueHeaders"]["Retry-After"][0]) > 0
    assert media(answer) == "application/problem+json"
    assert home.records() == []


def test_the_description_is_openapi_and_needs_no_key(door: Door) -> None:
    answer = door.call("GET", "/v1/openapi.json")
    described = said(answer)
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": PUBLIC_ADDRESS}]
    assert set(described["paths"]) == {
        "/v1/imports",
        "/v1/imports/{import_id}",
        "/v1/instructions",
        "/v1/leads",
        "/v1/submissions/{submission_id}",
    }
    posted = described["paths"]["/v1/leads"]["post"]["responses"]
    assert {"200", "201", "202", "409", "413", "422", "503"} <= set(posted)
    for operations in described["paths"].values():
        for operation in operations.values():
            assert {"405", "429"} <= set(operation["responses"])


def test_the_answers_fit_the_description(door: Door) -> None:
    described = said(door.call("GET", "/v1/openapi.json"))
    shapes = described["components"]["schemas"]
    whole = json.dumps({**shapes["Answer"], "$defs": shapes})
    schema = json.loads(whole.replace("#/components/schemas/", "#/$defs/"))
    for lead in (ROSA, ROSA, {"last_name": "Nobody"}):
        Draft202012Validator(schema).validate(said(door.post(lead)))


def test_the_page_for_developers_holds_the_example_and_no_script(door: Door) -> None:
    answer = door.call("GET", "/v1/docs")
    assert media(answer).startswith("text/html")
    assert "Idempotency-Key" in answer["body"]
    assert "<script" not in answer["body"]
    assert "default-src 'none'" in answer["multiValueHeaders"]["Content-Security-Policy"][0]


def test_an_unknown_path_is_a_problem(door: Door) -> None:
    answer = door.call("GET", "/v1/elsewhere", x_api_key=KEYS["haus"])
    assert answer["statusCode"] == 404
    assert media(answer) == "application/problem+json"


def test_what_was_merged_a_moment_ago_is_answered_from_what_was_just_written(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    query = DynamoTable.query

    def watched(
        table: DynamoTable, rows: Range, limit: int, after: Cursor | None = None
    ) -> ItemPage:
        asked.append(rows.fresh)
        return query(table, rows, limit, after)

    monkeypatch.setattr(DynamoTable, "query", watched)
    door.post(ROSA, who="autopoint")
    door.post(ROSA, key="1")
    door.post(ROSA, key="2")
    assert asked
    assert all(asked)
