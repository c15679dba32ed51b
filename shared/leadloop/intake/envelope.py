"""What a door takes in: the bytes and how they came. It is the queue message and raw record."""

import base64
import hashlib
from datetime import datetime
from typing import Literal

from leadloop.model.base import Model
from leadloop.model.submission import Channel, Location, Raw, Touch

ID_LENGTH = 26
MailVerdict = Literal["PASS", "FAIL", "GRAY"]


class MailVerdicts(Model):
    """What the receiving mail server found; None where it said nothing."""

    spf: MailVerdict | None = None
    dkim: MailVerdict | None = None
    dmarc: MailVerdict | None = None
    spam: MailVerdict | None = None
    virus: MailVerdict | None = None


class Envelope(Model):
    """`body` travels inside (base64 in JSON) when it is small, else `location` says where it lies.

    `id` is the submission's. `key` is the caller's, without which the id is a ULID drawn at the
    door. `ip` is the address that the gateway saw, never a header's. `recipient` is the address
    a mail was sent to. `sha256` is of the bytes, in hex. `shown_at` is when our page was made for
    this post, by our own signature in it, and `answers` the lead whose mail it answers, by our
    signature in the address it was sent to.
    """

    id: str
    source: str
    channel: Channel
    received_at: datetime
    sha256: str
    size: int
    body: bytes | None = None
    location: Location | None = None
    key: str | None = None
    content_type: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    origin: str | None = None
    referer: str | None = None
    recipient: str | None = None
    headers: dict[str, str] = {}  # by which a webhook proved itself
    shown_at: datetime | None = None
    answers: str | None = None
    verdicts: MailVerdicts | None = None
    test: bool = False

    @property
    def raw(self) -> Raw:
        """The same bytes as a submission keeps them."""
        return Raw(
            sha256=self.sha256,
            size=self.size,
            body=self.body,
            location=self.location,
            content_type=self.content_type,
        )

    @property
    def touch(self) -> Touch:
        """What the envelope alone tells of the contact point."""
        return Touch(
            at=self.received_at,
            source=self.source,
            ip=self.ip,
            user_agent=self.user_agent,
            shown_seconds=int((self.received_at - self.shown_at).total_seconds())
            if self.shown_at
            else None,
        )

    def part_id(self, n: int) -> str:
        """The id of the n-th submission in this envelope, counted from 1."""
        return self.id if n == 1 else submission_id(self.source, f"{self.key or self.id}#{n}")


def submission_id(source: str, key: str) -> str:
    """The same source and key give the same id, everywhere and for ever."""
    digest = hashlib.sha256(f"{source}\0{key}".encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode()[:ID_LENGTH]


def sha256(body: bytes) -> str:
    """The fingerprint of a body, in hex."""
    return hashlib.sha256(body).hexdigest()
