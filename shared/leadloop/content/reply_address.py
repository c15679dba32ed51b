"""The address for replies to our mails: it holds the lead's id and our signature.

Mail servers may lower-case the local part, and it has at most 64 characters. So it is no token of
`links`. Its signature is 100 bits of HMAC-SHA256. The lead's id says nothing about the person.

Source: RFC 5321, 4.5.3.1.1 (length of a local part)
"""

import base64
import hmac
import re

LOCAL_PART_PREFIX = "reply"
SIGNATURE_LENGTH = 20  # characters of base32
LOCAL_PART = re.compile(
    rf"{LOCAL_PART_PREFIX}\+(?P<lead>[a-z0-9]{{26}}(?:\.\d{{1,3}})?)-(?P<signed>[a-z2-7]{{20}})"
)


def reply_address(lead_id: str, secret: bytes, drop_domain: str) -> str:
    """The address to which the person of this lead replies."""
    return f"{LOCAL_PART_PREFIX}+{lead_id.lower()}-{_sign_lead_id(lead_id, secret)}@{drop_domain}"


def parse_reply_address(address: str, secret: bytes, drop_domain: str) -> str | None:
    """The id of the lead whose mail is answered; None: we did not make this address."""
    local, _, domain = address.casefold().rpartition("@")
    match = LOCAL_PART.fullmatch(local)
    if match is None or domain != drop_domain.casefold():
        return None
    lead_id = match["lead"].upper()
    return lead_id if hmac.compare_digest(match["signed"], _sign_lead_id(lead_id, secret)) else None


def _sign_lead_id(lead_id: str, secret: bytes) -> str:
    mac = hmac.digest(secret, f"leadloop.{LOCAL_PART_PREFIX}\0{lead_id}".encode(), "sha256")
    return base64.b32encode(mac).decode()[:SIGNATURE_LENGTH].lower()
