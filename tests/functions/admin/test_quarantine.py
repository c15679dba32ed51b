"""What could not be read: listed, shown byte for byte, mended, released once."""

import base64
import json

import pytest

from admin.release import Fix, next_id, release
from leadloop.edge.hand import act_now
from leadloop.edge.playbooks import playbook
from leadloop.model.errors import Conflict, FieldsInvalid
from leadloop.model.facts import RecordRef
from tests.functions.admin.desk import Desk, header, said

QUARANTINE, SUBMISSIONS = "/admin/v1/quarantine", "/admin/v1/submissions"
FIX = {"fields": {"contact.email": "rosa@pumpen.example", "interest.budget": "12,000"}}


def test_it_is_listed_with_its_reason_and_leaves_when_released(desk: Desk) -> None:
    id_ = desk.quarantined()
    (row,) = said(desk.get(QUARANTINE))["rows"]
    assert (row["id"], row["title"]) == (id_, "unreadable")
    assert desk.post(f"{QUARANTINE}/{id_}/fix", FIX)["statusCode"] == 200
    assert said(desk.get(QUARANTINE))["rows"] == []


def test_it_is_released_as_a_submission_of_its_own(desk: Desk) -> None:
    id_ = desk.quarantined()
    told = said(desk.post(f"{QUARANTINE}/{id_}/fix", FIX, who="manager"))
    assert (told["submission_id"], told["outcome"]) == (f"{id_}.2", "lead")
    first = said(desk.get(f"{SUBMISSIONS}/{id_}"))
    assert (first["outcome"], first["released_as"]) == ("quarantined", f"{id_}.2")
    second = said(desk.get(f"{SUBMISSIONS}/{id_}.2"))
    assert (second["cause"], second["lead_id"]) == (id_, f"{id_}.2")
    lead = said(desk.get(f"/admin/v1/leads/{id_}.2"))["lead"]
    assert lead["contact"]["email"] == "rosa@pumpen.example"
    assert lead["contact"]["last_name"] == "Marín"
    assert lead["interest"]["budget"] == 12_000


def test_a_second_release_is_refused(desk: Desk) -> None:
    id_ = desk.quarantined()
    desk.post(f"{QUARANTINE}/{id_}/fix", FIX)
    again = desk.post(f"{QUARANTINE}/{id_}/fix", FIX)
    assert again["statusCode"] == 409
    assert f"{id_}.2" in again["body"]
    assert len(desk.home.records()) == 2


def test_of_two_releases_at_once_the_second_learns_that_its_fix_was_not_used(
    desk: Desk,
) -> None:
    id_ = desk.quarantined()
    held = desk.home.at(RecordRef(id_))
    first = release(held, b"", playbook().playbook.sources, Fix.model_validate(FIX))
    act_now(first.but(cause=None))  # as if written between our reading and our writing
    answer = desk.post(f"{QUARANTINE}/{id_}/fix", {"fields": {"contact.phone": "+49305550123"}})
    assert answer["statusCode"] == 409
    assert f"{id_}.2" in answer["body"]


def test_a_release_that_still_cannot_be_reached_is_quarantined_again(desk: Desk) -> None:
    id_ = desk.quarantined()
    told = said(desk.post(f"{QUARANTINE}/{id_}/fix", {}))
    assert (told["submission_id"], told["outcome"]) == (f"{id_}.2", "quarantined")
    told = said(desk.post(f"{QUARANTINE}/{id_}.2/fix", FIX))
    assert (told["submission_id"], told["outcome"]) == (f"{id_}.3", "lead")


def test_the_bytes_come_back_as_they_came(desk: Desk) -> None:
    body = bytes(range(256))
    answer = desk.get(f"{SUBMISSIONS}/{desk.quarantined(body)}/raw")
    assert answer["isBase64Encoded"]
    assert base64.b64decode(answer["body"]) == body
    assert header(answer, "Content-Type") == "application/octet-stream"
    assert header(answer, "X-Content-Type-Options") == "nosniff"


def test_sales_see_neither_quarantine_nor_raw_bytes(desk: Desk) -> None:
    id_ = desk.quarantined()
    assert desk.get(QUARANTINE, who="ida")["statusCode"] == 403
    assert desk.get(f"{SUBMISSIONS}/{id_}/raw", who="ida")["statusCode"] == 403
    assert desk.post(f"{QUARANTINE}/{id_}/fix", FIX, who="ida")["statusCode"] == 403
    assert desk.home.at(RecordRef(f"{id_}.2")) is None


@pytest.mark.parametrize(
    "fix",
    [
        {"fields": {"contact.stage": "customer"}},
        {"fields": {"email": "rosa@pumpen.example"}},
        {"fields": {"interest.budget": "a lot"}},
        {"source": "nowhere"},
        {"fields": {"contact.email": 7}},
        {"owner": "ida"},
    ],
)
def test_a_fix_that_cannot_be_is_named_and_releases_nothing(
    desk: Desk, fix: dict[str, object]
) -> None:
    id_ = desk.quarantined()
    answer = desk.post(f"{QUARANTINE}/{id_}/fix", fix)
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"]
    assert len(desk.home.records()) == 1


def test_only_what_is_in_quarantine_is_released(desk: Desk) -> None:
    assert desk.post(f"{QUARANTINE}/{desk.lead()}/fix", FIX)["statusCode"] == 409
    assert desk.post(f"{QUARANTINE}/{'A' * 26}/fix", FIX)["statusCode"] == 404


def test_releases_are_numbered(desk: Desk) -> None:
    assert [next_id("X"), next_id("X.2"), next_id("X.9")] == ["X.2", "X.3", "X.10"]


def test_what_the_source_has_learned_to_read_since_is_used(desk: Desk) -> None:
    mail = (
        b"From: portal@portal.example\r\nTo: portal@drop.aqua.example\r\nSubject: Lead\r\n\r\n"
        b"First Name: Rosa\r\nLast Name: Learned\r\nEmail: rosa@pumpen.example\r\n"
    )
    held = desk.home.at(RecordRef(desk.quarantined(mail)))
    sources = playbook().playbook.sources
    released = release(held, mail, sources, Fix())
    assert released.contact.last_name == "Learned"
    assert released.unreadable == ()


def test_the_pure_refusals(desk: Desk) -> None:
    held = desk.home.at(RecordRef(desk.quarantined()))
    with pytest.raises(Conflict):
        release(held.but(released_as="X.2"), b"", {}, Fix())
    with pytest.raises(FieldsInvalid):
        release(held, b"", {}, Fix())
