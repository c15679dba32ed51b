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
from leadloop.playbook.load import load
from mail_in.handler import handler as mail_in
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import House, again, sqs_event
from tests.fuzz.bending import SPLINTERS, bent
from tests.fuzz.conftest import FULL, Tried
from tests.fuzz.gateway import CONTEXT
from tests.stories.world import ACME

EVENTS = Path(__file__).parents[2] / "events"
EACH = 500 if FULL else 40
ODD = st.sampled_from([each.decode("utf-8", "replace") for each in SPLINTERS])


@cache
def posts() -> list[dict[str, Any]]:
    found = [json.loads(path.read_text()) for path in sorted(EVENTS.glob("capture/*.json"))]
    return [event for event in found if isinstance(event.get("body"), str)]


@cache
def mails() -> list[bytes]:
    return [path.read_bytes() for path in sorted(EVENTS.glob("mail_in/*.eml"))]


@pytest.fixture(scope="module", autouse=True)
def inhabited(home: House) -> None:
    home.publish(load(ACME))


@settings(max_examples=EACH * 2)
@given(st.data())
def test_a_post_is_answered_and_nothing_that_was_taken_in_is_lost(
    home: House, data: st.DataObject
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
            "body": base64.b64encode(data.draw(bent([body]))).decode(),
            "isBase64Encoded": True,
        },
        CONTEXT,
    )
    assert answer["statusCode"] < 500, answer
    assert "Traceback" not in (answer["body"] or "")
    worked_off(home)
    Tried.count += 1


HEADERS = ("content-type", "origin", "referer", "user-agent", "accept", "x-hub-signature-256")


@settings(max_examples=EACH)
@given(st.data())
def test_a_mail_is_taken_in_and_has_its_outcome(home: House, data: st.DataObject) -> None:
    home.aws.s3.put_object(Bucket="raw", Key="in/fuzz", Body=data.draw(bent(mails())))
    notice = {"Records": [{"s3": {"bucket": {"name": "raw"}, "object": {"key": "in/fuzz"}}}]}
    assert mail_in(sqs_event(json.dumps(notice)), CONTEXT) == again()
    assert worked_off(home) >= 1
    Tried.count += 1


def worked_off(home: House) -> int:
    """How many submissions were waiting."""
    waiting = home.waiting("submissions")
    for message in waiting:
        assert qualify(sqs_event(json.dumps(message)), CONTEXT) == again()
    return len(waiting)
