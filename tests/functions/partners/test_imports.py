"""A partner's files: told as of leads it posts, and of nobody else's business."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.functions.aws_fixture import AwsFixture, reset_caches
from tests.functions.imports import flow
from tests.functions.leads import create_lead
from tests.functions.partners.door import api_key_of, call_partner_api, json_body, publish_partners

FILE = "email,company\nada@lovelace.example,Engines Ltd\ngrace@navy.example,\n,Nobody Ltd\n"


@pytest.fixture
def house_of_two(home: AwsFixture) -> AwsFixture:
    publish_partners(home, autopoint={})
    reset_caches()
    return home


def asked(
    context: LambdaContext,
    method: str,
    path: str = "",
    by: str = "haus",
    body: str | None = None,
    **query: str,
) -> dict[str, Any]:
    answer = call_partner_api(
        context, method, f"/v1/imports{path}", body, query or None, x_api_key=api_key_of(by)
    )
    return {"status": answer["statusCode"], **json_body(answer)}


def imported(home: AwsFixture, context: LambdaContext, data: str = FILE, by: str = "haus") -> str:
    import_id = str(asked(context, "POST", by=by, body='{"name": "march.csv"}')["import_id"])
    flow.upload_file(home, import_id, data)
    assert flow.run_import(home, import_id)["outcome"] == "done"
    return import_id


def test_a_file_is_taken_by_the_partners_own_words(
    house_of_two: AwsFixture, context: LambdaContext
) -> None:
    import_id = imported(house_of_two, context)
    shown = asked(context, "GET", f"/{import_id}", page="0")
    assert (shown["state"], shown["rows"], shown["done"]) == ("done", 3, 3)
    assert (shown["taken"], shown["quarantined"], shown["rejected"]) == (2, 1, 0)
    assert [row["outcome"] for row in shown["outcomes"]] == ["lead", "lead", "quarantined"]
    assert [row["line"] for row in shown["outcomes"]] == [2, 3, 4]
    assert "reasons" in shown["outcomes"][2]


def test_nobody_elses_import_is_there(house_of_two: AwsFixture, context: LambdaContext) -> None:
    import_id = imported(house_of_two, context)
    other = asked(context, "GET", f"/{import_id}", by="autopoint")
    none = asked(context, "GET", "/NOBODYS", by="autopoint")
    assert other["status"] == none["status"] == 404
    assert {k: v for k, v in other.items() if k != "instance"} == none


def test_that_another_knows_the_person_is_not_told(
    house_of_two: AwsFixture, context: LambdaContext
) -> None:
    create_lead(house_of_two, email="ada@lovelace.example")
    import_id = imported(house_of_two, context)
    shown = asked(context, "GET", f"/{import_id}", page="0")
    assert shown["taken"] == 2
    first = shown["outcomes"][0]
    assert (first["outcome"], first["lead_id"]) == ("lead", first["submission_id"])


def test_who_was_sent_twice_by_the_partner_is_told_so(
    house_of_two: AwsFixture, context: LambdaContext
) -> None:
    import_id = imported(house_of_two, context, f"{FILE}ada@lovelace.example,Again Ltd\n")
    *_, last = asked(context, "GET", f"/{import_id}", page="0")["outcomes"]
    assert (last["outcome"], last["reasons"][0]["code"]) == ("merged", "sent_before")


def test_without_a_key_there_is_nothing(house_of_two: AwsFixture, context: LambdaContext) -> None:
    assert asked(context, "POST", by="stranger")["status"] == 403
    assert asked(context, "GET", "/x", by="stranger")["status"] == 403


@pytest.mark.parametrize("page", ["-1", "x", "1e3", "١", "1" * 9])
def test_a_page_is_a_number(house_of_two: AwsFixture, context: LambdaContext, page: str) -> None:
    import_id = asked(context, "POST")["import_id"]
    assert asked(context, "GET", f"/{import_id}", page=page)["status"] == 422


@pytest.mark.parametrize("body", ['{"name": 7}', '{"name": "a\\u0000b"}'])
def test_a_name_is_text(house_of_two: AwsFixture, context: LambdaContext, body: str) -> None:
    assert asked(context, "POST", body=body)["status"] == 422
