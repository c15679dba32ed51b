"""The links we put into mails: short signed tokens that say what a click means, and to whom.

The rules of this file: a token is good for the one purpose it was made for (the salt is the
purpose); its signature is 128 bits of HMAC-SHA256, so it is neither guessed nor altered; a click
carries its target inside the signature, so nobody can make our address lead elsewhere; a token
holds ids of ours and hashes, nothing about a person, and does not expire by itself: what it may
still do is asked when it is used (a download says until when it is good).
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
    """Somebody follows a link to `url`."""

    lead_id: str
    delivery_id: str
    url: str


class Open(NamedTuple):
    """A mail's picture was fetched."""

    lead_id: str
    delivery_id: str


class Unsubscribe(NamedTuple):
    """The person wants no more of it. `address_hash` is the store's HMAC of the address, in hex.

    With it the stop can be put without reading anything.
    """

    lead_id: str
    delivery_id: str
    address_hash: str


class Download(NamedTuple):
    """The person fetches the file of an offer; `until` is the last second, since the epoch."""

    lead_id: str
    delivery_id: str
    offer: str
    until: str


class FormPageTime(NamedTuple):
    """The page of a form was made at `at`, in milliseconds since the epoch."""

    form: str
    at: str


class AcceptLink(NamedTuple):
    """The rep may take the lead."""

    lead_id: str
    rep: str


LinkPurpose = TypeVar("LinkPurpose", Click, Open, Unsubscribe, Download, FormPageTime, AcceptLink)

SECRET_BYTES = 32  # at least; the deployment draws more
TOUCH_PARAMETER = "ll"  # the query parameter that brings a click's token to the landing page

# What texts in tokens look like: lets deflate say them in a few bits. Part of the token format:
# a change here makes every link sent before unreadable.
_DEFLATE_DICTIONARY = (
    b"#1#2breach:recycle:retry:.000000ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    b".html?utm_source=utm_medium=email&utm_campaign=.example.org/.net/.com/www.http://https://"
    b"\x00due:\x01::step:2027-01-01T00:00:00+00:00#0\x00https://www."
)
_BREAK, _LEAD = "\0", "\1"  # between parts; the lead's id again, inside its delivery's


# A salt is part of every link that was ever sent: a class may get another name, its salt not.
SALTS: dict[type, str] = {
    Click: "click",
    Open: "open",
    Unsubscribe: "unsubscribe",
    Download: "download",
    FormPageTime: "shown",
    AcceptLink: "accept",
}


class Links:
    """Makes and reads tokens. Several secrets: the last one signs, all of them are read."""

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
        """For `GET /t/{token}`.

        Raises:
            ValueError: the target is no absolute http(s) address.

        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
            raise ValueError("a link in a mail goes to an absolute http or https address")
        return self._sign(Click(lead_id, delivery_id, url))

    def open(self, lead_id: str, delivery_id: str) -> str:
        """For `GET /o/{token}`."""
        return self._sign(Open(lead_id, delivery_id))

    def unsubscribe(self, lead_id: str, delivery_id: str, address_hash: str) -> str:
        """For `GET` and `POST /u/{token}`."""
        return self._sign(Unsubscribe(lead_id, delivery_id, address_hash))

    def download(self, lead_id: str, delivery_id: str, offer: str, until: datetime) -> str:
        """For `GET /d/{token}`."""
        return self._sign(Download(lead_id, delivery_id, offer, str(int(until.timestamp()))))

    def form_page_time(self, form: str, at: datetime) -> str:
        """For a form's page, which posts it back."""
        return self._sign(FormPageTime(form, str(int(at.timestamp() * 1000))))

    def accept(self, lead_id: str, rep: str) -> str:
        """For `GET` and `POST /a/{token}`."""
        return self._sign(AcceptLink(lead_id, rep))

    def read(self, token: str, purpose: type[LinkPurpose]) -> LinkPurpose | None:
        """What the token says, or None: not ours, altered, or made for something else."""
        try:
            packed = base64_decode(self._signers[purpose].unsign(token.encode("ascii")))
        except (BadData, UnicodeEncodeError):
            return None
        return purpose(*_unpack(packed))

    def _sign(self, said: Click | Open | Unsubscribe | Download | FormPageTime | AcceptLink) -> str:
        return self._signers[type(said)].sign(base64_encode(_pack(said))).decode("ascii")


def landing_url(click: Click, token: str) -> str:
    """The click's target with its token, so that the page's script can confirm the touch."""
    parts = urlsplit(click.url)
    own = f"{TOUCH_PARAMETER}={token}"  # a token needs no escaping
    return parts._replace(query=f"{parts.query}&{own}" if parts.query else own).geturl()


class _TruncatedHmac(HMACAlgorithm):
    """The first 128 bits: half the length in every mail, and still out of reach."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:16]


def _pack(said: tuple[str, ...]) -> bytes:
    lead_id, *rest = said
    raw = b""
    if isinstance(said, Unsubscribe):
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
