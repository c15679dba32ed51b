import email
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from leadloop.channels import build_channels
from leadloop.channels.email import send_email
from leadloop.channels.outgoing_message import (
    Mailbox,
    OutgoingMessage,
    SendAccepted,
    SendFailed,
    SendRefused,
    SendUnknown,
)
from leadloop.content.templates import RenderedMessage
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.report import SendStatus

if TYPE_CHECKING:
    from types_boto3_ses import SESClient

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
URL = "https://abcdefghij.execute-api.eu-central-1.amazonaws.com/prod/u/" + "t" * 140
DELIVERY = Delivery(
    id="due:MFRGGZDFMZTWQ2LKNNWG23TPOA::step:2026-11-02T09:00:00.123456+00:00#0",
    version=1,
    lead_id="MFRGGZDFMZTWQ2LKNNWG23TPOA",
    purpose=Purpose.NURTURE,
    channel="email",
    template="guide",
    language="de",
    created_at=AT,
)
LETTER = OutgoingMessage(
    delivery=DELIVERY,
    message=RenderedMessage("Ihre Pumpe", "Grüße\n", "<p>Grüße</p>\n"),
    to=Mailbox("jana@customer.example"),
    sender=Mailbox("hello@acme.example", "Acme Pumpen"),
    at=AT,
    unsubscribe_url=URL,
)


def client(**retries: int) -> "SESClient":
    tries: Any = retries or {"total_max_attempts": 1}
    return boto3.client(
        "ses",
        region_name="eu-central-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries=tries),
    )


def answering(answer: Callable[[AWSRequest], AWSResponse]) -> "SESClient":
    """A client whose requests end just before the wire, in `answer`."""
    ses = client()

    def ended(request: AWSRequest, **_: object) -> Any:
        return answer(request)

    ses.meta.events.register("before-send.ses.SendRawEmail", ended)
    return ses


def refusing(status: int, code: str) -> "SESClient":
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"

    class Raw:
        def stream(self, **_: object) -> list[bytes]:
            return [body.encode()]

    return answering(lambda request: AWSResponse(request.url or "", status, HTTPHeaders(), Raw()))


def raising(error: Exception) -> "SESClient":
    def fail(_: AWSRequest) -> AWSResponse:
        raise error

    return answering(fail)


@mock_aws
def mime_of(letter: OutgoingMessage) -> bytes:
    """The bytes that SES is handed."""
    ses, handed = client(), []
    ses.verify_domain_identity(Domain="acme.example")
    ses.meta.events.register(
        "provide-client-params.ses.SendRawEmail",
        lambda params, **_: handed.append(params["RawMessage"]["Data"]),
    )
    assert isinstance(send_email(ses, letter), SendAccepted)
    return cast("bytes", handed[0])


def read(mime: bytes) -> EmailMessage:
    return email.message_from_bytes(mime, policy=default)


@mock_aws
def test_an_accepted_mail_is_sent_and_tells_the_providers_id() -> None:
    ses = client()
    ses.verify_domain_identity(Domain="acme.example")
    answer = build_channels(ses=ses)["email"](LETTER)
    assert isinstance(answer, SendAccepted)
    assert answer.detail
    assert answer.met is SendStatus.SENT


@mock_aws
def test_a_sender_that_ses_does_not_know_is_refused() -> None:
    assert send_email(client(), LETTER) == SendRefused("MessageRejected")


def test_the_one_click_headers_are_on_lines_of_their_own_unencoded() -> None:
    mime = mime_of(LETTER)
    assert f"\r\nList-Unsubscribe: <{URL}>\r\n".encode() in mime
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in mime
    assert f"\r\nX-Leadloop-Delivery: {DELIVERY.id}\r\n".encode() in mime


def test_what_is_not_marketing_has_no_unsubscribe_header() -> None:
    alert = LETTER._replace(delivery=DELIVERY.but(purpose=Purpose.REP_ALERT))
    assert b"List-Unsubscribe" not in mime_of(alert)


def test_an_automatic_answer_says_that_it_is_one() -> None:
    answer = LETTER._replace(delivery=DELIVERY.but(purpose=Purpose.AUTO_RESPONSE))
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in mime_of(answer)
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in mime_of(LETTER)


def test_marketing_without_an_unsubscribe_link_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="unsubscribe link"):
        send_email(client(), LETTER._replace(unsubscribe_url=None))


def test_the_message_is_the_same_bytes_each_time_it_is_made() -> None:
    assert mime_of(LETTER) == mime_of(LETTER)


