import json
import os
from datetime import UTC, datetime

from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Channel, Location
from qualify.handler import handler
from tests.functions.aws_fixture import AwsFixture, batch_failures, sqs_event

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def form(key: str, source: str = "contact", **fields: str) -> Envelope:
    body = json.dumps({"consent": True, **fields}).encode()
    return envelope(key, body, source)


def envelope(key: str, body: bytes, source: str = "contact") -> Envelope:
    return Envelope(
        id=submission_id(source, key),
        source=source,
        channel=Channel.FORM,
        received_at=AT,
        sha256=sha256(body),
        size=len(body),
        body=body,
        key=key,
        content_type="application/json",
    )


def work(context: LambdaContext, *envelopes: Envelope) -> object:
    return handler(sqs_event(*(e.model_dump_json() for e in envelopes)), context)


def test_a_submission_becomes_a_lead(home: AwsFixture, context: LambdaContext) -> None:
    came = form("1", email="ada@lovelace.example", company="Engines Ltd")
    assert work(context, came) == batch_failures()
    record = home.read_entity(RecordRef(came.id))
    assert record.outcome == "lead"
    assert record.lead.assignment.rep == "ida"
    assert record.raw.body == came.body


def test_a_message_that_comes_twice_has_one_outcome(
    home: AwsFixture, context: LambdaContext
) -> None:
    came = form("1", email="ada@lovelace.example")
    work(context, came)
    before = home.items()
    assert work(context, came) == batch_failures()
    assert home.items() == before


def test_what_cannot_be_read_is_quarantined_with_its_bytes(
    home: AwsFixture, context: LambdaContext
) -> None:
    came = envelope("1", b"{broken")
    assert work(context, came) == batch_failures()
    record = home.read_entity(RecordRef(came.id))
    assert (record.outcome, record.raw.body) == ("quarantined", b"{broken")


def test_a_mail_for_nobody_is_quarantined(home: AwsFixture, context: LambdaContext) -> None:
    came = form("1", source="unknown", email="ada@lovelace.example")
    assert work(context, came) == batch_failures()
    record = home.read_entity(RecordRef(came.id))
    assert record.outcome == "quarantined"
    assert [reason.code for reason in record.reasons] == ["unknown_source"]


def test_a_poisonous_message_comes_again_and_its_neighbours_are_leads(
    home: AwsFixture, context: LambdaContext
) -> None:
    good = form("1", email="ada@lovelace.example")
    answer = handler(sqs_event("{no envelope", good.model_dump_json()), context)
    assert answer == batch_failures("m0")
    assert home.read_entity(RecordRef(good.id)).outcome == "lead"


def test_the_body_of_a_mail_is_fetched_from_where_it_lies(
    home: AwsFixture, context: LambdaContext
) -> None:
    body = json.dumps({"consent": True, "email": "ada@lovelace.example"}).encode()
    home.aws.s3.put_object(Bucket="raw", Key="in/abc", Body=body)
    came = envelope("1", body).but(body=None, location=Location(bucket="raw", key="in/abc"))
    assert work(context, came) == batch_failures()
    record = home.read_entity(RecordRef(came.id))
    assert (record.outcome, record.raw.location.key) == ("lead", "in/abc")


def test_a_big_body_lies_in_the_bucket_before_it_is_decided(
    home: AwsFixture, context: LambdaContext
) -> None:
    noise = os.urandom(6_000).hex()
    came = form("1", email="ada@lovelace.example", noise=noise)
    work(context, came)
    raw = home.read_entity(RecordRef(came.id)).raw
    assert raw.body is None
    stored = home.aws.s3.get_object(Bucket="raw", Key=raw.location.key)["Body"].read()
    assert stored == came.body
