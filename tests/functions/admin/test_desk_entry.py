"""What a colleague types in: decided at once, and twice is once."""

import json
from typing import Any

import pytest

from leadloop.model.lead import RecordRef
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.admin.desk import Desk, build_sections, json_body
from tests.functions.aws_fixture import reset_caches

SUBMISSIONS = "/admin/v1/submissions"
ROSA = {"source": "stand", "submission_key": "k-1", "email": "rosa@pumpen.example", "name": "Rosa"}


@pytest.fixture(autouse=True)
def stand(desk: Desk) -> None:
    known = build_sections()
    place = {"kind": "desk", "product_line": "pumps", "country": "DE", "language": "en"}
    sources = {
        **known["sources"],
        "stand": {**place, "id": "stand"},
        "fair": {
            **place,
            "id": "fair",
            "event": "fair",
            "fields": {"attendance": "fields.attendance"},
        },
    }
    desk.home.publish(stamp_version(Playbook.model_validate({**known, "sources": sources})))
    reset_caches()


def entered(desk: Desk, who: str = "ida", **entry: Any) -> dict[str, Any]:
    return desk.post(SUBMISSIONS, {**ROSA, **entry}, who=who)


def test_who_is_typed_in_is_a_lead_at_once(desk: Desk) -> None:
    answer = entered(desk, company="Pumpen GmbH")
    assert answer["statusCode"] == 201
    record = desk.home.read_entity(RecordRef(json_body(answer)["submission_id"]))
    assert (record.channel, record.source) == ("desk", "stand")
    assert record.person.contact.company == "Pumpen GmbH"


def test_the_same_key_and_body_is_one_and_another_body_is_refused(desk: Desk) -> None:
    first, second = entered(desk), entered(desk)
    assert (second["statusCode"], second["body"]) == (201, first["body"])
    assert entered(desk, name="Rosalinde")["statusCode"] == 409
    assert len(desk.home.records()) == 1
    entries = [item for item in desk.home.items() if item["sk"]["S"].startswith("E#")]
    assert entries == []


def test_without_a_key_each_entry_is_one_of_its_own(desk: Desk) -> None:
    body = {"source": "stand", "email": "rosa@pumpen.example"}
    outcomes = [json_body(desk.post(SUBMISSIONS, body))["outcome"] for _ in range(2)]
    assert outcomes == ["lead", "merged"]


def test_an_event_list_tells_who_came(desk: Desk) -> None:
    lead = json_body(entered(desk))["lead_id"]
    answer = entered(desk, source="fair", attendance="Attended")
    assert (json_body(answer)["outcome"], json_body(answer)["lead_id"]) == ("merged", lead)
    attended = desk.home.read_entity(RecordRef(lead)).person.attendance["fair"]
    assert attended.status == "attended"


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"source": "haus"}, "stand"),
        ({"source": None}, "stand"),
        ({"submission_key": 7}, "submission_key"),
        ({"submission_key": "k" * 201}, "submission_key"),
        ({"source": "fair", "attendance": "perhaps"}, "no_show"),
        ({"email": 7}, "email"),
    ],
)
def test_what_is_to_mend_is_named(desk: Desk, entry: dict[str, Any], named: str) -> None:
    answer = entered(desk, **entry)
    assert answer["statusCode"] == 422
    assert named in answer["body"]
    assert desk.home.records() == []


def test_what_nothing_takes_is_told(desk: Desk) -> None:
    told = json_body(entered(desk, fields={"email": "rosa@pumpen.example"}, nmae="Rosa"))
    assert told["ignored"] == ["fields", "nmae"]


def test_the_description_names_the_statuses_that_are_answered(desk: Desk) -> None:
    paths = json_body(desk.get("/admin/v1/openapi.json"))["paths"]
    posts = {
        path: set(operations["post"]["responses"])
        for path, operations in paths.items()
        if "post" in operations
    }
    common = {"405", "429", "default"}
    assert posts[SUBMISSIONS] == {"200", "201", "202", *common}
    assert posts["/admin/v1/imports"] == {"201", *common}
    assert posts["/admin/v1/replays"] == {"202", *common}
    assert "428" in paths["/admin/v1/leads/{lead_id}"]["patch"]["responses"]


def test_the_description_of_a_moment_has_no_words_of_its_own(desk: Desk) -> None:
    document = desk.get("/admin/v1/openapi.json")["body"]
    assert '"ge":' not in document
    assert '"le":' not in document
    assert "With its zone; from 1970 to 2200" in document


def test_who_has_no_role_enters_nobody(desk: Desk) -> None:
    assert entered(desk, who="nobody")["statusCode"] == 403
    assert desk.post(SUBMISSIONS, "no json")["statusCode"] == 400


def test_it_may_be_read_again_like_any_other(desk: Desk) -> None:
    id_ = json_body(entered(desk, email="", name="Rosa"))["submission_id"]
    shown = json_body(desk.get(f"/admin/v1/quarantine/{id_}"))
    assert json.loads(shown["raw"]["text"])["name"] == "Rosa"
    assert shown["now"]["contact"]["name"] == "Rosa"