def test_names_and_texts_of_every_script_arrive_letter_for_letter() -> None:
    text = "Zażółć gęślą jaźń. สวัสดี. Xin chào. سلام ۱۲۳. 👋\n"
    letter = LETTER._replace(
        message=RenderedMessage("Zażółć สวัสดี " * 12, text, f"<p>{text}</p>\n"),
        sender=Mailbox("hello@acme.example", "ACME สวัสดี"),
        reply_to=Mailbox("olena@acme.example", "Олена «Лена», O'Neil"),
    )
    mime = mime_of(letter)
    assert mime.isascii()
    assert max(map(len, mime.split(b"\r\n"))) <= 998
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", mime))
    mail = read(mime)
    assert mail["From"].addresses[0].display_name == "ACME สวัสดี"
    assert mail["Reply-To"].addresses[0].display_name == "Олена «Лена», O'Neil"
    assert mail["Subject"] == ("Zażółć สวัสดี " * 12).strip()
    parts = {
        part.get_content_type(): part.get_content().replace("\r", "") for part in mail.iter_parts()
    }
    assert parts == {"text/plain": text, "text/html": f"<p>{text}</p>\n"}


def test_encoded_body_lines_stay_within_76_characters() -> None:
    long = LETTER._replace(
        message=RenderedMessage("s", "x" * 3000 + "\n", "<p>" + "é" * 3000 + "</p>\n")
    )
    body = mime_of(long).partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76


HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "X-Leadloop-Delivery", "X-Leadloop-Lead", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
}  # fmt: skip


HANDED: list[bytes] = []
LOSING = raising(ReadTimeoutError(endpoint_url="x"))  # made once: making one takes its time
LOSING.meta.events.register(
    "provide-client-params.ses.SendRawEmail",
    lambda params, **_: HANDED.append(params["RawMessage"]["Data"]),
)


@given(st.text(), st.text())
def test_no_text_of_anybody_can_begin_a_header(name: str, subject: str) -> None:
    letter = LETTER._replace(
        message=LETTER.message._replace(subject=f"{subject}\r\nBcc: evil@x.example\r\n\r\nBody"),
        sender=Mailbox("hello@acme.example", name),
        reply_to=Mailbox("olena@acme.example", f"{name}\r\nBcc: evil@x.example"),
    )
    assert isinstance(send_email(LOSING, letter), SendUnknown)
    mail = read(HANDED.pop())
    assert set(mail.keys()) == HEADERS
    assert [a.addr_spec for a in mail["From"].addresses] == ["hello@acme.example"]
    assert [a.addr_spec for a in mail["Reply-To"].addresses] == ["olena@acme.example"]


def test_an_international_domain_is_written_as_ses_takes_it() -> None:
    mail = read(mime_of(LETTER._replace(to=Mailbox("jana@straße.example"))))
    assert mail["To"].addresses == (Address(addr_spec="jana@xn--strae-oqa.example"),)


@pytest.mark.parametrize(
    "address",
    [
        "zoë@customer.example",
        "jana@customer.example\r\nBcc: x@y.example",
        "jana",
        "",
        "a@b@c",
        "a@ ",
    ],
)
def test_an_address_that_ses_cannot_take_is_refused_before_anything_is_said(address: str) -> None:
    def unreachable(_: AWSRequest) -> AWSResponse:
        raise AssertionError("it was sent")

    answer = send_email(answering(unreachable), LETTER._replace(to=Mailbox(address)))
    assert isinstance(answer, SendRefused)
    assert address == "" or address not in answer.detail


@pytest.mark.parametrize(
    ("status", "code", "met"),
    [
        (400, "MessageRejected", SendStatus.REFUSED),
        (400, "InvalidParameterValue", SendStatus.REFUSED),
        (400, "Throttling", SendStatus.FAILED),
        (429, "TooManyRequestsException", SendStatus.FAILED),
        (403, "AccessDenied", SendStatus.FAILED),
        (400, "AccountSendingPausedException", SendStatus.FAILED),
        (503, "ServiceUnavailable", SendStatus.FAILED),
        (500, "InternalFailure", SendStatus.UNKNOWN),
        (504, "GatewayTimeout", SendStatus.UNKNOWN),
    ],
)
def test_what_ses_answers_tells_whether_to_try_again(
    status: int, code: str, met: SendStatus
) -> None:
    answer = send_email(refusing(status, code), LETTER)
    assert (answer.met, answer.detail) == (met, code)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectTimeoutError(endpoint_url="x"), SendFailed),
        (EndpointConnectionError(endpoint_url="x"), SendFailed),
        (ReadTimeoutError(endpoint_url="x"), SendUnknown),
        (ConnectionClosedError(endpoint_url="x"), SendUnknown),
    ],
)
def test_a_lost_connection_is_failed_only_if_nothing_can_have_left(
    error: Exception, kind: type[SendFailed | SendUnknown]
) -> None:
    assert isinstance(send_email(raising(error), LETTER), kind)


def test_a_client_that_would_send_twice_by_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="must not retry"):
        send_email(client(total_max_attempts=3), LETTER)
