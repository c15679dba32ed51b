"""One quarantined submission as a person mends it: the bytes beside what is understood of them."""

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
    """`body` is what came in."""
    text = body.decode("utf-8", "replace")
    anew = replay_record(held, body, sources.get(held.source), by)
    return HeldView(
        submission=SubmissionView.of(held),
        raw=RawText(
            sha256=held.raw.sha256,
            size=held.raw.size,
            content_type=held.raw.content_type,
            text=text[:LONGEST_TEXT],
            cut=len(text) > LONGEST_TEXT,
        ),
        now=_current_reading(anew.successor) if anew else None,
    )


def _current_reading(found: Submission) -> CurrentReading:
    return CurrentReading(
        parser=found.parser,
        contact=found.contact,
        interest=found.interest,
        fields=found.fields,
        doubts=found.unreadable,
    )
