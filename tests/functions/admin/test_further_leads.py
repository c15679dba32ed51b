"""A person with two leads by the admin API: each is shown, worked, listed and exported as one."""

from typing import Any

import pytest

from leadloop.model.contact import Interest
from leadloop.model.further_lead import LineRef
from leadloop.model.lead import RecordRef
from tests.functions.admin.desk import Desk, build_sections, json_body, response_header
from tests.functions.admin.test_exports import whole
from tests.functions.aws_fixture import reset_caches
from tests.functions.two_lines import LINE, two_line_playbook

LEADS, ROSA = "/admin/v1/leads", "rosa@pumpen.example"


@pytest.fixture
def leads(desk: Desk) -> tuple[str, str]:
    """The ids of Rosa's leads."""
    desk.home.publish(two_line_playbook(build_sections()))
    reset_caches()
    first = desk.create_lead(ROSA)
    verdict = desk.submit(ROSA, body=b"filters", interest=Interest(product_line=LINE))
    assert (verdict.outcome, verdict.lead_id) == ("lead", f"{first}:{LINE}")
    return first, str(verdict.lead_id)


def view_lead(desk: Desk, lead_id: str) -> dict[str, Any]:
    answer = desk.get(f"{LEADS}/{lead_id}")
    assert answer["statusCode"] == 200, answer
    assert response_header(answer, "ETag") == f'"{json_body(answer)["version"]}"'
    found: dict[str, Any] = json_body(answer)
    return found


def test_each_lead_shows_the_person_and_the_other_lead(desk: Desk, leads: tuple[str, str]) -> None:
    first, further = leads
    views = [view_lead(desk, id_) for id_ in leads]
    assert [view["lead"]["product_line"] for view in views] == ["pumps", LINE]
    assert [view["other_leads"] for view in views] == [[further], [first]]
    assert views[0]["person"] == views[1]["person"]
    assert all(view["reasons"] for view in views)


def test_a_further_lead_is_worked_by_its_own_version(desk: Desk, leads: tuple[str, str]) -> None:
    first, further = leads
    before = view_lead(desk, first)
    assert desk.post(f"{LEADS}/{further}/accept", who="ida", If_Match='"7"')["statusCode"] == 412
    answer = desk.post(f"{LEADS}/{further}/accept", who="ida", If_Match='"1"')
    assert (answer["statusCode"], json_body(answer)["lead_id"]) == (200, further)
    assert view_lead(desk, further)["lead"]["stage"] == "accepted"
    assert view_lead(desk, first) == before
    won = desk.post(f"{LEADS}/{further}/convert", {"value": 100, "currency": "EUR"}, who="ida")
    assert won["statusCode"] == 200
    deal = f"/admin/v1/opportunities/{further}-1/won"
    assert desk.post(deal, {"value": 100}, who="ida")["statusCode"] == 200
    assert view_lead(desk, further)["lead"]["stage"] == "customer"
    assert view_lead(desk, first) == before


def test_both_are_in_the_work_list_and_among_the_latest(desk: Desk, leads: tuple[str, str]) -> None:
    work = json_body(desk.get(LEADS, who="ida"))["rows"]
    assert {row["id"]: row["product_line"] for row in work} == dict(
        zip(leads, ("pumps", LINE), strict=True)
    )
    assert {row["title"] for row in work} == {"Marín"}
    desk.home.run_tally()
    latest = json_body(desk.get(LEADS, who="manager"))["rows"]
    assert {row["id"] for row in latest} == set(leads)


def test_the_timeline_is_the_persons_and_each_entry_names_its_lead(
    desk: Desk, leads: tuple[str, str]
) -> None:
    first, further = leads
    for id_ in leads:
        timeline = json_body(desk.get(f"{LEADS}/{id_}/timeline"))
        assert [each["lead_id"] for each in timeline["entries"]] == [further, first]
        assert [each["lead_id"] for each in timeline["deliveries"]] == [*leads]


@pytest.mark.parametrize("limit", [1, 500])
def test_the_export_has_every_lead_once(desk: Desk, leads: tuple[str, str], limit: int) -> None:
    merged = desk.submit(ROSA, body=b"again", interest=Interest(product_line=LINE))
    assert (merged.outcome, merged.lead_id) == ("merged", leads[1])
    lines = whole(desk, "leads.jsonl", limit)
    assert sorted(line["id"] for line in lines) == sorted(leads)
    assert all(line["other_leads"] for line in lines)


def test_the_submission_names_its_lead_and_holds_none(desk: Desk, leads: tuple[str, str]) -> None:
    founded_by = desk.home.read_entity(LineRef(leads[0], LINE)).submission
    record = desk.home.read_entity(RecordRef(founded_by))
    assert (record.outcome, record.lead, record.lead_id) == ("lead", None, leads[1])
    answer = json_body(desk.get(f"/admin/v1/submissions/{founded_by}"))
    assert (answer["outcome"], answer["lead_id"]) == ("lead", leads[1])
    assert desk.get(f"{LEADS}/{founded_by}")["statusCode"] == 404


def test_a_lead_in_a_line_that_the_person_has_not_is_not_there(desk: Desk) -> None:
    first = desk.create_lead(ROSA)
    for unknown in (f"{first}:{LINE}", f"{first}:", f"{first}:a:b", f":{LINE}"):
        assert desk.get(f"{LEADS}/{unknown}")["statusCode"] == (
            200 if unknown == f"{first}:" else 404
        )
