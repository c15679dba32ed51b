"""How a mail of ours is known again: our signature in its header, and in its addresses.

The address for replies and the return path hold the person's id, a digest of the delivery's id and
our signature. Mail servers may lower-case the local part, and it has at most 64 characters. So it
is no token of `links`. A signature is 100 bits of HMAC-SHA256. No id says anything of the person.

Source: RFC 5321, 4.5.3.1.1 (length of a local part)
"""

import base64
import hmac
import re
from typing import NamedTuple

from leadloop.model.delivery import delivery_digest
from leadloop.model.lead_id import person_of

LOCAL_PART_PREFIX = "reply"
RETURN_PREFIX = "back"
SIGNATURE_LENGTH = 20  # characters of base32
LOCAL_PART = re.compile(
    rf"(?P<prefix>{LOCAL_PART_PREFIX}|{RETURN_PREFIX})\+"
    r"(?P<lead>[a-z0-9]{26}(?:\.\d{1,3})?)-(?P<delivery>[a-z2-7]{7})(?P<signed>[a-z2-7]{20})"
)


class SignedAddress(NamedTuple):
    """What an address of ours names: a person by the id of the first lead, and a delivery.

    The delivery is named by the digest of its id; it tells of which lead of the person it is.
    """

    lead_id: str
    delivery_digest: str


def reply_address(lead_id: str, delivery_id: str, secret: bytes, drop_domain: str) -> str:
    """The address to which the person of this lead answers this delivery."""
    return _address(LOCAL_PART_PREFIX, lead_id, delivery_id, secret, drop_domain)


def return_path(lead_id: str, delivery_id: str, secret: bytes, mail_domain: str) -> str:
    """The address to which this delivery comes back if it cannot be delivered."""
    return _address(RETURN_PREFIX, lead_id, delivery_id, secret, mail_domain)


def parse_reply_address(address: str, secret: bytes, drop_domain: str) -> SignedAddress | None:
    """The mail that is answered; None: we did not make this address."""
    return _parse(LOCAL_PART_PREFIX, address, secret, drop_domain)


def parse_return_path(address: str, secret: bytes, mail_domain: str) -> SignedAddress | None:
    """The mail that came back; None: we did not make this address."""
    return _parse(RETURN_PREFIX, address, secret, mail_domain)


def sign_delivery(lead_id: str, delivery_id: str, secret: bytes) -> str:
    """The signature that stands in the header of this delivery."""
    return _sign(secret, "delivery", lead_id, delivery_id)


def is_signed_delivery(lead_id: str, delivery_id: str, signature: str, secret: bytes) -> bool:
    """Whether `signature` is ours, for this delivery of this lead."""
    expected = sign_delivery(lead_id, delivery_id, secret)
    return hmac.compare_digest(signature.casefold().encode(), expected.encode())


def _address(prefix: str, lead_id: str, delivery_id: str, secret: bytes, domain: str) -> str:
    person_id, digest = person_of(lead_id), delivery_digest(delivery_id)
    signature = _sign(secret, prefix, person_id, digest)
    return f"{prefix}+{person_id.lower()}-{digest}{signature}@{domain}"


def _parse(prefix: str, address: str, secret: bytes, domain: str) -> SignedAddress | None:
    local, _, address_domain = address.casefold().rpartition("@")
    match = LOCAL_PART.fullmatch(local)
    if match is None or match["prefix"] != prefix or address_domain != domain.casefold():
        return None
    lead_id = match["lead"].upper()
    expected = _sign(secret, prefix, lead_id, match["delivery"])
    if not hmac.compare_digest(match["signed"], expected):
        return None
    return SignedAddress(lead_id, match["delivery"])


def _sign(secret: bytes, purpose: str, *parts: str) -> str:
    text = "\0".join((f"leadloop.{purpose}", *parts))
    mac = hmac.digest(secret, text.encode(), "sha256")
    return base64.b32encode(mac).decode()[:SIGNATURE_LENGTH].lower()
