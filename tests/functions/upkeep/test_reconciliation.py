"""Every hour: what the doors said they took is held against what became of it."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from capture.handler import handler as capture
from leadloop.intake.envelope import submission_id
from leadloop.model.lead import RecordRef
from mail_in.handler import handler as mail_in
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import REGION, AwsFixture, batch_failures, http_event, sqs_event
from upkeep.handler import handler as upkeep

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=2)


def balanced(context: LambdaContext) -> dict[str, Any]:
    with time_machine.travel(LATER, tick=False):
        account = upkeep({"task": "balance"}, context)
    return dict(account)


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What the functions print."""
    printed = StringIO()
    handlers = [
        each
        for each in logging.getLogger("leadloop").handlers
        if isinstance(each, logging.StreamHandler)
    ]
    before = [each.setStream(printed) for each in handlers]
    yield printed
    for handler, stream in zip(handlers, before, strict=True):
        handler.setStream(stream or sys.stdout)


def said_at_the_door(home: AwsFixture, lines: StringIO) -> None:
    """It is in the log group, as Lambda puts it there."""
    stamp = int(AT.timestamp() * 1000)
    home.aws.logs.create_log_stream(logGroupName="doors", logStreamName="one")
    home.aws.logs.put_log_events(
        logGroupName="doors",
        logStreamName="one",
        logEvents=[{"timestamp": stamp, "message": line} for line in lines.getvalue().splitlines()],
    )


def post(context: LambdaContext, n: int) -> str:
    body = {"email": f"p{n}@pumpen{n}.example", "consent": True}
    event = http_event("POST", "/f/contact", json.dumps(body), content_type="application/json")
    answer = capture(event, context)
    assert answer["statusCode"] == 202, answer
    return str(json.loads(answer["body"])["submission_id"])


def row_of(account: dict[str, Any], source: str) -> dict[str, Any]:
    (row,) = [row for row in account["rows"] if row["source"] == source]
    return row


def rung(home: AwsFixture) -> list[str]:
    topic = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[home.topic]
    return [message for _, message, *_ in topic.sent_notifications]


@pytest.fixture(autouse=True)
def at_nine() -> Any:
    with time_machine.travel(AT, tick=True):
        yield


def test_all_that_was_taken_has_come_to_an_end(
    home: AwsFixture, context: LambdaContext, lines: StringIO
) -> None:
    for n in range(3):
        post(context, n)
    said_at_the_door(home, lines)
    for body in home.receive_messages("submissions"):
        assert qualify(sqs_event(json.dumps(body)), context) == batch_failures()
    home.run_tally()
    row = row_of(balanced(context), "contact")
    assert (row["received"], row["lead"], row["missing"]) == (3, 3, [])
    assert rung(home) == []


def test_who_was_taken_and_lost_raises_an_alarm_that_names_the_source(
    home: AwsFixture, context: LambdaContext, lines: StringIO
) -> None:
    ids = [post(context, n) for n in range(3)]
    said_at_the_door(home, lines)
    for body in home.receive_messages("submissions")[1:]:
        qualify(sqs_event(json.dumps(body)), context)
    home.run_tally()
    row = row_of(balanced(context), "contact")
    assert (row["received"], row["lead"], row["missing"]) == (3, 2, [ids[0]])
    (alarm,) = rung(home)
    assert "contact: 1" in alarm
    assert '"Unaccounted":1' in lines.getvalue()


def test_who_is_not_on_the_register_yet_is_found_by_its_record(
    home: AwsFixture, context: LambdaContext, lines: StringIO
) -> None:
    post(context, 1)
    said_at_the_door(home, lines)
    for body in home.receive_messages("submissions"):
        qualify(sqs_event(json.dumps(body)), context)
    assert row_of(balanced(context), "contact")["lead"] == 1


MAIL = b"From: a@portal.example\r\nTo: portal@drop.aqua.example\r\nSubject: x\r\n\r\nHello\r\n"


def test_a_mail_that_nobody_took_in_is_announced_again_and_taken_in_once(
    home: AwsFixture, context: LambdaContext
) -> None:
    home.aws.s3.put_object(Bucket="raw", Key="in/a mail+1", Body=MAIL)
    account = balanced(context)
    assert account["again"] == ["in/a mail+1"]
    assert row_of(account, "unknown")["missing"] == [submission_id("unknown", "in/a mail+1")]
    assert "unknown: 1" in rung(home)[0]

    (notice,) = home.receive_messages("received_mail")
    assert mail_in(sqs_event(json.dumps(notice)), context) == batch_failures()
    (envelope,) = home.receive_messages("submissions")
    assert qualify(sqs_event(json.dumps(envelope)), context) == batch_failures()
    id_ = submission_id("portal", "in/a mail+1")
    assert home.read_entity(RecordRef(id_)).raw.location.key == "in/a mail+1"

    account = balanced(context)
    assert account["again"] == []
    assert row_of(account, "portal")["quarantined"] == 1
    assert len(rung(home)) == 1


def test_a_mail_that_came_a_moment_ago_is_left_alone(
    home: AwsFixture, context: LambdaContext
) -> None:
    with time_machine.travel(LATER - timedelta(minutes=5), tick=True):
        home.aws.s3.put_object(Bucket="raw", Key="in/new", Body=MAIL)
    assert balanced(context)["again"] == []


def test_lines_that_are_not_ours_are_passed_over(home: AwsFixture, context: LambdaContext) -> None:
    home.aws.logs.create_log_stream(logGroupName="doors", logStreamName="one")
    home.aws.logs.put_log_events(
        logGroupName="doors",
        logStreamName="one",
        logEvents=[
            {"timestamp": int(AT.timestamp() * 1000), "message": text}
            for text in ('"taken" START', '{"taken": 7}', '["taken"]', '{"taken"')
        ],
    )
    assert balanced(context)["rows"] == []
