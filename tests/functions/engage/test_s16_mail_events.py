"""S16: news of our mails by SNS: only what SNS signed for our topic, of a mail that we signed."""

import base64
import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from cryptography.hazmat.primitives.asymmetric import rsa

from deliver.handler import handler as deliver
from engage.handler import handler
from infra.local import sns_signer
from leadloop.content.reply_address import sign_delivery
from leadloop.model.consent import SuppressionRef
from leadloop.model.delivery import Delivery
from leadloop.providers.http_json import HttpClient, HttpReply, NoAnswer
from tests.functions.aws_fixture import LINKS_SECRET, AwsFixture, batch_failures, sqs_event
from tests.functions.leads import LEAD, create_lead, fire_timer, only_delivery

TOPIC = "arn:aws:sns:eu-central-1:123456789012:MailEvents"
CERTIFICATE_URL = sns_signer.certificate_url(TOPIC)
ADDRESS = "ada@lovelace.example"
STOP = SuppressionRef(ADDRESS, "all")


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def notification(event: object, **fields: str) -> dict[str, Any]:
    return sns_signer.notification(event, TOPIC, **fields)


def sign(message: dict[str, Any], version: str = "2") -> dict[str, Any]:
    """The message as SNS signs it."""
    return sns_signer.sign(message, key(), version)


def bounce_of(mail: Delivery, address: str = ADDRESS, kind: str = "Permanent") -> dict[str, Any]:
    headers = {
        "X-Leadloop-Delivery": mail.id,
        "X-Leadloop-Lead": LEAD,
        "X-Leadloop-Signature": sign_delivery(LEAD, mail.id, LINKS_SECRET.encode()),
    }
    event = sns_signer.bounce_event(headers, address)
    event["bounce"]["bounceType"] = kind
    return event


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[str]:
    """The addresses that were asked; only the certificate is there, valid for `param` days."""
    days = getattr(request, "param", 30)
    monkeypatch.setenv("MAIL_EVENTS_TOPIC", TOPIC)
    urls: list[str] = []

    def call(_: HttpClient, method: str, url: str, **_more: object) -> HttpReply:
        urls.append(f"{method} {url}")
        if url != CERTIFICATE_URL:
            raise NoAnswer("nobody is there", passing=True)
        return HttpReply(200, {}, sns_signer.certificate(key(), valid_days=days))

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
    message["SigningCertURL"] = CERTIFICATE_URL.replace("laptop", "other")
    assert handler(sqs_event(json.dumps(message)), context) == batch_failures("m0")


@pytest.mark.parametrize("fetched", [-1], indirect=True)
def test_s16_a_certificate_that_has_run_out_proves_nothing(
    home: AwsFixture, context: LambdaContext, mail: Delivery, fetched: list[str]
) -> None:
    message = sign(notification(bounce_of(mail)))
    assert handler(sqs_event(json.dumps(message)), context) == batch_failures()
    assert (home.read_entity(STOP), len(fetched)) == (None, 1)


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
