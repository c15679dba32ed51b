"""Leads by the admin API: seen, mended, worked, and by whom."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from leadloop.model.contact import Contact, Interest
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.admin.desk import Desk, build_sections, json_body, response_header
from tests.functions.aws_fixture import reset_caches

LEADS = "/admin/v1/leads"


def test_a_lead_is_shown_with_its_version_as_etag(desk: Desk) -> None:
    id_ = desk.create_lead()
    answer = desk.get(f"{LEADS}/{id_}", who="ida")
    assert answer["statusCode"] == 200
    assert response_header(answer, "ETag") == f'"{json_body(answer)["version"]}"'
    assert json_body(answer)["lead"]["stage"] == "qualified"
    assert json_body(answer)["lead"]["assignment"]["rep"] == "ida"


def test_a_lead_is_shown_with_what_it_wants_to_be_hot(desk: Desk) -> None:
    shown = json_body(desk.get(f"{LEADS}/{desk.create_lead()}"))
    hot, total = 60, shown["lead"]["score"]["fit"] + shown["lead"]["score"]["behaviour"]
    assert shown["missing"]["short"] == max(0, hot - total)


def test_a_rep_sees_the_own_work_list_and_a_queue_by_name(desk: Desk) -> None:
    id_ = desk.create_lead()
    assert [row["id"] for row in json_body(desk.get(LEADS, who="ida"))["rows"]] == [id_]
    assert json_body(desk.get(LEADS, who="bo"))["rows"] == []
    assert json_body(desk.get(LEADS, query={"owner": "ida"}))["rows"][0]["title"]
    assert json_body(desk.get(LEADS, query={"queue": "field"}))["rows"] == []


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_who_is_no_rep_sees_everybodys_leads_the_latest_first(desk: Desk, limit: int) -> None:
    begun = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    ids = []
    for n in range(5):
        with time_machine.travel(begun + n * timedelta(minutes=25), tick=False):
            ids.append(desk.create_lead(f"p{n}@pumpen{n}.example"))
            desk.create_quarantined(b"held %d" % n)
    desk.create_lead("p1@pumpen1.example", body=b"again")
    desk.home.run_tally()
    shown, query = [], {"limit": str(limit)}
    while True:
        page = json_body(desk.get(LEADS, who="manager", query=query))
        assert len(page["rows"]) <= limit
        shown += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert shown == [*reversed(ids)] if limit == 50 else sorted(shown) == sorted(ids)


@pytest.mark.parametrize("cursor", ["x", "0.x", "-1.e30=", "0."])
def test_a_place_in_the_list_of_all_cannot_be_made_up(desk: Desk, cursor: str) -> None:
    assert desk.get(LEADS, query={"cursor": cursor})["statusCode"] == 422


def test_a_field_that_is_not_known_is_told_beside_those_that_are(desk: Desk) -> None:
    lead = desk.create_lead()
    for body, told in (
        ({"phone": "0221 5550177"}, "phone: is not known here; known are contact"),
        ({}, "contact: is required"),
    ):
        answer = desk.call("PATCH", f"{LEADS}/{lead}", body, who="ida", If_Match="*")
        assert answer["statusCode"] == 422
        assert told in json_body(answer)["detail"]


def asking(desk: Desk, email: str, **more: str) -> str:
    """Somebody with a question; without a `company` nobody works the lead."""
    known = build_sections()
    haus = {**known["sources"]["haus"], "asks": {"field": "interest.message", "given": True}}
    sources = {**known["sources"], "haus": haus}
    desk.home.publish(stamp_version(Playbook.model_validate({**known, "sources": sources})))
    reset_caches()
    contact = Contact(email=email, **more)
    return desk.create_lead(email, contact=contact, interest=Interest(message="When?"))


def test_what_to_do_next_begins_with_who_waits_for_an_answer(desk: Desk) -> None:
    hot, asked = desk.create_lead(), asking(desk, "ada@mill.example")
    rows = json_body(desk.get("/admin/v1/work", who="ida"))["rows"]
    assert [row["id"] for row in rows] == [asked, hot]
    assert [row["asked"] is not None for row in rows] == [True, False]
    answered = desk.post(f"{LEADS}/{asked}/answer", {"note": "Rang her."}, who="bo")
    assert answered["statusCode"] == 200
    rows = json_body(desk.get("/admin/v1/work", who="ida", query={"limit": "1"}))["rows"]
    assert [row["id"] for row in rows] == [hot]
    assert desk.post(f"{LEADS}/{asked}/answer", {}, who="bo")["statusCode"] == 409
    (entry, *_) = json_body(desk.get(f"{LEADS}/{asked}/timeline"))["entries"]
    assert (entry["note"], entry["events"][0]["actor"]) == ("Rang her.", "bo")


def test_the_words_it_began_with_are_at_the_beginning_of_its_timeline(desk: Desk) -> None:
    chat = "Ada: Good morning\nBot: How can I help?"
    spoke = desk.create_lead("ada@mill.example", interest=Interest(message=chat))
    entries = json_body(desk.get(f"{LEADS}/{spoke}/timeline"))["entries"]
    assert entries[-1]["note"] == chat
    silent = desk.create_lead("bob@mill.example")
    desk.submit(
        "bob@mill.example",
        body=b"again",
        interest=Interest(message="And now?"),
        contact=Contact(email="bob@mill.example"),
    )
    entries = json_body(desk.get(f"{LEADS}/{silent}/timeline"))["entries"]
    assert [entry["note"] for entry in entries] == ["And now?", None]


def test_who_is_in_no_pool_has_an_empty_list(desk: Desk) -> None:
    assert json_body(desk.get("/admin/v1/work"))["rows"] == []
    assert desk.get("/admin/v1/work", who="marketing")["statusCode"] == 403


def test_lists_are_paged_by_a_cursor_and_lose_nothing(desk: Desk) -> None:
    ids = {desk.create_lead(f"p{n}@pumpen{n}.example") for n in range(5)}
    seen: list[str] = []
    query = {"owner": "ida", "limit": "2"}
    while True:
        page = json_body(desk.get(LEADS, query=query))
        seen += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            break
        query = {**query, "cursor": page["next"]}
    assert len(seen) == 5
    assert set(seen) == ids


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"cursor": "bm8"}])
def test_a_query_that_makes_no_sense_is_a_problem(desk: Desk, query: dict[str, str]) -> None:
    answer = desk.get(LEADS, query={"owner": "ida", **query})
    assert answer["statusCode"] == 422
    assert response_header(answer, "Content-Type") == "application/problem+json"


def test_an_edit_names_its_version_or_is_asked_for_it(desk: Desk) -> None:
    id_ = desk.create_lead()
    edit = {"contact": {"job_title": "Buyer"}}
    assert desk.call("PATCH", f"{LEADS}/{id_}", edit)["statusCode"] == 428
    etag = response_header(desk.get(f"{LEADS}/{id_}"), "ETag")
    answer = desk.call("PATCH", f"{LEADS}/{id_}", edit, If_Match=etag)
    assert answer["statusCode"] == 200
    assert json_body(answer)["person"]["contact"]["job_title"] == "Buyer"
    assert response_header(answer, "ETag") != etag


def test_a_stale_edit_changes_nothing(desk: Desk) -> None:
    id_ = desk.create_lead()
    etag = response_header(desk.get(f"{LEADS}/{id_}"), "ETag")
    desk.call("PATCH", f"{LEADS}/{id_}", {"contact": {"city": "Bonn"}}, If_Match=etag)
    late = desk.call("PATCH", f"{LEADS}/{id_}", {"contact": {"city": "Köln"}}, If_Match=etag)
    assert late["statusCode"] == 412
    assert json_body(desk.get(f"{LEADS}/{id_}"))["person"]["contact"]["city"] == "Bonn"


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ({"contact": {"stage": "customer"}}, 422),
        ({"contact": {}, "stage": "customer"}, 422),
        ({"contact": {"city": 7}}, 422),
        ('{"contact": {"city": "\\ud800"}}', 422),
        ('{"contact": {"city": "a\\u0000b"}}', 422),
        ({"contact": {"city": "x" * 10_000}}, 422),
        ({"contact": {"phone": "12"}}, 422),
    ],
)
def test_an_edit_that_cannot_be_is_a_problem_and_changes_nothing(
    desk: Desk, edit: object, status: int
) -> None:
    id_ = desk.create_lead()
    before = desk.get(f"{LEADS}/{id_}")["body"]
    answer = desk.call("PATCH", f"{LEADS}/{id_}", edit, If_Match="*")
    assert answer["statusCode"] == status, answer["body"]
    assert response_header(answer, "Content-Type") == "application/problem+json"
    assert desk.get(f"{LEADS}/{id_}")["body"] == before


@pytest.mark.parametrize("version", ["latest", "9" * 5000])
def test_an_if_match_that_is_no_etag_is_refused(desk: Desk, version: str) -> None:
    answer = desk.call(
        "PATCH", f"{LEADS}/{desk.create_lead()}", {"contact": {"city": "Bonn"}}, If_Match=version
    )
    assert answer["statusCode"] == 422


def test_a_lead_goes_from_accepted_to_won(desk: Desk) -> None:
    id_ = desk.create_lead()
    assert json_body(desk.post(f"{LEADS}/{id_}/accept", who="ida"))["what"] == "accept"
    value = {"value": 120_000, "currency": "EUR"}
    assert desk.post(f"{LEADS}/{id_}/convert", value, who="ida")["statusCode"] == 200
    lead = json_body(desk.get(f"{LEADS}/{id_}"))["lead"]
    deal = lead["opportunities"][0]["id"]
    won = desk.post(f"/admin/v1/opportunities/{deal}/won", {"value": 130_000}, who="ida")
    assert won["statusCode"] == 200
    lead = json_body(desk.get(f"{LEADS}/{id_}"))["lead"]
    assert lead["stage"] == "customer"
    assert lead["opportunities"][0]["state"] == "won"


def test_a_lost_deal_waits_to_be_worked_again(desk: Desk) -> None:
    id_ = desk.create_lead()
    desk.post(f"{LEADS}/{id_}/accept", who="ida")
    desk.post(f"{LEADS}/{id_}/convert", {}, who="ida")
    lost = desk.post(f"/admin/v1/opportunities/{id_}-1/lost", {"reason": "budget"}, who="ida")
    assert lost["statusCode"] == 200
    assert json_body(desk.get(f"{LEADS}/{id_}"))["lead"]["stage"] == "recycled"
    again = desk.post(f"/admin/v1/opportunities/{id_}-1/lost", {"reason": "budget"})
    assert again["statusCode"] == 409


def test_an_opportunity_nobody_has_is_not_found(desk: Desk) -> None:
    id_ = desk.create_lead()
    for unknown in (f"{id_}-1", f"{id_}-9", "nonsense", "A" * 26 + "-1"):
        answer = desk.post(f"/admin/v1/opportunities/{unknown}/won", {"value": 1})
        assert answer["statusCode"] == 404


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("convert", {}, 409),
        ("reject", {"reason": "because"}, 422),
        ("reject", {}, 422),
        ("convert", {"value": -1}, 422),
        ("disqualify", {"reason": "spam"}, 200),
        ("reject", {"reason": "too_early"}, 200),
    ],
)
def test_what_the_stage_or_the_playbook_forbids_is_refused(
    desk: Desk, what: str, body: dict[str, object], status: int
) -> None:
    assert (
        desk.post(f"{LEADS}/{desk.create_lead()}/{what}", body, who="ida")["statusCode"] == status
    )


def test_a_sales_person_works_own_leads_only(desk: Desk) -> None:
    id_ = desk.create_lead()
    before = desk.get(f"{LEADS}/{id_}")["body"]
    for what, body in (("disqualify", {"reason": "mine"}), ("reject", {"reason": "too_early"})):
        assert desk.post(f"{LEADS}/{id_}/{what}", body, who="bo")["statusCode"] == 403
    edit = {"contact": {"city": "Bonn"}}
    assert desk.call("PATCH", f"{LEADS}/{id_}", edit, who="bo", If_Match="*")["statusCode"] == 403
    assert desk.post(f"{LEADS}/{id_}/accept", who="bo")["statusCode"] == 409
    assert desk.get(f"{LEADS}/{id_}")["body"] == before


def test_marketing_mends_a_contact_and_works_no_lead(desk: Desk) -> None:
    id_ = desk.create_lead()
    edit = {"contact": {"city": "Bonn"}}
    answer = desk.call("PATCH", f"{LEADS}/{id_}", edit, who="marketing", If_Match="*")
    assert json_body(answer)["person"]["contact"]["city"] == "Bonn"
    assert desk.post(f"{LEADS}/{id_}/accept", who="marketing")["statusCode"] == 403


@pytest.mark.parametrize("who", ["nobody", "marketing"])
def test_who_may_not_work_leads_changes_none(desk: Desk, who: str) -> None:
    id_ = desk.create_lead()
    before = desk.get(f"{LEADS}/{id_}")["body"]
    for what in ("accept", "reject", "convert", "disqualify"):
        answer = desk.post(f"{LEADS}/{id_}/{what}", {"reason": "too_early"}, who=who)
        assert answer["statusCode"] == 403
    assert desk.get(f"{LEADS}/{id_}")["body"] == before


def test_a_token_without_a_group_reads_nothing(desk: Desk) -> None:
    id_ = desk.create_lead()
    for path in (
        LEADS,
        f"{LEADS}/{id_}",
        f"{LEADS}/{id_}/timeline",
        f"/admin/v1/submissions/{id_}",
    ):
        assert desk.get(path, who="nobody")["statusCode"] == 403


def test_an_unknown_lead_is_not_found(desk: Desk) -> None:
    for path in (f"{LEADS}/{'A' * 26}", f"{LEADS}/{'A' * 26}/timeline", "/admin/v1/elsewhere"):
        assert desk.get(path)["statusCode"] == 404
    assert desk.post(f"{LEADS}/{'A' * 26}/accept")["statusCode"] == 404


def test_a_command_on_a_stale_version_is_refused(desk: Desk) -> None:
    id_ = desk.create_lead()
    answer = desk.post(f"{LEADS}/{id_}/accept", who="ida", If_Match='"99"')
    assert answer["statusCode"] == 412


def test_the_timeline_tells_it_from_the_newest_to_the_founding(desk: Desk) -> None:
    id_ = desk.create_lead()
    desk.post(f"{LEADS}/{id_}/accept", who="ida")
    desk.post(f"{LEADS}/{id_}/convert", {}, who="ida")
    told = json_body(desk.get(f"{LEADS}/{id_}/timeline"))
    names = [event["name"] for entry in told["entries"] for event in entry["events"]]
    assert names.index("LeadConverted") < names.index("LeadAccepted") < names.index("LeadCreated")
    assert told["deliveries"][0]["rep"] == "ida"


def test_the_timeline_shows_the_fields_that_are_not_stored(desk: Desk) -> None:
    id_ = desk.create_lead()
    desk.post(f"{LEADS}/{id_}/accept", who="ida")
    desk.post(f"{LEADS}/{id_}/convert", {}, who="ida")
    told = json_body(desk.get(f"{LEADS}/{id_}/timeline"))
    data = {event["name"]: event["data"] for each in told["entries"] for event in each["events"]}
    for name, fields in {
        "LeadCreated": {"source", "channel"},
        "LeadScored": {"total", "fit", "rating"},
        "LeadQualified": {"total", "threshold", "direct"},
        "OwnerChanged": {"before", "owner", "pool", "route", "why"},
        "LeadConverted": {"opportunity", "value", "currency"},
    }.items():
        assert fields <= data[name].keys(), "a caller of the API knows these names"
    assert (data["OwnerChanged"]["before"], data["LeadConverted"]["value"]) == (None, None)


def test_a_paged_timeline_has_every_entry_once(desk: Desk) -> None:
    id_ = desk.create_lead()
    desk.post(f"{LEADS}/{id_}/accept", who="ida")
    desk.post(f"{LEADS}/{id_}/convert", {}, who="ida")
    whole = json_body(desk.get(f"{LEADS}/{id_}/timeline"))["entries"]
    pages: list[dict[str, object]] = []
    query = {"limit": "1"}
    while True:
        page = json_body(desk.get(f"{LEADS}/{id_}/timeline", query=query))
        pages += page["entries"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert json.dumps(pages) == json.dumps(whole)
