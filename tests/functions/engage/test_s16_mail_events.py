"""S16: news of our mails by SNS: only what SNS signed for our topic, of a mail that we signed."""

import base64
import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from deliver.handler import handler as deliver
from engage.handler import handler
from leadloop.content.reply_address import sign_delivery
from leadloop.model.consent import SuppressionRef
from leadloop.model.delivery import Delivery
from leadloop.providers.http_json import HttpClient, HttpReply, NoAnswer
from tests.functions.aws_fixture import LINKS_SECRET, AwsFixture, batch_failures, sqs_event
from tests.functions.leads import LEAD, create_lead, fire_timer, only_delivery

TOPIC = "arn:aws:sns:eu-central-1:123456789012:MailEvents"
CERTIFICATE_URL = (
    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
)
ADDRESS = "ada@lovelace.example"
STOP = SuppressionRef(ADDRESS, "all")


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(days: int = 30) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key().public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key(), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def sign(message: dict[str, Any], version: str = "2") -> dict[str, Any]:
    """The message as SNS signs it."""
    names = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = key().sign(text.encode(), padding.PKCS1v15(), algorithm)
    return {
        **message,
        "SignatureVersion": version,
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": CERTIFICATE_URL,
    }


def notification(event: object, **more: str) -> dict[str, Any]:
    return {
        "Type": "Notification",
        "MessageId": "5b1f3c6e-0000-5000-9000-000000000001",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(event),
        "Timestamp": "2026-12-01T09:00:00.000Z",
        **more,
    }


