import base64
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.model.delivery import Delivery, DeliveryRef, Purpose
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
                "dynamodb": {"SequenceNumber": f"10{n}", "NewImage": new},
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
