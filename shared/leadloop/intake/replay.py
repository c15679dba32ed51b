"""What was decided once, read anew by the present reader: for a release by hand and for a replay.

A submission keeps its outcome for ever, so whatever comes of the second reading is a submission of
its own, the successor: `X.2` of `X`.
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


class Filter(Model):
    """Which submissions: all that is said must hold. `reason` is a code, `parser` as recorded.

    `since` (with) and `until` (without) are of the moment of receiving.
    """

    source: str | None = None
    reason: str | None = None
    parser: str | None = None
    outcome: SubmissionOutcome = SubmissionOutcome.QUARANTINED
    since: Moment | None = None
    until: Moment | None = None

    def includes(self, received_at: datetime) -> bool:
        """Whether the moment is within the period."""
        return (self.since is None or received_at >= self.since) and (
            self.until is None or received_at < self.until
        )

    def includes_hour(self, hour: datetime) -> bool:
        """Whether all of the hour that begins so is within the period."""
        return self.includes(hour) and (self.until is None or hour + HOUR <= self.until)


class ReplayResult(NamedTuple):
    """The successor, and what else the envelope holds that was not found before.

    The successor has `unreadable` reasons if it is in doubt still.
    """

    successor: Submission
    others: tuple[Submission, ...]


def replay_record(
    held: Record, body: bytes, source: Source | None, by: Actor
) -> ReplayResult | None:
    """What the present reader makes of `body` as of `source`; nothing of `held` is lost by it.

    An answer to our mail has no source, and is read as one. None: nobody knows how to read it.
    """
    envelope = _envelope(held, source)
    if source is not None:
        found = read_envelope(envelope, body, source)
        submissions = (found.submission,) if isinstance(found, UnreadableEnvelope) else found
    elif held.answers is not None:
        submissions = (read_lead_reply(envelope, body, held.answers),)
    else:
        return None
    own = next((each for each in submissions if each.part in {held.part, held.part or 1}), None)
    if own is None:
        own = build_unreadable(envelope, (NOT_IN_ENVELOPE,)).submission.but(part=held.part)
    known = own if own.contact != Contact() else own.but(contact=held.contact or Contact())
    successor = known.but(
        id=successor_id(held.id),
        cause=held.id,
        released_by=by,
        captcha=None,  # its token was good for one look
        unreadable=(*known.unreadable, *_captcha_reasons(held)),
    )
    # Of a whole envelope nobody could read, and of a mail, the others' ids are known again.
    whole = held.part == 0 or held.channel is Channel.MAIL
    others = tuple(each for each in submissions if each is not own)
    return ReplayResult(successor, others if whole else ())


def _captcha_reasons(held: Record) -> tuple[Reason, ...]:
    """What its provider found then."""
    return tuple(each for each in held.reasons if each.code.startswith("captcha_"))


def successor_id(submission_id: str) -> str:
    """`X` is released as `X.2`, and that one, should it be released too, as `X.3`."""
    first, _, n = submission_id.partition(".")
    return f"{first}.{int(n or 1) + 1}"


def _envelope(held: Record, source: Source | None) -> Envelope:
    """As it came, as far as its record tells."""
    location = held.raw.location if held.channel is Channel.MAIL else None
    key = location.key if location else None
    own = held.id.partition(".")[0]
    name = held.source if source is None else source.id
    return Envelope(
        id=submission_id(name, key) if key and held.part > 1 else own,
        source=name,
        channel=held.channel,
        received_at=held.received_at,
        sha256=held.raw.sha256,
        size=held.raw.size,
        body=held.raw.body,
        location=held.raw.location,
        key=key,
        content_type=held.raw.content_type,
        ip=held.touch.ip if held.touch else None,
        user_agent=held.touch.user_agent if held.touch else None,
        answers=held.answers if source is None else None,
        test=held.test,
    )
