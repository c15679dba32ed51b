"""One quarantined submission for the person who fixes it: its bytes and their current reading."""

from collections.abc import Mapping

from admin.views import RawView, SubmissionView
from leadloop.intake.policy import Source
from leadloop.intake.replay import replay_record
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact, Interest
from leadloop.model.lead import Record
from leadloop.model.submission import Submission

LONGEST_TEXT = 64_000  # characters of raw text


class RawText(RawView):
    """The bytes as text, what is no UTF-8 replaced; all of them are at `…/raw`."""

    text: str
    cut: bool


class CurrentReading(Model):
    """What the present reader makes of it; `doubts` are why it would not be taken as it is."""

    parser: str | None
    contact: Contact
    interest: Interest
    fields: dict[str, str]
    doubts: tuple[Reason, ...]


class HeldView(Model):
    """`submission` is as it was decided; `now` is None where nobody knows how to read it."""

    submission: SubmissionView
    raw: RawText
    now: CurrentReading | None


def held_view(held: Record, body: bytes, sources: Mapping[str, Source], by: Actor) -> HeldView:
    """The view of a quarantined record. `body` are its raw bytes."""
    text = body.decode("utf-8", "replace")
    reading = replay_record(held, body, sources.get(held.source), by)
    return HeldView(
        submission=SubmissionView.of(held),
        raw=RawText(
            sha256=held.raw.sha256,
            size=held.raw.size,
            content_type=held.raw.content_type,
            text=text[:LONGEST_TEXT],
            cut=len(text) > LONGEST_TEXT,
        ),
        now=_current_reading(reading.successor) if reading else None,
    )


def _current_reading(submission: Submission) -> CurrentReading:
    return CurrentReading(
        parser=submission.parser,
        contact=submission.contact,
        interest=submission.interest,
        fields=submission.fields,
        doubts=submission.unreadable,
    )
