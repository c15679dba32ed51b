"""S19: a report or automatic answer is about a mail of ours only by our signature."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.content.reply_address import reply_address, return_path
from leadloop.model.delivery import delivery_digest
from mail_in.handler import handler
from tests.functions.aws_fixture import LINKS_SECRET, AwsFixture, sqs_event
from tests.functions.mail_in.test_mail_in import BOUNCE, LEAD, arrive, our_header

MAIL = f"{LEAD}#1"
DROP = "drop.aqua.example"
AWAY = (
    "From: Ada <ada@lovelace.example>\r\nTo: {to}\r\nSubject: Abwesend\r\n"
    "Auto-Submitted: auto-replied\r\n\r\nIch bin im Urlaub.\r\n"
)


def signals(
    home: AwsFixture, context: LambdaContext, mail: str, caplog: pytest.LogCaptureFixture
) -> tuple[list[dict[str, Any]], int]:
    """The signals of a mail, and how many reports were ignored, as the log says."""
    caplog.clear()
    handler(sqs_event(arrive(home, mail.encode())), context)
    ignored = sum(getattr(line, "MailEventsIgnored", 0) for line in caplog.records)
    return home.receive_messages("signals"), ignored


@pytest.mark.parametrize(
    "ours",
    [
        f"X-Leadloop-Delivery: {MAIL}\r\nX-Leadloop-Lead: {LEAD}\r\n",
        our_header().replace(f"Lead: {LEAD}", f"Lead: {'A' * 26}"),
        our_header().replace("#1", "#2"),
        our_header()[:-4] + "aa\r\n",
        "",
    ],
)
def test_s19_a_report_without_our_signature_is_ignored_and_counted(
    home: AwsFixture, context: LambdaContext, ours: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert signals(home, context, BOUNCE.format(ours=ours), caplog) == ([], 1)


@pytest.mark.parametrize("fold", ["\r\n ", "\r\n\t", "\n    "])
def test_s19_a_folded_header_is_read_too(
    home: AwsFixture, context: LambdaContext, fold: str, caplog: pytest.LogCaptureFixture
) -> None:
    ours = our_header().replace(": ", f":{fold}")
    ((signal,), ignored) = signals(home, context, BOUNCE.format(ours=ours), caplog)
    assert (signal["delivery_id"], signal["lead_id"], ignored) == (MAIL, LEAD, 0)


def test_s19_a_report_about_a_mail_of_a_further_lead_names_that_lead(
    home: AwsFixture, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    lead = f"{LEAD}:home-care.2"
    mail = f"due:{lead}::step|welcome:2026-11-02T09:00:00+00:00#0"
    ours = our_header(lead, mail)
    ((signal,), ignored) = signals(home, context, BOUNCE.format(ours=ours), caplog)
    assert (signal["delivery_id"], signal["lead_id"], ignored) == (mail, lead, 0)


def test_s19_a_report_names_the_recipient_that_it_is_about(
    home: AwsFixture, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    mail = BOUNCE.format(ours=our_header()).replace(
        "Action: failed", "Final-Recipient: rfc822; other@elsewhere.example\r\nAction: failed"
    )
    ((signal,), _) = signals(home, context, mail, caplog)
    assert signal["recipients"] == ["other@elsewhere.example"]


@pytest.mark.parametrize("make", [reply_address, return_path])
def test_s19_a_signed_address_names_the_mail_where_no_header_came_back(
    home: AwsFixture, context: LambdaContext, make: Any, caplog: pytest.LogCaptureFixture
) -> None:
    to = make(LEAD, MAIL, LINKS_SECRET.encode(), DROP)
    ((signal,), ignored) = signals(home, context, AWAY.format(to=to), caplog)
    assert (signal["signal"], signal["lead_id"]) == ("auto_reply", LEAD)
    assert signal["delivery_digest"] == delivery_digest(MAIL)
    assert (signal["recipients"], ignored) == (["ada@lovelace.example"], 0)
    forged = AWAY.format(to=to.replace(LEAD.lower(), "a" * 26))
    assert signals(home, context, forged, caplog) == ([], 1)


def test_s19_a_bounce_at_the_return_path_is_rejected_as_a_submission(
    home: AwsFixture, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    to = return_path(LEAD, MAIL, LINKS_SECRET.encode(), DROP)
    mail = BOUNCE.format(ours="").replace("To: hello@aqua.example", f"To: {to}")
    ((signal,), ignored) = signals(home, context, mail, caplog)
    assert (signal["signal"], signal["delivery_digest"], ignored) == (
        "bounce",
        delivery_digest(MAIL),
        0,
    )
