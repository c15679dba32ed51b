"""A replay as the admin API starts it and the state machine's tasks do it."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.intake.envelope import sha256, submission_id
from leadloop.model.base import Reason
from leadloop.model.contact import Contact
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Location, Raw
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.admin.desk import Desk, build_sections, json_body, response_header
from tests.functions.aws_fixture import reset_caches
from upkeep.handler import handler as upkeep

REPLAYS = "/admin/v1/replays"


def mail(n: int) -> bytes:
    """As a vendor writes it whose labels nobody has told us of yet."""
    return (
        b"From: portal@portal.example\r\nTo: portal@drop.aqua.example\r\nSubject: Lead\r\n\r\n"
        b"Wunschname: Rosa Nummer %d\r\nErreichbar: rosa@pumpen%d.example\r\n" % (n, n)
    )


SAYS_NOTHING = (
    b"From: portal@portal.example\r\nTo: portal@drop.aqua.example\r\nSubject: Lead\r\n\r\nHello\r\n"
)


def learned() -> Playbook:
    """The company, once somebody has told us."""
    known = build_sections()
    labels = {"wunschname": "contact.name", "erreichbar": "contact.email"}
    portal = {**known["sources"]["portal"], "labels": labels}
    sources = {**known["sources"], "portal": portal}
    return stamp_version(Playbook.model_validate({**known, "sources": sources}))


def held(desk: Desk, n: int) -> str:
    return desk.create_quarantined(mail(n))


@pytest.fixture
def flow(desk: Desk, context: LambdaContext) -> "Flow":
    return Flow(desk, context)


class Flow:
    """The state machine, a step at a time."""

    def __init__(self, desk: Desk, context: LambdaContext) -> None:
        self.desk, self._context = desk, context

    def learn(self) -> None:
        self.desk.home.publish(learned())
        reset_caches()  # a process looks every ten seconds

    def start(self, **wanted: Any) -> str:
        self.desk.home.run_tally()
        answer = self.desk.post(REPLAYS, wanted)
        assert answer["statusCode"] == 202, answer
        id_ = json_body(answer)["id"]
        assert response_header(answer, "Location") == f"{REPLAYS}/{id_}"
        return str(id_)

    def find(self, id_: str) -> list[dict[str, Any]]:
        found = upkeep({"task": "find", "replay": id_}, self._context)
        if not found["pages"]:
            return []
        lying = self.desk.home.aws.s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
        pages: list[dict[str, Any]] = json.loads(lying["Body"].read())
        return pages

    def page(self, page: dict[str, Any]) -> None:
        upkeep({"task": "page", **page}, self._context)

    def end(self, id_: str) -> None:
        upkeep({"task": "end", "replay": id_}, self._context)

    def run(self, **wanted: Any) -> dict[str, Any]:
        """Started, done, and shown."""
        id_ = self.start(**wanted)
        for page in self.find(id_):
            self.page(page)
        self.end(id_)
        return self.shown(id_)

    def shown(self, id_: str) -> dict[str, Any]:
        shown: dict[str, Any] = json_body(self.desk.get(f"{REPLAYS}/{id_}"))
        return shown


def test_after_the_template_is_mended_each_becomes_a_lead_and_shows_who_replayed(
    flow: Flow,
) -> None:
    ids = [held(flow.desk, n) for n in range(3)]
    flow.learn()
    shown = flow.run(source="portal")
    assert shown["state"] == "ended"
    assert shown["ended"]["counts"] == {"lead": 3}
    assert {each["id"]: each["successor"] for each in shown["results"]} == {
        id_: f"{id_}.2" for id_ in ids
    }
    first = flow.desk.home.read_entity(RecordRef(ids[0]))
    assert first.released_by.id == "u-admin"
    person = flow.desk.home.read_entity(RecordRef(f"{ids[0]}.2")).person
    assert person.contact.email == "rosa@pumpen0.example"


def test_a_dry_run_tells_the_same_and_writes_nothing(flow: Flow) -> None:
    ids = [held(flow.desk, n) for n in range(2)]
    flow.learn()
    before = flow.desk.home.records()
    shown = flow.run(source="portal", dry_run=True)
    assert shown["ended"]["counts"] == {"lead": 2}
    assert [each["id"] for each in shown["results"]] == sorted(ids)
    assert flow.desk.home.records() == before


def test_what_still_cannot_be_read_stays_where_it_is_and_has_no_successor(flow: Flow) -> None:
    id_ = flow.desk.create_quarantined(SAYS_NOTHING)
    shown = flow.run(source="portal")
    assert shown["ended"]["counts"] == {"unchanged": 1}
    assert shown["results"][0]["reasons"][0]["code"] == "no_labels"
    assert [each.id for each in flow.desk.home.records()] == [id_]


def test_a_page_that_died_and_is_done_again_ends_in_the_same(flow: Flow) -> None:
    for n in range(3):
        held(flow.desk, n)
    flow.learn()
    id_ = flow.start(source="portal")
    (page,) = flow.find(id_)
    flow.page(page)
    once, items = flow.shown(id_), flow.desk.home.items()
    results = f"replays/{id_}/results/0.json"
    flow.desk.home.aws.s3.delete_object(Bucket="pages", Key=results)
    flow.page(page)
    assert sorted(flow.shown(id_)["results"], key=str) == sorted(once["results"], key=str)
    assert flow.desk.home.items() == items


def test_a_second_replay_finds_nobody_left(flow: Flow) -> None:
    held(flow.desk, 1)
    flow.learn()
    flow.run(source="portal")
    again = flow.run(source="portal")
    assert again["ended"]["counts"] == {"settled": 1}


def test_two_replays_at_once_make_one_successor_each(flow: Flow) -> None:
    held(flow.desk, 1)
    flow.learn()
    one, two = flow.start(source="portal"), flow.start(source="portal")
    pages = [page for id_ in (one, two) for page in flow.find(id_)]
    for page in pages:
        flow.page(page)
    assert len(flow.desk.home.records()) == 2


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"source": "portal"}, 1),
        ({"source": "haus"}, 1),
        ({"reason": "unreadable"}, 2),
        ({"reason": "spam"}, 0),
        ({"parser": "labels/0"}, 1),
        ({"outcome": "lead"}, 1),
        ({"since": "2020-01-01T00:00:00Z"}, 2),
        ({"until": "2020-01-01T00:00:00Z"}, 0),
    ],
)
def test_who_is_meant_is_said_by_any_filter(flow: Flow, wanted: dict[str, str], found: int) -> None:
    code = flow.desk.home.read_entity(RecordRef(held(flow.desk, 1))).reasons
    flow.desk.submit("", body=b"x", unreadable=code, parser="labels/0")
    flow.desk.create_lead()
    shown = flow.run(**wanted, dry_run=True)
    assert sum(shown["ended"]["counts"].values()) == found


def test_a_part_of_an_hour_is_meant_to_the_minute(flow: Flow) -> None:
    id_ = flow.desk.create_quarantined(SAYS_NOTHING)
    at = flow.desk.home.read_entity(RecordRef(id_)).received_at.isoformat()
    assert flow.run(since=at, dry_run=True)["ended"]["counts"] == {"unchanged": 1}
    assert flow.run(until=at, dry_run=True)["ended"]["counts"] == {}


def test_a_lead_read_anew_gains_what_was_not_understood_and_nobody_is_told(flow: Flow) -> None:
    body = mail(1) + b"Firma: Pumpen GmbH\r\n"
    lead = flow.desk.submit(
        "rosa@pumpen1.example",
        source="portal",
        body=body,
        parser="labels/0",
        contact=Contact(email="rosa@pumpen1.example", company="Pumpen"),
    ).submission_id
    before = flow.desk.home.read_entity(RecordRef(lead)).person
    told = sum(b"D#" in str(item["sk"]).encode() for item in flow.desk.home.items())
    flow.learn()
    shown = flow.run(outcome="lead", parser="labels/0")
    (became,) = shown["results"]
    assert (became["what"], became["lead_id"]) == ("merged", lead)
    after = flow.desk.home.read_entity(RecordRef(lead))
    assert after.person.contact.name == "Rosa Nummer 1"
    assert after.person.contact.company == before.contact.company
    assert after.released_as == f"{lead}.2"
    assert sum(b"D#" in str(item["sk"]).encode() for item in flow.desk.home.items()) == told


def test_two_inquiries_in_a_mail_nobody_could_read_are_both_there_after_it(flow: Flow) -> None:
    prospects = b"".join(
        b"<prospect><customer><contact><name part='full'>P %d</name>"
        b"<email>p%d@pumpen%d.example</email></contact></customer></prospect>" % (n, n, n)
        for n in (1, 2)
    )
    body = (
        b"From: a@portal.example\r\nTo: portal@drop.aqua.example\r\nSubject: x\r\n\r\n"
        b"<?xml version='1.0'?><?adf version='1.0'?><adf>" + prospects + b"</adf>\r\n"
    )
    flow.desk.home.aws.s3.put_object(Bucket="raw", Key="in/two", Body=body)
    lying = Location(bucket="raw", key="in/two")
    id_ = flow.desk.submit(
        "",
        source="portal",
        unreadable=(Reason(code="unreadable", text="no lead in it"),),
        raw=Raw(sha256=sha256(body), size=len(body), location=lying),
        part=0,
    ).submission_id
    shown = flow.run(source="portal")
    assert shown["ended"]["counts"] == {"lead": 2}
    second = submission_id("portal", "in/two#2")
    assert {each["id"] for each in shown["results"]} == {id_, second}
    assert flow.run(source="portal")["ended"]["counts"] == {"settled": 1}


def test_what_cannot_be_asked_is_told(flow: Flow) -> None:
    for wanted in ({"since": "soon"}, {"since": "2026-01-01"}, {"colour": "red"}, {"outcome": "x"}):
        assert flow.desk.post(REPLAYS, wanted)["statusCode"] == 422
    assert flow.desk.get(f"{REPLAYS}/nothing")["statusCode"] == 404
    assert flow.desk.post(REPLAYS, {}, who="ida")["statusCode"] == 403


@pytest.mark.parametrize("wanted", [{}, {"dry_run": True}, {"source": None}])
def test_who_is_meant_has_to_be_said(flow: Flow, wanted: dict[str, Any]) -> None:
    """Nobody has the whole quarantine read anew by a body that was left out."""
    answer = flow.desk.post(REPLAYS, wanted)
    assert answer["statusCode"] == 422
    assert '{"outcome": "quarantined"}' in json_body(answer)["errors"][0]["text"]
    assert json_body(flow.desk.get(REPLAYS))["replays"] == []


def test_the_whole_quarantine_is_meant_where_that_is_said(flow: Flow) -> None:
    held(flow.desk, 1)
    flow.learn()
    assert flow.run(outcome="quarantined")["ended"]["counts"] == {"lead": 1}


def test_replays_are_listed_the_latest_first_and_a_running_one_says_so(flow: Flow) -> None:
    one = flow.start(source="portal")
    two = flow.start(source="portal")
    listed = json_body(flow.desk.get(REPLAYS))["replays"]
    assert [each["id"] for each in listed] == [two, one]
    assert listed[0]["state"] == "finding"
    held(flow.desk, 1)
    flow.desk.home.run_tally()
    flow.find(two)
    assert flow.shown(two)["state"] == "running"


def test_a_flow_that_failed_ends_with_what_is_known(flow: Flow) -> None:
    held(flow.desk, 1)
    id_ = flow.start(source="portal")
    flow.end(id_)
    assert flow.shown(id_)["ended"]["failed"] == 1
