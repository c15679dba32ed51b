import json
import os
from datetime import UTC, datetime

from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.edge.act import act
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.model.delivery import DeliveryState
from leadloop.model.lead import RecordRef
from leadloop.model.report import Report, SendStatus
from leadloop.model.signal import Signal
from leadloop.model.submission import Channel
from tests.functions.aws_fixture import AwsFixture, batch_failures, sqs_event
from tests.functions.leads import LEAD, create_lead, only_delivery
from upkeep.handler import handler

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def envelope(body: bytes) -> Envelope:
    return Envelope(
        id=submission_id("contact", "1"),
        source="contact",
        channel=Channel.FORM,
        received_at=AT,
        sha256=sha256(body),
        size=len(body),
        body=body,
        key="1",
    )


def parked(home: AwsFixture) -> list[str]:
    found = home.aws.s3.list_objects_v2(Bucket="raw", Prefix="raw/parked/")
    return [entry["Key"] for entry in found.get("Contents", [])]


def test_a_dead_submission_is_quarantined_with_its_bytes(
    home: AwsFixture, context: LambdaContext
) -> None:
    dead = envelope(b'{"email": "ada@lovelace.example"}')
    assert handler(sqs_event(dead.model_dump_json()), context) == batch_failures()
    record = home.read_entity(RecordRef(dead.id))
    assert record.outcome == "quarantined"
    assert [reason.code for reason in record.reasons] == ["failed"]
    assert record.raw.body == dead.body


def test_a_big_one_too(home: AwsFixture, context: LambdaContext) -> None:
    dead = envelope(os.urandom(9_000))
    handler(sqs_event(dead.model_dump_json()), context)
    location = home.read_entity(RecordRef(dead.id)).raw.location
    stored = home.aws.s3.get_object(Bucket=location.bucket, Key=location.key)["Body"].read()
    assert stored == dead.body


def test_a_submission_that_was_decided_after_all_keeps_its_outcome(
    home: AwsFixture, context: LambdaContext
) -> None:
    record = create_lead(home)
    dead = envelope(record.raw.body or b"").but(id=LEAD)
    assert handler(sqs_event(dead.model_dump_json()), context) == batch_failures()
    assert home.read_entity(RecordRef(LEAD)) == record


def test_a_mail_that_never_got_to_the_queue_is_quarantined_where_it_lies(
    home: AwsFixture, context: LambdaContext
) -> None:
    home.aws.s3.put_object(Bucket="raw", Key="in/abc", Body=b"From: a\r\n\r\nHello")
    notice = {"Records": [{"s3": {"bucket": {"name": "raw"}, "object": {"key": "in/abc"}}}]}
    for _ in range(2):
        assert handler(sqs_event(json.dumps(notice)), context) == batch_failures()
    record = home.read_entity(RecordRef(submission_id("unknown", "in/abc")))
    assert record.outcome == "quarantined"
    assert [reason.code for reason in record.reasons] == ["failed"]
    assert record.raw.location.key == "in/abc"
    assert parked(home) == []


def test_a_notice_of_a_mail_that_is_gone_is_parked(
    home: AwsFixture, context: LambdaContext
) -> None:
    notice = {"Records": [{"s3": {"bucket": {"name": "raw"}, "object": {"key": "in/gone"}}}]}
    assert handler(sqs_event(json.dumps(notice), queue="dead"), context) == batch_failures()
    assert parked(home) == ["raw/parked/dead/m0"]


def test_a_delivery_that_a_run_died_with_is_unknown(
    home: AwsFixture, context: LambdaContext
) -> None:
    create_lead(home, company="Engines Ltd")
    waiting = only_delivery(home)
    act(
        [
            Report(
                id="x",
                lead_id=LEAD,
                delivery_id=waiting.id,
                met=SendStatus.SENDING,
                claim="a run that died",
                at=AT,
            )
        ]
    )
    letter = json.dumps({"lead_id": LEAD, "delivery_id": waiting.id})
    assert handler(sqs_event(letter), context) == batch_failures()
    assert only_delivery(home).state is DeliveryState.UNKNOWN


def test_a_delivery_nobody_began_waits_for_its_next_try(
    home: AwsFixture, context: LambdaContext
) -> None:
    create_lead(home, company="Engines Ltd")
    letter = json.dumps({"lead_id": LEAD, "delivery_id": only_delivery(home).id})
    assert handler(sqs_event(letter), context) == batch_failures()
    left = only_delivery(home)
    assert left.state is DeliveryState.WAITING
    assert left.retry_at is not None


def test_a_dead_signal_is_tried_once_more(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home)
    signal = Signal(
        id="click:1", signal="click", lead_id=LEAD, at=datetime.now(UTC), confirmed=True
    )
    assert handler(sqs_event(signal.model_dump_json()), context) == batch_failures()
    assert home.read_entity(RecordRef(LEAD)).person.touchpoints[0].id == "click:1"


def test_what_nobody_understands_is_parked_byte_for_byte(
    home: AwsFixture, context: LambdaContext
) -> None:
    letter = '{"DDBStreamBatchInfo": {"shardId": "s-1"}, "né": 1}'
    event = sqs_event(letter, queue="unrelayed")
    for _ in range(2):
        assert handler(event, context) == batch_failures()
    (key,) = parked(home)
    assert key == "raw/parked/unrelayed/m0"
    stored = home.aws.s3.get_object(Bucket="raw", Key=key)["Body"].read()
    assert stored == letter.encode()
