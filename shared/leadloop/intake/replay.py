"""A recorded submission is read again by the present reader: on a release by hand, or a replay.

A submission keeps its outcome for ever. So the second reading gives a new submission, the
successor: `X.2` of `X`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from leadloop.intake.envelope import Envelope, submission_id
from leadloop.intake.policy import Source
from leadloop.intake.read import (
    UnreadableEnvelope,
    build_unreadable,
    read_envelope,
    read_lead_reply,
)
from leadloop.model.base import Model, Moment, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.model.submission import Channel, Submission

HOUR = timedelta(hours=1)
NOT_IN_ENVELOPE = Reason(code="no_longer_there", text="the reader finds it in its envelope no more")
# The readers that records name, without their numbers.
PARSERS = frozenset(
    {"adf", "feed", "fields", "json", "labels", "mail", "reply", "rows", "webhook", "xml"}
)


class Filter(Model):
    """Which submissions are read again: those that match every field that is not None.

    `reason` is a code, `parser` a name as recorded. `since` (included) and `until` (excluded) are
    moments of receiving.
    """

    source: str | None = None
    reason: str | None = None
    parser: str | None = None
    outcome: SubmissionOutcome = SubmissionOutcome.QUARANTINED
    since: Moment | None = None
    until: Moment | None = None

    def includes(self, received_at: datetime) -> bool:
        """Whether a moment of receiving is within the period."""
        return (self.since is None or received_at >= self.since) and (
            self.until is None or received_at < self.until
        )

    def includes_hour(self, hour: datetime) -> bool:
        """Whether the whole hour that begins at `hour` is within the period."""
        return self.includes(hour) and (self.until is None or hour + HOUR <= self.until)


class ReplayResult(NamedTuple):
    """The successor, and other submissions of the envelope that were not found before.

    A successor that is still in doubt has `unreadable` reasons.
    """

    successor: Submission
    others: tuple[Submission, ...]


def replay_record(
    record: Record, body: bytes, source: Source | None, actor: Actor
) -> ReplayResult | None:
    """Read the bytes of a record again, as `source` reads them today.

    The successor keeps the recorded contact if the reader finds none. A record without a source is
    read as an answer to a mail of ours; if it is none, the result is None.
    """
    envelope = _envelope(record, source)
    if source is not None:
        result = read_envelope(envelope, body, source)
        submissions = (result.submission,) if isinstance(result, UnreadableEnvelope) else result
    elif record.answers is not None:
        submissions = (read_lead_reply(envelope, body, record.answers),)
    else:
        return None
    parts = {record.part, record.part or 1}
    reread = next((each for each in submissions if each.part in parts), None)
    if reread is None:
        reread = build_unreadable(envelope, (NOT_IN_ENVELOPE,)).submission.but(part=record.part)
    has_contact = reread.contact != Contact()
    contact = reread.contact if has_contact else record.contact or Contact()
    successor = reread.but(
        id=successor_id(record.id),
        contact=contact,
        cause=record.id,
        released_by=actor,
        captcha=None,  # a token can be checked only once
        unreadable=(*reread.unreadable, *_captcha_reasons(record)),
    )
    # The other ids are known again if no part could be read before, and in a mail.
    is_whole = record.part == 0 or record.channel is Channel.MAIL
    others = tuple(each for each in submissions if each is not reread)
    return ReplayResult(successor, others if is_whole else ())


def _captcha_reasons(record: Record) -> tuple[Reason, ...]:
    """The reasons that the captcha's provider gave at the first reading."""
    return tuple(each for each in record.reasons if each.code.startswith("captcha_"))


def successor_id(submission_id: str) -> str:
    """The id of a submission's successor: `X.2` of `X`, `X.3` of `X.2`."""
    first, _, n = submission_id.partition(".")
    return f"{first}.{int(n or 1) + 1}"


def _envelope(record: Record, source: Source | None) -> Envelope:
    """The envelope of a record, as far as the record knows it."""
    location = record.raw.location if record.channel is Channel.MAIL else None
    key = location.key if location else None
    first_id = record.id.partition(".")[0]
    name = record.source if source is None else source.id
    return Envelope(
        id=submission_id(name, key) if key and record.part > 1 else first_id,
        source=name,
        channel=record.channel,
        received_at=record.received_at,
        sha256=record.raw.sha256,
        size=record.raw.size,
        body=record.raw.body,
        location=record.raw.location,
        key=key,
        content_type=record.raw.content_type,
        ip=record.touch.ip if record.touch else None,
        user_agent=record.touch.user_agent if record.touch else None,
        answers=record.answers if source is None else None,
        answered_mail=record.answered_mail if source is None else None,
        test=record.test,
    )
