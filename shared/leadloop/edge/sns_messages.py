"""Notifications of one SNS topic: their text, if SNS signed it.

- The certificate is fetched only from the host of SNS in the topic's own region, spelt exactly.
- No other address in a message is followed: who subscribes is said by the infrastructure alone.

The validators at PyPI (sns-message-validator, aws-sns-verifier) take the host of any region, follow
`SubscribeURL`, or bring requests, boto3 and logging along.

Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"
"""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

NOTIFICATION = "Notification"
SIGNED_FIELDS = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CERTIFICATE_PATH = "/SimpleNotificationService-"
DOMAINS = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}


class NotGenuine(Exception):
    """The message is no notification that SNS has signed for our topic."""


def is_sns_message(message: object) -> TypeGuard[dict[str, Any]]:
    """Whether it says of itself that SNS sends it."""
    return isinstance(message, dict) and "TopicArn" in message and "Type" in message


def read_notification(
    message: dict[str, Any], *, topic: str, now: datetime, fetch: Callable[[str], bytes]
) -> dict[str, Any]:
    """The JSON object that the notification carries. `fetch` gets the certificate at an address.

    Raises:
        NotGenuine: it is none of `topic`, or not signed by SNS.
    """
    if not topic or message.get("TopicArn") != topic:
        raise NotGenuine("it is of another topic")
    if message.get("Type") != NOTIFICATION:
        raise NotGenuine("it is no notification")
    url = str(message.get("SigningCertURL"))
    _check_certificate_url(url, topic)
    _check_signature(message, _parse_certificate(fetch(url), now))
    try:
        content = json.loads(str(message["Message"]))
    except (ValueError, RecursionError) as error:
        raise NotGenuine("it carries no JSON") from error
    if not isinstance(content, dict):
        raise NotGenuine("it carries no object")
    return content


def _check_certificate_url(url: str, topic: str) -> None:
    """Check that it is a certificate at the host of SNS in the topic's region."""
    _, partition, _, region, *_ = (*topic.split(":"), "", "", "", "")
    host = f"sns.{region}.{DOMAINS.get(partition, '')}"
    parts = urlsplit(url)
    is_plain = url == f"https://{host}{parts.path}"  # no port, name, query or other spelling
    if not is_plain or not parts.path.startswith(CERTIFICATE_PATH) or ".." in parts.path:
        raise NotGenuine("its certificate lies elsewhere")


def _parse_certificate(pem: bytes, now: datetime) -> "Certificate":
    from cryptography import x509  # noqa: PLC0415  only batches with news of mails need it

    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise NotGenuine("its certificate is none") from error
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise NotGenuine("its certificate is not valid now")
    return certificate


def _check_signature(message: dict[str, Any], certificate: "Certificate") -> None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  the same
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  the same
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415  the same

    # SNS signs with SHA-1 unless a topic asks for version 2, as ours does.
    algorithms: dict[object, hashes.HashAlgorithm] = {
        "1": hashes.SHA1(),  # noqa: S303
        "2": hashes.SHA256(),
    }
    algorithm = algorithms.get(message.get("SignatureVersion"))
    key = certificate.public_key()
    if algorithm is None or not isinstance(key, rsa.RSAPublicKey):
        raise NotGenuine("it is signed in a way that SNS does not use")
    try:
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
        key.verify(signature, _signed_text(message), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise NotGenuine("its signature is not of SNS") from error


def _signed_text(message: dict[str, Any]) -> bytes:
    lines = ((name, message[name]) for name in SIGNED_FIELDS if message.get(name) is not None)
    return "".join(f"{name}\n{value}\n" for name, value in lines).encode()
