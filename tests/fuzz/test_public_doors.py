"""What strangers send: an answer that is no 5xx, and whatever was taken in has its outcome."""

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.handler import handler as capture
from leadloop.playbook.load import load_playbook
from mail_in.handler import handler as mail_in
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import AwsFixture, batch_failures, sqs_event
from tests.fuzz.bending import FRAGMENTS, mutate_sample
from tests.fuzz.conftest import FULL, InputCounter
from tests.fuzz.gateway import CONTEXT
from tests.stories.world import ACME

EVENTS = Path(__file__).parents[2] / "events"
EACH = 500 if FULL else 40
ODD = st.sampled_from([each.decode("utf-8", "replace") for each in FRAGMENTS])


@cache
def posts() -> list[dict[str, Any]]:
    found = [json.loads(path.read_text()) for path in sorted(EVENTS.glob("capture/*.json"))]
    return [event for event in found if isinstance(event.get("body"), str)]


@cache
def mails() -> list[bytes]:
    return [path.read_bytes() for path in sorted(EVENTS.glob("mail_in/*.eml"))]


@pytest.fixture(scope="module", autouse=True)
def inhabited(home: AwsFixture) -> None:
    home.publish(load_playbook(ACME))


@settings(max_examples=EACH * 2)
@given(st.data())
def test_a_post_is_answered_and_nothing_that_was_taken_in_is_lost(
    home: AwsFixture, data: st.DataObject
) -> None:
    event = data.draw(st.sampled_from(posts()))
    said = event["body"]
    body = base64.b64decode(said) if event.get("isBase64Encoded") else said.encode()
    headers = {**event["headers"], **data.draw(st.dictionaries(st.sampled_from(HEADERS), ODD))}
    answer = capture(
        {
            **event,
            "path": event["path"] + data.draw(st.sampled_from(["", "", "", "/", "%00", "é"])),
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "body": base64.b64encode(data.draw(mutate_sample([body]))).decode(),
            "isBase64Encoded": True,
        },
        CONTEXT,
    )
    assert answer["statusCode"] < 500, answer
    assert "Traceback" not in (answer["body"] or "")
    worked_off(home)
    InputCounter.count += 1


HEADERS = ("content-type", "origin", "referer", "user-agent", "accept", "x-hub-signature-256")


@settings(max_examples=EACH)
@given(st.data())
def test_a_mail_is_taken_in_and_has_its_outcome(home: AwsFixture, data: st.DataObject) -> None:
    home.aws.s3.put_object(Bucket="raw", Key="in/fuzz", Body=data.draw(mutate_sample(mails())))
    notice = {"Records": [{"s3": {"bucket": {"name": "raw"}, "object": {"key": "in/fuzz"}}}]}
    assert mail_in(sqs_event(json.dumps(notice)), CONTEXT) == batch_failures()
    assert worked_off(home) >= 1
    InputCounter.count += 1


def worked_off(home: AwsFixture) -> int:
    """How many submissions were waiting."""
    waiting = home.receive_messages("submissions")
    for message in waiting:
        assert qualify(sqs_event(json.dumps(message)), CONTEXT) == batch_failures()
    return len(waiting)
