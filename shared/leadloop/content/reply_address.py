"""The address that an answer to a mail of ours goes to: it says whose mail it was.

Mail servers may lower-case what stands before the @, and take at most 64 characters of it; so it is
no token of `links`. Its signature is 100 bits of HMAC-SHA256; the lead's id names nobody.
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
    """Where the person of this lead answers to."""
    return f"{LOCAL_PART_PREFIX}+{lead_id.lower()}-{_sign_lead_id(lead_id, secret)}@{drop_domain}"


def parse_reply_address(address: str, secret: bytes, drop_domain: str) -> str | None:
    """The lead whose mail is answered; None: the address is not one that we made."""
    local, _, domain = address.casefold().rpartition("@")
    found = LOCAL_PART.fullmatch(local)
    if found is None or domain != drop_domain.casefold():
        return None
    lead_id = found["lead"].upper()
    return lead_id if hmac.compare_digest(found["signed"], _sign_lead_id(lead_id, secret)) else None


def _sign_lead_id(lead_id: str, secret: bytes) -> str:
    mac = hmac.digest(secret, f"leadloop.{LOCAL_PART_PREFIX}\0{lead_id}".encode(), "sha256")
    return base64.b32encode(mac).decode()[:SIGNATURE_LENGTH].lower()
