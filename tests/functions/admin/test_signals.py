"""Behaviour that other systems of ours have seen."""

from datetime import timedelta
from typing import Any

import pytest

from leadloop.edge import clock
from leadloop.model.lead import RecordRef
from leadloop.model.visitor import VisitorRef
from tests.functions.admin.desk import Desk, json_body

SIGNALS = "/admin/v1/signals"
BROWSER = "Zm9yIHRlc3RzIG9ubHkgMQ_-"
SEEN = {"id": "webinar-7:rosa", "signal": "webinar"}


def touched(desk: Desk, lead_id: str) -> list[str]:
    return [touch.signal for touch in desk.home.read_entity(RecordRef(lead_id)).person.touchpoints]


@pytest.mark.parametrize("who", ["admin", "manager", "marketing"])
def test_a_webinar_counts_once_by_lead_or_by_address(desk: Desk, who: str) -> None:
    lead = desk.create_lead("rosa@pumpen.example")
    for named in ({"lead_id": lead}, {"email": "Rosa@Pumpen.Example"}):
        answer = desk.post(SIGNALS, {**SEEN, **named}, who=who)
        assert answer["statusCode"] == 200
    assert json_body(answer)["repeated"] is True
    assert touched(desk, lead) == ["webinar"]


def test_a_visitors_waits_for_who_it_will_be(desk: Desk) -> None:
    answer = desk.post(SIGNALS, {**SEEN, "visitor": BROWSER})
    assert (answer["statusCode"], json_body(answer)["kind"]) == (200, "kept")
    assert len(desk.home.read_entity(VisitorRef(BROWSER)).touches) == 1


def test_what_was_done_before_counts_from_then(desk: Desk) -> None:
    lead = desk.create_lead()
    then = clock.now() - timedelta(days=10)
    desk.post(SIGNALS, {**SEEN, "lead_id": lead, "at": then.isoformat()})
    (touch,) = desk.home.read_entity(RecordRef(lead)).person.touchpoints
    assert touch.at == then


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**SEEN, "lead_id": "NOBODY"}, 404),
        ({**SEEN, "email": "nobody@pumpen.example"}, 404),
        ({**SEEN, "email": "no address"}, 422),
        (SEEN, 422),
        ({**SEEN, "lead_id": "A", "visitor": BROWSER}, 422),
        ({**SEEN, "lead_id": "A", "signal": "unsubscribe"}, 422),
        ({**SEEN, "lead_id": "A", "signal": "bounce"}, 422),
        ({**SEEN, "lead_id": "A", "at": "2999-01-01T00:00:00Z"}, 422),
        ({**SEEN, "lead_id": "A", "score": 100}, 422),
        ({"signal": "webinar", "lead_id": "A"}, 422),
    ],
)
def test_what_cannot_be_told_is_refused(desk: Desk, body: dict[str, Any], status: int) -> None:
    assert desk.post(SIGNALS, body)["statusCode"] == status


def test_sales_tells_nothing_of_behaviour(desk: Desk) -> None:
    answer = desk.post(SIGNALS, {**SEEN, "lead_id": desk.create_lead()}, who="ida")
    assert answer["statusCode"] == 403
