"""Who sent this? How a vendor proves it, as data; keys are never here, only their use.

All comparisons take the same time whatever differs.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from leadloop.model.base import Model

LONGEST_HEADER = 4_096
MOST_SIGNATURES = 10  # while a key is changed there are two; more is somebody trying


class Signature(Model):
    """An HMAC in a header.

    The header may hold several, apart by `separator`; those that begin with `prefix` count.
    `signed` says of what: `{body}`, and `{id}` and `{timestamp}` by their own headers. With a
    timestamp (seconds) what is older or newer than `minutes` is refused; `timestamp_prefix` finds
    it in the signature's header instead. A `base64` key is decoded first, after `key_prefix`.
    """

    by: Literal["signature"]
    header: str
    algorithm: Literal["sha256", "sha512", "sha1"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    separator: str = " "
    prefix: str = ""
    signed: str = "{body}"
    id_header: str | None = None
    timestamp_header: str | None = None
    timestamp_prefix: str | None = None
    minutes: int = Field(default=5, gt=0)
    key: Literal["text", "base64"] = "text"
    key_prefix: str = ""


class HeaderKey(Model):
    """A secret in a header, as it is: for vendors that sign nothing."""

    by: Literal["header"]
    header: str


class BodyKey(Model):
    """A secret in the JSON body, at its top: Google's way."""

    by: Literal["body"]
    name: str


WebhookProof = Annotated[Signature | HeaderKey | BodyKey, Field(discriminator="by")]

STANDARD_SIGNATURE = Signature(
    by="signature",
    header="webhook-signature",
    prefix="v1,",
    encoding="base64",
    signed="{id}.{timestamp}.{body}",
    id_header="webhook-id",
    timestamp_header="webhook-timestamp",
    key="base64",
    key_prefix="whsec_",
)


def is_authentic(
    proof: Signature | HeaderKey | BodyKey,
    headers: Mapping[str, str],
    body: bytes,
    document: Mapping[str, object],
    keys: Sequence[str],
    now: datetime,
) -> bool:
    """Whether one of `keys` (the old one is good until it is taken away) was known to the sender.

    Header names are in lower case.
    """
    match proof:
        case HeaderKey():
            return _is_known_key(headers.get(proof.header.lower(), ""), keys)
        case BodyKey():
            said = document.get(proof.name)
            return isinstance(said, str) and _is_known_key(said, keys)
        case Signature():
            return _is_signed(proof, headers, body, keys, now)


def signed_headers(
    proof: Signature | HeaderKey | BodyKey, headers: Mapping[str, str]
) -> dict[str, str]:
    """The headers that can be shown later as proof; a key itself is not kept."""
    if not isinstance(proof, Signature):
        return {}
    names = (proof.header, proof.id_header, proof.timestamp_header)
    wanted = [name.lower() for name in names if name]
    return {name: headers[name][:LONGEST_HEADER] for name in wanted if name in headers}


def _is_known_key(said: str, keys: Iterable[str]) -> bool:
    told = said.encode("utf-8", "surrogatepass")
    found = [hmac.compare_digest(told, key.encode()) for key in keys if key]  # all, always
    return any(found)


def _is_signed(
    proof: Signature, headers: Mapping[str, str], body: bytes, keys: Iterable[str], now: datetime
) -> bool:
    header = headers.get(proof.header.lower(), "")
    if not header or len(header) > LONGEST_HEADER:
        return False
    parts = [part.strip() for part in header.split(proof.separator)]
    timestamp = _timestamp(proof, parts, headers)
    if timestamp is not None and not _is_fresh(timestamp, proof.minutes, now):
        return False
    given = [part.removeprefix(proof.prefix) for part in parts if part.startswith(proof.prefix)]
    text = _signed_text(proof, headers, timestamp, body)
    made = (
        [_digest(proof, key, text) for key in _usable_keys(proof, keys)] if text is not None else []
    )
    sent = [
        raw
        for each in given[:MOST_SIGNATURES]
        if (raw := _decode_signature(proof, each)) is not None
    ]
    found = [hmac.compare_digest(one, other) for one in made for other in sent]  # the same
    return any(found)


def _timestamp(proof: Signature, parts: Iterable[str], headers: Mapping[str, str]) -> str | None:
    """None where the vendor sends none; an empty one is never fresh."""
    if proof.timestamp_header is not None:
        return headers.get(proof.timestamp_header.lower(), "")
    if proof.timestamp_prefix is not None:
        of = proof.timestamp_prefix
        return next((part.removeprefix(of) for part in parts if part.startswith(of)), "")
    return None


def _is_fresh(timestamp: str, minutes: int, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= timedelta(minutes=minutes)


def _signed_text(
    proof: Signature, headers: Mapping[str, str], timestamp: str | None, body: bytes
) -> bytes | None:
    """What was signed; None if a part of it was not sent."""
    before, _, after = proof.signed.partition("{body}")
    id_ = headers.get(proof.id_header.lower()) if proof.id_header else ""
    if id_ is None:
        return None
    around = [
        part.replace("{id}", id_).replace("{timestamp}", timestamp or "")
        for part in (before, after)
    ]
    start, end = (part.encode("utf-8", "surrogatepass") for part in around)
    return start + body + end


def _usable_keys(proof: Signature, keys: Iterable[str]) -> Iterator[bytes]:
    """An empty key would let everybody in."""
    for key in keys:
        text = key.removeprefix(proof.key_prefix)
        found = text.encode() if proof.key == "text" else _decode_base64(text)
        if found:
            yield found


def _digest(proof: Signature, key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, proof.algorithm)


def _decode_signature(proof: Signature, said: str) -> bytes | None:
    if proof.encoding == "base64":
        return _decode_base64(said)
    try:
        return bytes.fromhex(said)
    except ValueError:
        return None


def _decode_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
