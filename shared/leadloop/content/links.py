"""The links in our mails: short signed tokens that name the purpose of a click and the lead.

- A token is valid for one purpose only; the salt names the purpose.
- Its signature is 128 bits of HMAC-SHA256, so it cannot be guessed or altered.
- A click's target is signed too, so our address cannot be made to lead elsewhere.
- A token holds our ids and hashes, nothing about a person.
- A token does not expire by itself. Its rights are checked when it is used; a download carries the
  time until which it is valid.
"""

import hashlib
import zlib
from datetime import datetime
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import HMACAlgorithm


class Click(NamedTuple):
    """A click on a link to `url`."""

    lead_id: str
    delivery_id: str
    url: str


class Open(NamedTuple):
    """An open: the picture in a mail was fetched."""

    lead_id: str
    delivery_id: str


class Unsubscribe(NamedTuple):
    """A request to unsubscribe. `address_hash` is the store's HMAC of the address, in hex.

    With it the stop can be stored without reading anything.
    """

    lead_id: str
    delivery_id: str
    address_hash: str


class Confirm(NamedTuple):
    """The yes of an address to what was asked in its name, in answer to a delivery."""

    lead_id: str
    delivery_id: str


class Download(NamedTuple):
    """A download of an offer's file. It is valid until `until`, in seconds since the epoch."""

    lead_id: str
    delivery_id: str
    offer: str
    until: str


class FormPageTime(NamedTuple):
    """The time `at` when a form's page was made, in milliseconds since the epoch."""

    form: str
    at: str


class AcceptLink(NamedTuple):
    """The right of a rep to accept a lead."""

    lead_id: str
    rep: str


LinkPurpose = TypeVar(
    "LinkPurpose", Click, Open, Unsubscribe, Confirm, Download, FormPageTime, AcceptLink
)

SECRET_BYTES = 32  # at least; the deployment draws more
TOUCH_PARAMETER = "ll"  # the query parameter that brings a click's token to the landing page

# Typical texts in tokens, which deflate then writes in a few bits. It is part of the token format:
# a change makes all links unreadable that were sent before.
_DEFLATE_DICTIONARY = (
    b"#1#2breach:recycle:retry:.000000ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    b".html?utm_source=utm_medium=email&utm_campaign=.example.org/.net/.com/www.http://https://"
    b"\x00due:\x01::step:2027-01-01T00:00:00+00:00#0\x00https://www."
)
_BREAK, _LEAD = "\0", "\1"  # between parts; stands for the lead's id in other parts


# A salt is part of every link that was ever sent. A class may be renamed, its salt may not.
SALTS: dict[type, str] = {
    Click: "click",
    Open: "open",
    Unsubscribe: "unsubscribe",
    Confirm: "confirm",
    Download: "download",
    FormPageTime: "shown",
    AcceptLink: "accept",
}


class Links:
    """Makes and reads tokens. With several secrets, the last one signs and all are accepted."""

    def __init__(self, *secrets: str | bytes) -> None:
        keys = [each.encode() if isinstance(each, str) else each for each in secrets]
        if not keys or min(map(len, keys)) < SECRET_BYTES:
            raise ValueError(f"a secret for links has at least {SECRET_BYTES} bytes")
        self._signers: dict[type, Signer] = {
            purpose: Signer(
                keys,
                salt=f"leadloop.{salt}",
                key_derivation="hmac",
                digest_method=hashlib.sha256,
                algorithm=_TruncatedHmac(hashlib.sha256),
            )
            for purpose, salt in SALTS.items()
        }

    def click(self, lead_id: str, delivery_id: str, url: str) -> str:
        """A token for `GET /t/{token}`.

        Raises:
            ValueError: the target is no absolute http or https address.

        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
            raise ValueError("a link in a mail goes to an absolute http or https address")
        return self._sign(Click(lead_id, delivery_id, url))

    def open(self, lead_id: str, delivery_id: str) -> str:
        """A token for `GET /o/{token}`."""
        return self._sign(Open(lead_id, delivery_id))

    def unsubscribe(self, lead_id: str, delivery_id: str, address_hash: str) -> str:
        """A token for `GET` and `POST /u/{token}`."""
        return self._sign(Unsubscribe(lead_id, delivery_id, address_hash))

    def confirm(self, lead_id: str, delivery_id: str) -> str:
        """A token for `GET` and `POST /c/{token}`."""
        return self._sign(Confirm(lead_id, delivery_id))

    def download(self, lead_id: str, delivery_id: str, offer: str, until: datetime) -> str:
        """A token for `GET /d/{token}`."""
        return self._sign(Download(lead_id, delivery_id, offer, str(int(until.timestamp()))))

    def form_page_time(self, form: str, at: datetime) -> str:
        """A token for a form's page, which posts it back."""
        return self._sign(FormPageTime(form, str(int(at.timestamp() * 1000))))

    def accept(self, lead_id: str, rep: str) -> str:
        """A token for `GET` and `POST /a/{token}`."""
        return self._sign(AcceptLink(lead_id, rep))

    def read(self, token: str, purpose: type[LinkPurpose]) -> LinkPurpose | None:
        """The content of a token; None: it is not ours, was altered, or has another purpose."""
        try:
            packed = base64_decode(self._signers[purpose].unsign(token.encode("ascii")))
        except (BadData, UnicodeEncodeError):
            return None
        return purpose(*_unpack(packed))

    def _sign(
        self, link: Click | Open | Unsubscribe | Confirm | Download | FormPageTime | AcceptLink
    ) -> str:
        return self._signers[type(link)].sign(base64_encode(_pack(link))).decode("ascii")


def landing_url(click: Click, token: str) -> str:
    """The click's target with the token as a parameter, for the page's script to confirm it."""
    parts = urlsplit(click.url)
    parameter = f"{TOUCH_PARAMETER}={token}"  # a token needs no escaping
    query = f"{parts.query}&{parameter}" if parts.query else parameter
    return parts._replace(query=query).geturl()


class _TruncatedHmac(HMACAlgorithm):
    """HMAC cut to its first 128 bits: half as long in every mail, and still beyond guessing."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:16]


def _pack(link: tuple[str, ...]) -> bytes:
    lead_id, *rest = link
    raw = b""
    if isinstance(link, Unsubscribe):
        raw = bytes.fromhex(rest.pop())
    short = [part.replace(lead_id, _LEAD) for part in rest]
    deflate = zlib.compressobj(9, wbits=-15, zdict=_DEFLATE_DICTIONARY)
    text = _BREAK.join([lead_id, *short]).encode()
    return bytes([len(raw)]) + raw + deflate.compress(text) + deflate.flush()


def _unpack(packed: bytes) -> list[str]:
    size = packed[0]
    raw, deflated = packed[1 : 1 + size], packed[1 + size :]
    inflate = zlib.decompressobj(wbits=-15, zdict=_DEFLATE_DICTIONARY)
    lead_id, *short = inflate.decompress(deflated).decode().split(_BREAK)
    parts = [lead_id, *(part.replace(_LEAD, lead_id) for part in short)]
    return [*parts, raw.hex()] if raw else parts
