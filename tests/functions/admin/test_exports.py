"""Exports: everything once, for those who may."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from admin import exports
from leadloop.model.contact import Interest
from leadloop.store import register
from tests.functions.admin.desk import Desk

EXPORTS = "/admin/v1/exports"


def whole(desk: Desk, name: str, limit: int) -> list[dict[str, Any]]:
    desk.home.run_tally()
    lines: list[dict[str, Any]] = []
    query = {"limit": str(limit)}
    while True:
        answer = desk.get(f"{EXPORTS}/{name}", query=query)
        assert answer["statusCode"] == 200
        lines += [json.loads(line) for line in answer["body"].splitlines()]
        links = answer["multiValueHeaders"].get("Link")
        if not links:
            return lines
        address = links[0].partition("<")[2].partition(">")[0]
        query["cursor"] = parse_qs(urlsplit(address).query)["cursor"][0]


@pytest.mark.parametrize("limit", [1, 3, 500])
def test_every_lead_and_every_submission_is_there_once(desk: Desk, limit: int) -> None:
    leads = {desk.create_lead(f"p{n}@pumpen{n}.example") for n in range(3)}
    merged = desk.submit("p1@pumpen1.example", body=b"again").submission_id
    held = desk.create_quarantined()
    assert sorted(line["id"] for line in whole(desk, "leads.jsonl", limit)) == sorted(leads)
    told = {line["id"]: line["outcome"] for line in whole(desk, "submissions.jsonl", limit)}
    assert told == {**dict.fromkeys(leads, "lead"), merged: "merged", held: "quarantined"}


def test_a_page_of_long_messages_ends_before_lambda_would_refuse_it(desk: Desk) -> None:
    message = Interest(message="ü" * 10_000)
    for n in range(6):
        desk.create_lead(f"p{n}@pumpen{n}.example", interest=message)
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(exports, "MOST_BYTES", 50_000)
        for record in desk.home.records():
            register.put_records(desk.home.table, [record])  # one by one
        first = desk.get(f"{EXPORTS}/leads.jsonl")
        assert 0 < len(first["body"].encode()) <= 50_000
        assert len({line["id"] for line in whole(desk, "leads.jsonl", 500)}) == 6


def test_who_has_been_let_go_of_is_left_out(desk: Desk) -> None:
    kept, gone = desk.create_lead(), desk.create_quarantined()
    key = {"pk": {"S": f"S#{gone}"}, "sk": {"S": "S"}}
    desk.home.aws.dynamodb.delete_item(TableName="leads", Key=key)
    assert [line["id"] for line in whole(desk, "submissions.jsonl", 500)] == [kept]


@pytest.mark.parametrize(
    "cursor",
    ["{}", '{"pk": "S#1"}', '{"pk": "", "sk": "S"}', '{"a": "b"}', "[" * 6000, '"é"', "x"],
)
@pytest.mark.parametrize("path", [f"{EXPORTS}/leads.jsonl", "/admin/v1/leads"])
def test_a_made_up_cursor_is_refused(desk: Desk, path: str, cursor: str) -> None:
    token = base64.urlsafe_b64encode(cursor.encode()).decode()
    assert desk.get(path, query={"cursor": token, "owner": "ida"})["statusCode"] == 422


@pytest.mark.parametrize("who", ["ida", "nobody"])
def test_who_may_not_export_gets_nothing(desk: Desk, who: str) -> None:
    desk.create_lead()
    for name in ("leads.jsonl", "submissions.jsonl"):
        assert desk.get(f"{EXPORTS}/{name}", who=who)["statusCode"] == 403
