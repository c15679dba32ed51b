"""What a door receives: the bytes and how they came.

An envelope is the queue message, and it is the raw record of its submissions.
"""

import base64
import hashlib
from datetime import datetime
from typing import Literal, Self, TypedDict, Unpack

from leadloop.model.base import Model
from leadloop.model.submission import Channel, Location, Raw, Touch

ID_LENGTH = 26
MailVerdict = Literal["PASS", "FAIL", "GRAY"]


class MailVerdicts(Model):
    """The checks of the receiving mail server. None: it reported no result for that check."""

    spf: MailVerdict | None = None
    dkim: MailVerdict | None = None
    dmarc: MailVerdict | None = None
    spam: MailVerdict | None = None
    virus: MailVerdict | None = None


class EnvelopeDetails(TypedDict, total=False):
    """What some doors know of a request or mail; `Envelope` explains each name."""

    content_type: str | None
    ip: str | None
    user_agent: str | None
    origin: str | None
    referer: str | None
    recipient: str | None
    headers: dict[str, str]
    shown_at: datetime | None
    answers: str | None
    answered_mail: str | None
    verdicts: MailVerdicts | None
    test: bool
    query: dict[str, str]


class Envelope(Model):
    """The bytes of one request, mail or row, and how they came.

    A small `body` travels inside (base64 in JSON); otherwise `location` names the S3 object.
    `id` is the submission's id. `key` is the sender's own key for these bytes; without a key the
    id is a ULID drawn at the door. `size` is in bytes; `sha256` is the digest of the bytes in hex.
    `ip` is the address that the gateway saw, never one from a header. `recipient` is the address
    that a mail was sent to. `shown_at` is when our page was made for this post, by our signature
    in it. `answers` is the lead whose mail this mail answers, by our signature in its recipient,
    and `answered_mail` the digest of that delivery's id.
    `query` are the names in the query of a post, with their values, as far as the door keeps them.
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
    headers: dict[str, str] = {}  # those with which a webhook proved its sender
    shown_at: datetime | None = None
    answers: str | None = None
    answered_mail: str | None = None
    verdicts: MailVerdicts | None = None
    test: bool = False
    query: dict[str, str] = {}

    @classmethod
    def of(
        cls,
        source: str,
        channel: Channel,
        body: bytes,
        key: str | None,
        at: datetime,
        *,
        drawn_id: str = "",
        location: Location | None = None,
        **details: Unpack[EnvelopeDetails],
    ) -> Self:
        """The envelope of `body`, which `source` received at `at`.

        The id follows from `source` and `key`. Without a key it is `drawn_id`, a ULID that the
        caller drew. With a `location` the bytes stay there, and the envelope carries none.

        Raises:
            ValueError: there is neither a key nor a drawn id.

        """
        if key is None and not drawn_id:
            raise ValueError("an envelope without a key needs a drawn id")
        return cls(
            id=drawn_id if key is None else submission_id(source, key),
            source=source,
            channel=channel,
            received_at=at,
            sha256=sha256(body),
            size=len(body),
            body=None if location else body,
            location=location,
            key=key,
            **details,
        )

    @property
    def raw(self) -> Raw:
        """The same bytes in the form that a submission stores."""
        return Raw(
            sha256=self.sha256,
            size=self.size,
            body=self.body,
            location=self.location,
            content_type=self.content_type,
        )

    @property
    def touch(self) -> Touch:
        """The contact point, as far as the envelope alone describes it."""
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
    """The id of what `source` sent under `key`, always the same: 26 characters of base32."""
    digest = hashlib.sha256(f"{source}\0{key}".encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode()[:ID_LENGTH]


def sha256(body: bytes) -> str:
    """The SHA-256 digest of a body, in hex."""
    return hashlib.sha256(body).hexdigest()
