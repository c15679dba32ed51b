"""What could not be read: listed, shown byte for byte, mended, released once."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from admin.quarantine_release import Fix, build_released_submission
from leadloop.edge.act import act_now
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import NO_RESOURCE_DETAIL
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.replay import successor_id
from leadloop.intake.tables.model import Row
from leadloop.model.base import Reason
from leadloop.model.command import Actor
from leadloop.model.errors import Conflict, FieldsInvalid
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Channel
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.admin.desk import Desk, build_sections, json_body, response_header

QUARANTINE, SUBMISSIONS = "/admin/v1/quarantine", "/admin/v1/submissions"
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
MAIL = (
    b"From: portal@portal.example\r\nTo: portal@drop.aqua.example\r\nSubject: Lead\r\n\r\n"
    b"First Name: Rosa\r\nLast Name: Learned\r\nEmail: rosa@pumpen.example\r\n"
)
BY = Actor(id="u-admin", role="admin")
FIX = {"fields": {"contact.email": "rosa@pumpen.example", "interest.budget": "12,000"}}


def test_it_is_listed_with_its_reason_and_leaves_when_released(desk: Desk) -> None:
    id_ = desk.create_quarantined()
    (row,) = json_body(desk.get(QUARANTINE))["rows"]
    assert (row["id"], row["title"]) == (id_, "unreadable")
    assert desk.post(f"{QUARANTINE}/{id_}/fix", FIX)["statusCode"] == 200
    assert json_body(desk.get(QUARANTINE))["rows"] == []


def test_it_is_released_as_a_submission_of_its_own(desk: Desk) -> None:
    id_ = desk.create_quarantined()
    told = json_body(desk.post(f"{QUARANTINE}/{id_}/fix", FIX, who="manager"))
    assert (told["submission_id"], told["outcome"]) == (f"{id_}.2", "lead")
    first = json_body(desk.get(f"{SUBMISSIONS}/{id_}"))
    assert (first["outcome"], first["released_as"]) == ("quarantined", f"{id_}.2")
    assert first["released_by"] == {"id": "u-manager", "role": "manager"}
    (created, *_) = desk.home.read_entity(RecordRef(f"{id_}.2")).events
    assert created.actor == "u-manager"
    events = json_body(desk.get(f"/admin/v1/leads/{id_}.2/timeline"))["entries"][-1]["events"]
    (release_,) = (each for each in events if each["name"] == "SubmissionReleased")
    assert release_["actor"] == "u-manager"
    mended = "contact.email, interest.budget"
    assert release_["data"] == {"submission": id_, "mended": mended}
    second = json_body(desk.get(f"{SUBMISSIONS}/{id_}.2"))
    assert (second["cause"], second["lead_id"]) == (id_, f"{id_}.2")
    shown = json_body(desk.get(f"/admin/v1/leads/{id_}.2"))
    assert shown["person"]["contact"]["email"] == "rosa@pumpen.example"
    assert shown["person"]["contact"]["last_name"] == "Marín"
    assert shown["lead"]["interest"]["budget"] == 12_000


def test_a_second_release_is_refused(desk: Desk) -> None:
    id_ = desk.create_quarantined()
    desk.post(f"{QUARANTINE}/{id_}/fix", FIX)
    again = desk.post(f"{QUARANTINE}/{id_}/fix", FIX)
    assert again["statusCode"] == 409
    assert f"{id_}.2" in again["body"]
    assert len(desk.home.records()) == 2


def test_of_two_releases_at_once_the_second_learns_that_its_fix_was_not_used(
    desk: Desk,
) -> None:
    id_ = desk.create_quarantined()
    held = desk.home.read_entity(RecordRef(id_))
    first = build_released_submission(
        held, b"", playbook().playbook.sources, Fix.model_validate(FIX), BY
    )
    act_now(first.but(cause=None))  # as if written between our reading and our writing
    answer = desk.post(f"{QUARANTINE}/{id_}/fix", {"fields": {"contact.phone": "+49305550123"}})
    assert answer["statusCode"] == 409
    assert f"{id_}.2" in answer["body"]


def test_a_release_that_still_cannot_be_reached_is_quarantined_again(desk: Desk) -> None:
    id_ = desk.create_quarantined()
    told = json_body(desk.post(f"{QUARANTINE}/{id_}/fix", {"fields": {"contact.company": None}}))
    assert (told["submission_id"], told["outcome"]) == (f"{id_}.2", "quarantined")
    (event,) = desk.home.read_entity(RecordRef(f"{id_}.2")).events
    assert (event.actor, event.data["mended"]) == ("u-admin", "contact.company")
    told = json_body(desk.post(f"{QUARANTINE}/{id_}.2/fix", FIX))
    assert (told["submission_id"], told["outcome"]) == (f"{id_}.3", "lead")


def test_the_bytes_come_back_as_they_came(desk: Desk) -> None:
    body = bytes(range(256))
    answer = desk.get(f"{SUBMISSIONS}/{desk.create_quarantined(body)}/raw")
    assert answer["isBase64Encoded"]
    assert base64.b64decode(answer["body"]) == body
    assert response_header(answer, "Content-Type") == "application/octet-stream"
    assert response_header(answer, "X-Content-Type-Options") == "nosniff"


def test_sales_see_neither_quarantine_nor_raw_bytes(desk: Desk) -> None:
    id_ = desk.create_quarantined()
    assert desk.get(QUARANTINE, who="ida")["statusCode"] == 403
    assert desk.get(f"{SUBMISSIONS}/{id_}/raw", who="ida")["statusCode"] == 403
    assert desk.post(f"{QUARANTINE}/{id_}/fix", FIX, who="ida")["statusCode"] == 403
    assert desk.home.read_entity(RecordRef(f"{id_}.2")) is None


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
    id_ = desk.create_quarantined()
    answer = desk.post(f"{QUARANTINE}/{id_}/fix", fix)
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"]
    assert len(desk.home.records()) == 1


def test_only_what_is_in_quarantine_is_released(desk: Desk) -> None:
    assert desk.post(f"{QUARANTINE}/{desk.create_lead()}/fix", FIX)["statusCode"] == 409
    assert desk.post(f"{QUARANTINE}/{'A' * 26}/fix", FIX)["statusCode"] == 404


def test_releases_are_numbered(desk: Desk) -> None:
    assert [successor_id("X"), successor_id("X.2"), successor_id("X.9")] == ["X.2", "X.3", "X.10"]


def test_what_the_source_has_learned_to_read_since_is_used(desk: Desk) -> None:
    held = desk.home.read_entity(RecordRef(desk.create_quarantined(MAIL)))
    sources = playbook().playbook.sources
    released = build_released_submission(held, MAIL, sources, Fix(), BY)
    assert released.contact.last_name == "Learned"
    assert released.unreadable == ()


def test_the_pure_refusals(desk: Desk) -> None:
    held = desk.home.read_entity(RecordRef(desk.create_quarantined()))
    with pytest.raises(Conflict):
        build_released_submission(held.but(released_as="X.2"), b"", {}, Fix(), BY)
    with pytest.raises(FieldsInvalid):
        build_released_submission(held, b"", {}, Fix(), BY)


def ids(desk: Desk, **query: str) -> list[str]:
    return [row["id"] for row in json_body(desk.get(QUARANTINE, query=query))["rows"]]


def test_it_is_filtered_by_source_reason_parser_and_period(desk: Desk) -> None:
    code = Reason(code="no_labels", text="no label that we know")
    other = desk.submit(
        "", body=b"x", unreadable=(code,), parser="labels/1", received_at=AT
    ).submission_id
    mail = desk.create_quarantined()
    assert ids(desk) == [other, mail]
    assert ids(desk, source="portal") == [mail]
    assert ids(desk, reason="no_labels") == [other]
    assert ids(desk, reason="spam") == []
    assert ids(desk, parser="labels/1") == [other]
    assert ids(desk, since=(AT + timedelta(seconds=1)).isoformat()) == [mail]
    assert ids(desk, since=AT.isoformat(), until="2026-01-06") == [other]
    assert ids(desk, until=AT.isoformat()) == []
    for day in ("yesterday", "20260106", "2026", "202601", " 20260106 ", "2.026e3"):
        assert desk.get(QUARANTINE, query={"since": day})["statusCode"] == 422
        assert desk.get(QUARANTINE, query={"until": day})["statusCode"] == 422


def test_a_page_of_what_is_sought_is_filled_from_as_many_rows_as_it_takes(desk: Desk) -> None:
    wanted = [
        desk.submit(
            "",
            body=b"%d" % n,
            unreadable=(Reason(code=f"odd{n % 3}", text="x"),),
            received_at=AT + timedelta(minutes=n),
        ).submission_id
        for n in range(9)
    ]
    query = {"reason": "odd1", "limit": "2"}
    first = json_body(desk.get(QUARANTINE, query=query))
    rest = json_body(desk.get(QUARANTINE, query={**query, "cursor": first["next"]}))
    assert [row["id"] for row in (*first["rows"], *rest["rows"])] == wanted[1::3]


def test_one_is_shown_as_it_came_beside_what_is_understood_now(desk: Desk) -> None:
    id_ = desk.create_quarantined(MAIL.replace(b"Email: rosa@pumpen.example", b"Email: unknown"))
    shown = json_body(desk.get(f"{QUARANTINE}/{id_}"))
    assert "Last Name: Learned" in shown["raw"]["text"]
    assert shown["submission"]["reasons"][0]["code"] == "unreadable"
    assert shown["now"]["contact"]["last_name"] == "Learned"
    assert [doubt["code"] for doubt in shown["now"]["doubts"]] == ["nobody_to_reach"]
    assert desk.get(f"{QUARANTINE}/{id_}", who="ida")["statusCode"] == 403


def test_many_are_released_at_once_and_each_is_told_by_itself(desk: Desk) -> None:
    held = [desk.create_quarantined(b"mail %d" % n) for n in range(3)]
    desk.post(f"{QUARANTINE}/{held[1]}/fix", FIX)
    asked = {"ids": [*held, "A" * 26], **FIX}
    results = json_body(desk.post(f"{QUARANTINE}/fix", asked))["results"]
    assert [each["id"] for each in results] == asked["ids"]
    outcomes = [each["verdict"] and each["verdict"]["outcome"] for each in results]
    assert outcomes == ["merged", None, "merged", None]
    assert f"{held[1]}.2" in results[1]["refused"]
    assert results[3]["refused"] == NO_RESOURCE_DETAIL


@pytest.mark.parametrize("ids_", [[], ["x"] * 51, "x"])
def test_how_many_is_bound(desk: Desk, ids_: object) -> None:
    assert desk.post(f"{QUARANTINE}/fix", {"ids": ids_})["statusCode"] == 422


def test_a_body_nested_deep_is_the_callers_fault(desk: Desk) -> None:
    deep = '{"fields": ' + "[" * 900 + "]" * 900 + "}"
    answer = desk.post(f"{QUARANTINE}/{desk.create_quarantined()}/fix", deep)
    assert answer["statusCode"] in {400, 422}


def test_how_somebody_stands_to_an_event_is_mended_in_the_same_four_words(desk: Desk) -> None:
    known = build_sections()
    row = {**known["sources"]["fair"], "event": "fair", "fields": {"state": "fields.attendance"}}
    made = Playbook.model_validate({**known, "sources": {**known["sources"], "fair": row}})
    desk.home.publish(stamp_version(made))
    body = build_file_row(
        Row(2, ("rosa@pumpen.example", "perhaps")),
        ("mail", "state"),
        {"mail": "contact.email", "state": "fields.attendance"},
    ).body
    doubt = (Reason(code="attendance", text="perhaps"),)
    held = desk.submit("", source="fair", body=body, channel=Channel.FILE, unreadable=doubt)
    place = f"{QUARANTINE}/{held.submission_id}/fix"
    wrong = desk.post(place, {"fields": {"fields.attendance": "maybe"}})
    assert (wrong["statusCode"], json_body(wrong)["errors"][0]["code"]) == (422, "attendance")
    told = json_body(desk.post(place, {"fields": {"fields.attendance": "attended"}}))
    record = desk.home.read_entity(RecordRef(told["lead_id"]))
    assert record.person.contact.email == "rosa@pumpen.example"
    assert record.person.attendance["fair"].status == "attended"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00"])
def test_a_moment_that_has_no_utc_is_the_callers_fault_wherever_one_is_asked(
    desk: Desk, at: str
) -> None:
    for name in ("since", "until"):
        assert desk.get(QUARANTINE, query={name: at})["statusCode"] == 422
        assert desk.post("/admin/v1/replays", {name: at})["statusCode"] == 422
    seen = {"id": "1", "signal": "visit", "visitor": "a" * 26, "at": at}
    assert desk.post("/admin/v1/signals", seen)["statusCode"] == 422
    claim = {"source": "portal", "since": at, "until": at.replace(":00:00", ":59:00"), "count": 1}
    assert desk.post("/admin/v1/reports/statements", claim)["statusCode"] == 422
