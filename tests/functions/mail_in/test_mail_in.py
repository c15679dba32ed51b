import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.content.reply_address import sign_delivery
from leadloop.edge import received_mail
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.model.submission import Location
from mail_in.handler import handler
from tests.functions.aws_fixture import LINKS_SECRET, AwsFixture, batch_failures, sqs_event

LEAD = "L" * 26
TOP = (
    "Return-Path: <leads@portal.example>\r\n"
    "Received: from portal.example (localhost [127.0.0.1])\r\n"
    " by inbound-smtp.us-east-1.amazonaws.com with SMTP id abc\r\n"
    " for {recipient};\r\n"
    " Sat, 21 Nov 2026 12:00:00 +0000 (UTC)\r\n"
)
MAIL = (
    "From: leads@portal.example\r\nTo: {to}\r\nSubject: New lead\r\n"
    "Message-ID: <1@portal.example>\r\n\r\nFirst Name: Ada\r\nEmail: ada@lovelace.example\r\n"
)
BOUNCE = (
    "From: MAILER-DAEMON@mx.example\r\nTo: hello@aqua.example\r\nSubject: Undelivered Mail\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\n{ours}Subject: Our pumps\r\n\r\nHi\r\n--b--\r\n"
)


def our_header(lead: str = LEAD, delivery: str = f"{LEAD}#1") -> str:
    """The header lines by which a mail of ours is known again."""
    signature = sign_delivery(lead, delivery, LINKS_SECRET.encode())
    return (
        f"X-Leadloop-Delivery: {delivery}\r\nX-Leadloop-Lead: {lead}\r\n"
        f"X-Leadloop-Signature: {signature}\r\n"
    )


def portal_mail(to: str = "portal@drop.aqua.example", recipient: str | None = None) -> bytes:
    return (TOP.format(recipient=recipient or to) + MAIL.format(to=to)).encode()


def arrive(home: AwsFixture, body: bytes, key: str = "in/abc") -> str:
    home.aws.s3.put_object(Bucket="raw", Key=key, Body=body)
    return json.dumps(
        {
            "Records": [
                {"s3": {"bucket": {"name": "raw"}, "object": {"key": key.replace("/", "%2F")}}}
            ]
        }
    )


def envelopes(home: AwsFixture) -> list[Envelope]:
    return [Envelope.model_validate(message) for message in home.receive_messages("submissions")]


def test_a_vendors_mail_goes_to_the_queue_with_where_it_lies(
    home: AwsFixture, context: LambdaContext
) -> None:
    body = portal_mail()
    assert handler(sqs_event(arrive(home, body)), context) == batch_failures()
    (envelope,) = envelopes(home)
    assert envelope.source == "portal"
    assert envelope.location == Location(bucket="raw", key="in/abc")
    assert envelope.body is None
    assert envelope.sha256 == sha256(body)
    assert envelope.id == submission_id("portal", "in/abc")


def test_the_same_notice_twice_is_the_same_submission(
    home: AwsFixture, context: LambdaContext
) -> None:
    notice = arrive(home, portal_mail())
    handler(sqs_event(notice, notice), context)
    first, second = envelopes(home)
    assert first == second


def test_the_receiving_server_knows_better_than_the_to_line(
    home: AwsFixture, context: LambdaContext
) -> None:
    body = portal_mail(to="someone@else.example", recipient="Portal@drop.aqua.example")
    handler(sqs_event(arrive(home, body)), context)
    (envelope,) = envelopes(home)
    assert envelope.source == "portal"


@pytest.mark.parametrize(
    "body",
    [
        portal_mail(to="nobody@drop.aqua.example"),
        b"",
        b"\xff\xfe garbage \0",
        b"Received: for ;\r\nTo: ,,@\r\n\r\n",
    ],
)
def test_a_mail_for_nobody_we_know_is_handed_on_too(
    home: AwsFixture, context: LambdaContext, body: bytes
) -> None:
    assert handler(sqs_event(arrive(home, body)), context) == batch_failures()
    (envelope,) = envelopes(home)
    assert envelope.source == "unknown"


