import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.model.delivery import Delivery, DeliveryRef, DeliveryState, Purpose
from leadloop.model.event import EntryRef, Event, TimelineEntry
from leadloop.model.reference import AnyRef
from leadloop.store.items import to_item
from relay.handler import handler
from tests.functions.aws_fixture import AwsFixture, batch_failures

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEAD = "L" * 26
DELIVERY = Delivery(
    id=f"{LEAD}#1",
    version=1,
    lead_id=LEAD,
    purpose=Purpose.REP_ALERT,
    channel="email",
    template="rep_alert",
    language="en",
    created_at=AT,
)
HAPPENED = Event(id=f"{LEAD}#2", name="LeadScored", occurred_at=AT, cause=LEAD, lead_id=LEAD)
ENTRY = TimelineEntry(
    lead_id=LEAD, at=AT, trigger_id=LEAD, events=(HAPPENED,), note="call me on 0123"
)


def image(home: AwsFixture, ref: AnyRef, entity: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in to_item(home.table.keys.of(ref), entity).items():
        match value:
            case bytes():
                typed[name] = {"B": base64.b64encode(value).decode()}
            case str():
                typed[name] = {"S": value}
            case _:
                typed[name] = {"N": str(value)}
    return typed


def stream(*images: dict[str, Any]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventID": str(n),
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "ApproximateCreationDateTime": AT.timestamp(),
                    "SequenceNumber": f"10{n}",
                    "NewImage": new,
                },
            }
            for n, new in enumerate(images)
        ]
    }


def test_a_ready_delivery_goes_to_its_queue_and_says_nothing_of_the_person(
    home: AwsFixture, context: LambdaContext
) -> None:
    told = handler(stream(image(home, DeliveryRef(LEAD, DELIVERY.id), DELIVERY)), context)
    assert told == batch_failures()
    assert home.receive_messages("deliveries") == [{"lead_id": LEAD, "delivery_id": DELIVERY.id}]


def test_events_go_to_the_lake_and_a_persons_note_does_not(
    home: AwsFixture, context: LambdaContext
) -> None:
    ref = EntryRef(LEAD, AT.isoformat(), LEAD, 0)
    assert handler(stream(image(home, ref, ENTRY)), context) == batch_failures()
    (line,) = home.lake_lines()
    assert (line["id"], line["name"]) == (HAPPENED.id, "LeadScored")
    assert "0123" not in str(line)


@pytest.mark.parametrize("state", DeliveryState)
def test_each_change_of_a_delivery_is_an_event_and_only_a_ready_one_is_sent(
    home: AwsFixture, context: LambdaContext, state: DeliveryState
) -> None:
    changed = DELIVERY.but(
        state=state, version=3, attempts=1, address="eve@mill.example", detail="eve@mill.example?"
    )
    handler(stream(image(home, DeliveryRef(LEAD, DELIVERY.id), changed)), context)
    assert len(home.receive_messages("deliveries")) == (state is DeliveryState.READY)
    (line,) = home.lake_lines()
    assert (line["id"], line["lead_id"], line["cause"]) == (f"{DELIVERY.id}@3", LEAD, LEAD)
    assert (line["name"], line["data"]["state"]) == ("DeliveryChanged", state)
    assert (line["data"]["attempts"], line["data"]["purpose"]) == (1, "rep_alert")
    assert "eve" not in str(line)


def test_a_line_of_the_lake_has_also_what_the_name_implies(
    home: AwsFixture, context: LambdaContext
) -> None:
    moved = HAPPENED.but(name="LeadClosed", data={"cycle": 2})
    ref, entry = EntryRef(LEAD, AT.isoformat(), LEAD, 0), ENTRY.but(events=(moved,))
    handler(stream(image(home, ref, entry)), context)
    (line,) = home.lake_lines()
    implied = {"reason": None, "stage": "disqualified", "stage_before": "recycled"}
    assert line["data"] == {"cycle": 2, **implied}


def test_an_event_of_another_code_is_relayed_as_it_is(
    home: AwsFixture, context: LambdaContext
) -> None:
    other = HAPPENED.but(name="LeadTeleported", data={"where": "mars"})
    ref, entry = EntryRef(LEAD, AT.isoformat(), LEAD, 0), ENTRY.but(events=(other,))
    assert handler(stream(image(home, ref, entry)), context) == batch_failures()
    (line,) = home.lake_lines()
    assert (line["name"], line["data"]) == ("LeadTeleported", {"where": "mars"})


def test_a_broken_record_comes_again_and_its_neighbours_are_forwarded(
    home: AwsFixture, context: LambdaContext
) -> None:
    good = image(home, DeliveryRef(LEAD, DELIVERY.id), DELIVERY)
    broken = {**good, "body": {"B": "AAAA"}}
    assert handler(stream(broken, good), context) == batch_failures("100")
    assert len(home.receive_messages("deliveries")) == 1


def test_what_the_queue_does_not_take_comes_again(home: AwsFixture, context: LambdaContext) -> None:
    many = [DELIVERY.but(id=f"{LEAD}#{n}") for n in range(12)]  # more than one batch of messages
    images = [image(home, DeliveryRef(LEAD, each.id), each) for each in many]
    assert handler(stream(*images), context) == batch_failures()
    sent = home.receive_messages("deliveries")
    assert {message["delivery_id"] for message in sent} == {each.id for each in many}
