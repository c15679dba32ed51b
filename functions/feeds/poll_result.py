"""What a poll finds, and the envelope in which it goes on."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope, sha256
from leadloop.model.submission import Channel, Location

FEED_PREFIX = "fed/"  # below it lies each document and file as it came
MOST_INLINE = 192 * 1024


class NewItem(NamedTuple):
    """One thing to tell. `key` makes its id.

    `done` is what the checkpoint remembers once it is told; of a file's rows, the last one has it.
    `location` is where the bytes lie, unless they are a part of something that lies there.
    """

    key: str
    done: str | None
    body: bytes
    content_type: str
    location: Location | None = None


class PollResult(NamedTuple):
    """What a poll saw: `still` is done already and still there, `news` is to be told now.

    `waiting` are the files that are not done yet, by name, and as they look. `missed` says why some
    could not be had, as far as `news` was walked through.
    """

    news: Iterator[NewItem]
    still: frozenset[str] = frozenset()
    waiting: Mapping[str, str] = {}
    etag: str | None = None
    modified: str | None = None
    missed: Sequence[str] = ()


def short_digest(text: str) -> str:
    """Short, for the checkpoint."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def build_file_mark(name: str, looks: str) -> str:
    """What the checkpoint remembers a file by."""
    return short_digest(f"{name}\0{looks}")


def store_document(source: str, body: bytes) -> Location:
    """A document or file as it came, before anything is read of it; twice is once."""
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


def envelope_of(news: NewItem, source: str, now: datetime) -> Envelope:
    """Small bytes travel inside; big ones that lie nowhere yet are kept first."""
    location = news.location
    if location is None and len(news.body) > MOST_INLINE:
        location = store_document(source, news.body)
    return Envelope.of(
        source,
        Channel.FEED,
        news.body,
        news.key,
        now,
        location=location,
        content_type=news.content_type,
    )
