"""The result of a poll, and the envelopes in which new items go to the queue."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope, sha256
from leadloop.model.submission import Channel, Location

FEED_PREFIX = "fed/"  # the folder in the raw bucket for fetched documents and files
MOST_INLINE = 192 * 1024  # bytes of a body inside a queue message


class NewItem(NamedTuple):
    """One new item. Its id follows from `key`.

    `mark` is what the checkpoint remembers once the item is queued; of a file's rows only the last
    has one. `location` is the S3 object of the bytes; None: they are only a part of an object.
    """

    key: str
    mark: str | None
    body: bytes
    content_type: str
    location: Location | None = None


class PollResult(NamedTuple):
    """What a poll saw. `items` are new; `done_marks` are the old marks that are still there.

    `pending` are the files that are not done yet: name → version. `unread` tells which files could
    not be fetched and why; it fills while `items` is read.
    """

    items: Iterator[NewItem]
    done_marks: frozenset[str] = frozenset()
    pending: Mapping[str, str] = {}
    etag: str | None = None
    modified: str | None = None
    unread: Sequence[str] = ()


def short_digest(text: str) -> str:
    """20 hex digits of a text's SHA-256, short enough for the checkpoint."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def build_file_mark(name: str, version: str) -> str:
    """The mark by which the checkpoint remembers a version of a file."""
    return short_digest(f"{name}\0{version}")


def store_document(source: str, body: bytes) -> Location:
    """Store a document or file unchanged, before it is read. Return its place.

    The same bytes have the same place, so storing them twice changes nothing.
    """
    location = Location(
        bucket=get_wiring().raw_bucket, key=f"{FEED_PREFIX}{source}/{sha256(body)[:32]}"
    )
    get_wiring().s3.put_object(
        Bucket=location.bucket,
        Key=location.key,
        Body=body,
        ContentType="application/octet-stream",
    )
    return location


def envelope_of(item: NewItem, source: str, now: datetime) -> Envelope:
    """The envelope of an item. Bytes that are too large for a message are stored in S3 first."""
    location = item.location
    if location is None and len(item.body) > MOST_INLINE:
        location = store_document(source, item.body)
    return Envelope.of(
        source,
        Channel.FEED,
        item.body,
        item.key,
        now,
        location=location,
        content_type=item.content_type,
    )
