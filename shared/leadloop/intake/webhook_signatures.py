"""How a webhook post proves its sender, as data, and the check of it. It holds no keys.

Every comparison takes the same time for any input, so that no key can be guessed from it.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from leadloop.model.base import Model

LONGEST_HEADER = 4_096  # characters
MOST_SIGNATURES = 10  # while a key is changed there are two; more are guesses


class Signature(Model):
    """An HMAC in a header (RFC 2104).

    `separator` divides several signatures in the header; only those that begin with `prefix`
    count. `signed` is the text that is signed: `{body}`, and `{id}` and `{timestamp}` from their
    own headers. A timestamp is in seconds since 1970; a post that is older or newer than `minutes`
    is refused. `timestamp_prefix` finds the timestamp in the signature's header instead. A key of
    the kind `base64` is decoded after `key_prefix` is removed.
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
    """The secret itself in a header, for vendors that sign nothing."""

    by: Literal["header"]
    header: str


class BodyKey(Model):
    """The secret itself in the body, as its top-level value `name`."""

    by: Literal["body"]
    name: str


WebhookProof = Annotated[Signature | HeaderKey | BodyKey, Field(discriminator="by")]

WHOLE_BODY = "@"  # where the list stands of a post that is itself a list

# Source: Standard Webhooks, standardwebhooks.com.
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
    proof: WebhookProof,
    headers: Mapping[str, str],
    body: bytes,
    document: Mapping[str, object],
    keys: Sequence[str],
    now: datetime,
) -> bool:
    """Whether the sender knew one of `keys`.

    While a key is changed, the old and the new one are both in `keys`. Names in `headers` are in
    lower case. `document` is the body as named values.
    """
    match proof:
        case HeaderKey():
            return _is_known_key(headers.get(proof.header.lower(), ""), keys)
        case BodyKey():
            batch = document.get(WHOLE_BODY, [document])
            posts = batch if isinstance(batch, list) else []
            return bool(posts) and all(_holds_key(post, proof.name, keys) for post in posts)
        case Signature():
            return _is_signed(proof, headers, body, keys, now)


def _holds_key(post: object, name: str, keys: Sequence[str]) -> bool:
    key = post.get(name) if isinstance(post, Mapping) else None
    return isinstance(key, str) and _is_known_key(key, keys)


def signed_headers(proof: WebhookProof, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers to store as evidence of the signature; empty if they would hold the key."""
    if not isinstance(proof, Signature):
        return {}
    names = (proof.header, proof.id_header, proof.timestamp_header)
    header_names = [name.lower() for name in names if name]
    return {name: headers[name][:LONGEST_HEADER] for name in header_names if name in headers}


def _is_known_key(text: str, keys: Iterable[str]) -> bool:
    sent_key = text.encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(sent_key, key.encode()) for key in keys if key]  # all, always
    return any(matches)


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
    signatures = [
        part.removeprefix(proof.prefix) for part in parts if part.startswith(proof.prefix)
    ]
    text = _signed_text(proof, headers, timestamp, body)
    expected = (
        [_digest(proof, key, text) for key in _usable_keys(proof, keys)] if text is not None else []
    )
    sent = [
        digest
        for signature in signatures[:MOST_SIGNATURES]
        if (digest := _decode_signature(proof, signature)) is not None
    ]
    matches = [hmac.compare_digest(a, b) for a in expected for b in sent]  # all, always
    return any(matches)


def _timestamp(proof: Signature, parts: Iterable[str], headers: Mapping[str, str]) -> str | None:
    """None if the vendor sends none; empty, which is never fresh, if it is missing."""
    if proof.timestamp_header is not None:
        return headers.get(proof.timestamp_header.lower(), "")
    if proof.timestamp_prefix is not None:
        prefix = proof.timestamp_prefix
        return next((part.removeprefix(prefix) for part in parts if part.startswith(prefix)), "")
    return None


def _is_fresh(timestamp: str, minutes: int, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= timedelta(minutes=minutes)


def _signed_text(
    proof: Signature, headers: Mapping[str, str], timestamp: str | None, body: bytes
) -> bytes | None:
    """The text that was signed; None if a part of it was not sent."""
    before, _, after = proof.signed.partition("{body}")
    id_ = headers.get(proof.id_header.lower()) if proof.id_header else ""
    if id_ is None:
        return None
    start, end = (
        part.replace("{id}", id_)
        .replace("{timestamp}", timestamp or "")
        .encode("utf-8", "surrogatepass")
        for part in (before, after)
    )
    return start + body + end


def _usable_keys(proof: Signature, keys: Iterable[str]) -> Iterator[bytes]:
    """The keys as bytes, without empty ones, which would let everybody in."""
    for key in keys:
        text = key.removeprefix(proof.key_prefix)
        decoded = text.encode() if proof.key == "text" else _decode_base64(text)
        if decoded:
            yield decoded


def _digest(proof: Signature, key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, proof.algorithm)


def _decode_signature(proof: Signature, text: str) -> bytes | None:
    if proof.encoding == "base64":
        return _decode_base64(text)
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _decode_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
