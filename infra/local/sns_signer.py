"""Signs news of mails as Amazon SNS does: a key of this run, and its certificate.

On the laptop no mail provider sends news of mails. Whoever wants to say that a mail came back puts
a message into the queue of signals that is signed here. The functions fetch the certificate
through the gateway for outbound calls, at the address that SNS would have.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

CERTIFICATE_PATH = "/SimpleNotificationService-laptop.pem"
SIGNED_FIELDS = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
KEY_FILE = "sns-key.pem"


def create_key(home: Path) -> rsa.RSAPrivateKey:
    """A new key, stored below the home for those who sign from another process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = home / KEY_FILE
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return key


def read_key(file: Path) -> rsa.RSAPrivateKey:
    """The key that a run has stored.

    Raises:
        TypeError: another kind of key lies there.

    """
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{file} holds no RSA key")
    return key


def certificate(key: rsa.RSAPrivateKey, *, valid_days: int = 30) -> bytes:
    """The certificate of the key, as PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=valid_days))
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def certificate_url(topic: str) -> str:
    """Where the certificate lies for messages of the topic."""
    return f"https://sns.{topic.split(':')[3]}.amazonaws.com{CERTIFICATE_PATH}"


def notification(event: object, topic: str, **fields: str) -> dict[str, Any]:
    """An event of a mail as the topic sends it, without a signature."""
    return {
        "Type": "Notification",
        "MessageId": "5b1f3c6e-0000-5000-9000-000000000001",
        "TopicArn": topic,
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(event),
        "Timestamp": "2026-12-01T09:00:00.000Z",
        **fields,
    }


def sign(message: Mapping[str, Any], key: rsa.RSAPrivateKey, version: str = "2") -> dict[str, Any]:
    """The message with the fields that SNS adds: signature, its version, the certificate's URL."""
    text = "".join(f"{name}\n{message[name]}\n" for name in SIGNED_FIELDS if name in message)
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303  as SNS does
    signature = key.sign(text.encode(), padding.PKCS1v15(), algorithm)
    return {
        **message,
        "SignatureVersion": version,
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": certificate_url(str(message["TopicArn"])),
    }


def bounce_event(headers: Mapping[str, str], address: str) -> dict[str, Any]:
    """A lasting bounce as SES reports it, of the mail with these header lines."""
    return {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": address, "action": "failed", "status": "5.1.1"}],
            "timestamp": datetime.now(UTC).isoformat(),
        },
        "mail": {
            "destination": [address],
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
        },
    }