@pytest.mark.parametrize("lead", [LEAD, f"{LEAD}.2"])  # the second was in quarantine once
def test_our_own_mail_that_bounced_is_a_signal_of_its_lead(
    home: AwsFixture, context: LambdaContext, lead: str
) -> None:
    ours = our_header(lead)
    handler(sqs_event(arrive(home, BOUNCE.format(ours=ours).encode())), context)
    (signal,) = home.receive_messages("signals")
    assert (signal["signal"], signal["lead_id"], signal["delivery_id"]) == (
        "bounce",
        lead,
        f"{LEAD}#1",
    )
    assert signal["confirmed"] is True


def test_a_bounce_of_another_day_stops_nobody(home: AwsFixture, context: LambdaContext) -> None:
    ours = our_header()
    delayed = BOUNCE.format(ours=ours).replace("failed", "delayed")
    handler(sqs_event(arrive(home, delayed.encode())), context)
    assert [signal["signal"] for signal in home.receive_messages("signals")] == ["delayed"]


def test_a_complaint_about_our_mail_is_a_signal_of_its_lead(
    home: AwsFixture, context: LambdaContext
) -> None:
    ours = our_header()
    complaint = (
        BOUNCE.replace("report-type=delivery-status", "report-type=feedback-report")
        .replace("message/delivery-status", "message/feedback-report")
        .replace("Action: failed", "Feedback-Type: abuse\r\nVersion: 1")
    )
    handler(sqs_event(arrive(home, complaint.format(ours=ours).encode())), context)
    assert [signal["signal"] for signal in home.receive_messages("signals")] == ["complaint"]
    not_a_persons = complaint.replace("abuse", "auth-failure").format(ours=ours).encode()
    handler(sqs_event(arrive(home, not_a_persons)), context)
    assert home.receive_messages("signals") == []


def test_a_machines_answer_is_a_submission_too_so_that_it_has_an_outcome(
    home: AwsFixture, context: LambdaContext
) -> None:
    assert (
        handler(sqs_event(arrive(home, BOUNCE.format(ours="").encode())), context)
        == batch_failures()
    )
    assert (home.receive_messages("signals"), len(envelopes(home))) == ([], 1)


def test_a_mail_that_is_not_there_comes_again_and_its_neighbours_do_not(
    home: AwsFixture, context: LambdaContext
) -> None:
    good = arrive(home, portal_mail())
    event = sqs_event(good.replace("abc", "gone"), good, "{}", "no json")
    assert handler(event, context) == batch_failures("m0", "m2", "m3")
    assert len(envelopes(home)) == 1


@pytest.mark.parametrize("key", ["in/plain", "in/a b+c%20ü", "in/%2B"])
def test_a_strange_key_is_found(home: AwsFixture, key: str) -> None:
    notice = {"Records": [{"s3": {"bucket": {"name": "raw"}, "object": {"key": quote_plus(key)}}}]}
    assert received_mail.parse_locations(json.dumps(notice)) == (Location(bucket="raw", key=key),)


def test_eventbridges_announcement_is_understood_too() -> None:
    notice: dict[str, Any] = {
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": "raw"}, "object": {"key": "in/a b", "version-id": "v1"}},
    }
    assert received_mail.parse_locations(json.dumps(notice)) == (
        Location(bucket="raw", key="in/a b", version="v1"),
    )


def test_s3s_own_test_of_the_way_is_nothing() -> None:
    assert received_mail.parse_locations('{"Service": "Amazon S3", "Event": "s3:TestEvent"}') == ()


@pytest.mark.parametrize(
    "hostile",
    [
        b"To: " + b"(" * 9_000 + b"\r\n\r\nhi",
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)
        ),
    ],
)
def test_a_mail_made_to_break_parsers_still_comes_to_the_queue(
    home: AwsFixture, context: LambdaContext, hostile: bytes
) -> None:
    assert handler(sqs_event(arrive(home, hostile)), context) == batch_failures()
    assert [envelope.source for envelope in envelopes(home)] == ["unknown"]
