"""The address that an answer to a mail of ours goes to: it says whose mail it was.

Mail servers may lower-case what stands before the @, and take at most 64 characters of it; so it is
no token of `links`. Its signature is 100 bits of HMAC-SHA256; the lead's id names nobody.
"""

import base64
import hmac
import re

NAME = "reply"
SIGNED = 20  # characters of base32
LOCAL_PART = re.compile(
    rf"{NAME}\+(?P<lead>[a-z0-9]{{26}}(?:\.\d{{1,3}})?)-(?P<signed>[a-z2-7]{{20}})"
)


def reply_address(lead_id: str, secret: bytes, drop_domain: str) -> str:
    """Where the person of this lead answers to."""
    return f"{NAME}+{lead_id.lower()}-{_signed(lead_id, secret)}@{drop_domain}"


def answered_lead(address: str, secret: bytes, drop_domain: str) -> str | None:
    """The lead whose mail is answered; None: the address is not one that we made."""
    local, _, domain = address.casefold().rpartition("@")
    found = LOCAL_PART.fullmatch(local)
    if found is None or domain != drop_domain.casefold():
        return None
    lead_id = found["lead"].upper()
    return lead_id if hmac.compare_digest(found["signed"], _signed(lead_id, secret)) else None


def _signed(lead_id: str, secret: bytes) -> str:
    mac = hmac.digest(secret, f"leadloop.{NAME}\0{lead_id}".encode(), "sha256")
    return base64.b32encode(mac).decode()[:SIGNED].lower()
