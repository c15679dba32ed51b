"""The link in a rep's mail."""

import pytest

from leadloop.content.links import Links
from leadloop.model.lead import RecordRef
from tests.functions.admin.desk import Desk, response_header
from tests.functions.aws_fixture import LINKS_SECRET


def link(lead_id: str, rep: str = "ida") -> str:
    return f"/a/{Links(LINKS_SECRET).accept(lead_id, rep)}"


def test_opening_it_shows_the_lead_and_changes_nothing(desk: Desk) -> None:
    id_ = desk.create_lead()
    before = desk.home.items()
    page = desk.get(link(id_), who="nobody")
    assert page["statusCode"] == 200
    assert "Marín" in page["body"]
    assert ">Pumps</dd>" in page["body"]
    assert '<form method="post">' in page["body"]
    assert "rosa@pumpen.example" not in page["body"]
    assert desk.home.items() == before


def test_posting_takes_it_on_and_shows_how_to_reach_the_person(desk: Desk) -> None:
    id_ = desk.create_lead()
    page = desk.post(link(id_), who="nobody")
    assert page["statusCode"] == 200
    assert "rosa@pumpen.example" in page["body"]
    lead = desk.home.read_entity(RecordRef(id_)).lead
    assert (lead.stage, lead.assignment.rep) == ("accepted", "ida")


def test_pressing_twice_is_no_error_and_one_acceptance(desk: Desk) -> None:
    id_ = desk.create_lead()
    desk.post(link(id_))
    version = desk.home.read_entity(RecordRef(id_)).version
    assert desk.post(link(id_))["statusCode"] == 200
    assert desk.home.read_entity(RecordRef(id_)).version == version


def test_who_comes_second_is_told_who_has_it(desk: Desk) -> None:
    id_ = desk.create_lead()
    desk.post(link(id_, "ida"))
    for page in (desk.post(link(id_, "bo")), desk.get(link(id_, "bo"))):
        assert "Ida Noor" in page["body"]
        assert "rosa@pumpen.example" not in page["body"]
    assert desk.post(link(id_, "bo"))["statusCode"] == 409
    assert desk.home.read_entity(RecordRef(id_)).lead.assignment.rep == "ida"


def test_a_rep_it_was_taken_from_cannot_take_it(desk: Desk) -> None:
    id_ = desk.create_lead()
    page = desk.post(link(id_, "bo"))
    assert page["statusCode"] == 409
    assert desk.home.read_entity(RecordRef(id_)).lead.stage == "qualified"


@pytest.mark.parametrize("token", ["nonsense", "a.b", "x" * 3000, "%00"])
def test_a_token_that_is_not_ours_has_a_page_of_its_own(desk: Desk, token: str) -> None:
    for page in (desk.get(f"/a/{token}"), desk.post(f"/a/{token}")):
        assert page["statusCode"] == 400
        assert response_header(page, "Content-Type").startswith("text/html")


def test_a_token_made_for_something_else_accepts_nothing(desk: Desk) -> None:
    id_ = desk.create_lead()
    other = Links(LINKS_SECRET).open(id_, "ida")
    assert desk.post(f"/a/{other}")["statusCode"] == 400
    assert desk.home.read_entity(RecordRef(id_)).lead.stage == "qualified"


def test_a_link_to_a_lead_that_is_gone_is_an_unknown_one(desk: Desk) -> None:
    assert desk.post(link("A" * 26))["statusCode"] == 400
    assert desk.get(link("A" * 26))["statusCode"] == 400


def test_the_page_is_kept_by_nobody_and_runs_nothing(desk: Desk) -> None:
    page = desk.get(link(desk.create_lead()))
    assert response_header(page, "Cache-Control") == "no-store"
    assert response_header(page, "Referrer-Policy") == "no-referrer"
    assert "default-src 'none'" in response_header(page, "Content-Security-Policy")