def bounce_of(mail: Delivery, address: str = ADDRESS, kind: str = "Permanent") -> dict[str, Any]:
    return {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": address, "action": "failed"}],
            "timestamp": "2026-12-01T09:00:00.000Z",
        },
        "mail": {
            "messageId": "0102-1",
            "destination": [address],
            "headers": [
                {"name": "X-Leadloop-Delivery", "value": mail.id},
                {"name": "X-Leadloop-Lead", "value": LEAD},
                {
                    "name": "X-Leadloop-Signature",
                    "value": sign_delivery(LEAD, mail.id, LINKS_SECRET.encode()),
                },
            ],
        },
    }


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were asked; only the certificate is there."""
    monkeypatch.setenv("MAIL_EVENTS_TOPIC", TOPIC)
    urls: list[str] = []

    def call(_: HttpClient, method: str, url: str, **_more: object) -> HttpReply:
        urls.append(f"{method} {url}")
        if url != CERTIFICATE_URL:
            raise NoAnswer("nobody is there", passing=True)
        return HttpReply(200, {}, certificate())

    monkeypatch.setattr(HttpClient, "call", call)
    return urls


@pytest.fixture
def mail(home: AwsFixture, context: LambdaContext, fetched: list[str]) -> Delivery:
    """A mail that was sent to the person of the lead."""
    fire_timer(create_lead(home))
    ready = json.dumps({"lead_id": LEAD, "delivery_id": only_delivery(home).id})
    assert deliver(sqs_event(ready), context) == batch_failures()
    return only_delivery(home)


def ignored(caplog: pytest.LogCaptureFixture) -> int:
    return sum(getattr(line, "MailEventsIgnored", 0) for line in caplog.records)


@pytest.mark.parametrize("version", ["1", "2"])
def test_s16_a_signed_bounce_of_our_mail_stops_its_address(
    home: AwsFixture,
    context: LambdaContext,
    mail: Delivery,
    fetched: list[str],
    version: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = json.dumps(sign(notification(bounce_of(mail)), version))
    assert handler(sqs_event(body, body), context) == batch_failures()
    assert home.read_entity(STOP).why == "bounce"
    assert fetched == [f"GET {CERTIFICATE_URL}"]
    assert ignored(caplog) == 0


def test_s16_a_bounce_that_passes_stops_nobody(
    home: AwsFixture, context: LambdaContext, mail: Delivery
) -> None:
    handler(sqs_event(json.dumps(sign(notification(bounce_of(mail, kind="Transient"))))), context)
    assert home.read_entity(STOP) is None


def spoil(name: str, value: str) -> Callable[[dict[str, Any]], None]:
    def change(message: dict[str, Any]) -> None:
        message[name] = value

    return change


HOST = "sns.eu-central-1.amazonaws.com"
FORGERIES = {
    "text": spoil("Message", json.dumps({"eventType": "Bounce"})),
    "signature": spoil("Signature", base64.b64encode(b"x" * 256).decode()),
    "no base64": spoil("Signature", "ü"),
    "version": spoil("SignatureVersion", "3"),
    "topic": spoil("TopicArn", TOPIC.replace("MailEvents", "Other")),
    "no topic": spoil("TopicArn", ""),
    "type": spoil("Type", "SubscriptionConfirmation"),
    "time": spoil("Timestamp", "2026-12-02T09:00:00.000Z"),
}
ELSEWHERE = (
    "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
    "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
    "https://evil.example/sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
    "https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem",
    "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-1.pem",
    "https://sns.eu-central-1.amazonaws.com/../SimpleNotificationService-1.pem",
    "https://sns.eu-central-1.amazonaws.com/bucket/evil.pem",
    "https://s3.amazonaws.com/sns.eu-central-1/SimpleNotificationService-1.pem",
    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem?x=1",
    "",
)


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_s16_what_sns_did_not_sign_is_ignored_and_counted(
    home: AwsFixture,
    context: LambdaContext,
    mail: Delivery,
    forge: Callable[[dict[str, Any]], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = home.items()
    message = sign(notification(bounce_of(mail)))
    forge(message)
    assert handler(sqs_event(json.dumps(message)), context) == batch_failures()
    assert (home.items(), ignored(caplog)) == (before, 1)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_s16_a_certificate_is_fetched_from_the_host_of_sns_alone(
    home: AwsFixture,
    context: LambdaContext,
    mail: Delivery,
    url: str,
    fetched: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    message = {**sign(notification(bounce_of(mail))), "SigningCertURL": url}
    assert handler(sqs_event(json.dumps(message)), context) == batch_failures()
    assert (home.read_entity(STOP), fetched, ignored(caplog)) == (None, [], 1)


def test_s16_a_subscription_is_not_followed(
    home: AwsFixture, context: LambdaContext, mail: Delivery, fetched: list[str]
) -> None:
    offer = notification(
        "", Type="SubscriptionConfirmation", SubscribeURL=f"https://{HOST}/?Action=Confirm"
    )
    assert handler(sqs_event(json.dumps(sign(offer))), context) == batch_failures()
    assert fetched == []


def test_s16_a_certificate_that_is_not_there_is_tried_again(
    home: AwsFixture, context: LambdaContext, mail: Delivery
) -> None:
    message = sign(notification(bounce_of(mail)))
    message["SigningCertURL"] = CERTIFICATE_URL.replace("0123", "9999")
    assert handler(sqs_event(json.dumps(message)), context) == batch_failures("m0")


def without_signature(event: dict[str, Any]) -> None:
    event["mail"]["headers"].pop()


def of_another_lead(event: dict[str, Any]) -> None:
    event["mail"]["headers"][1]["value"] = "A" * 26


def to_somebody_else(event: dict[str, Any]) -> None:
    event["bounce"]["bouncedRecipients"] = [{"emailAddress": "bo@else.example"}]


def of_no_mail(event: dict[str, Any]) -> None:
    event["mail"] = None


@pytest.mark.parametrize(
    "forge", [without_signature, of_another_lead, to_somebody_else, of_no_mail]
)
def test_s19_news_of_a_mail_that_is_not_ours_is_ignored_and_counted(
    home: AwsFixture,
    context: LambdaContext,
    mail: Delivery,
    forge: Callable[[dict[str, Any]], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    event = copy.deepcopy(bounce_of(mail))
    forge(event)
    assert handler(sqs_event(json.dumps(sign(notification(event)))), context) == batch_failures()
    assert (home.read_entity(STOP), ignored(caplog)) == (None, 1)


def test_s16_without_a_topic_nothing_is_believed(
    home: AwsFixture, context: LambdaContext, mail: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_EVENTS_TOPIC", "")
    handler(sqs_event(json.dumps(sign(notification(bounce_of(mail))))), context)
    assert home.read_entity(STOP) is None


def test_an_alert_that_came_back_is_counted_once_for_its_alarm(
    home: AwsFixture,
    context: LambdaContext,
    fetched: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    create_lead(home, company="Engines Ltd")
    ready = json.dumps({"lead_id": LEAD, "delivery_id": only_delivery(home).id})
    assert deliver(sqs_event(ready), context) == batch_failures()
    event = bounce_of(only_delivery(home), "ida@aqua.example")
    body = json.dumps(sign(notification(event)))
    assert handler(sqs_event(body, body), context) == batch_failures()
    assert sum(getattr(line, "RepAlertsFailed", 0) for line in caplog.records) == 1
    assert home.read_entity(SuppressionRef("ida@aqua.example", "all")) is None
