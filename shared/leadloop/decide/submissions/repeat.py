"""A submission whose id was decided before gets the stored answer again.

Other bytes under the same id change no decision. If the door has answered 2xx already, they are
stored as a touch of the first submission.
"""

from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.decision import Decision
from leadloop.model.event import TimelineEntry
from leadloop.model.events.catalogue import build_event
from leadloop.model.events.submissions import SubmissionRepeated
from leadloop.model.facts import Change
from leadloop.model.lead import Record
from leadloop.model.submission import Channel

SYNCHRONOUS_CHANNELS = (Channel.PARTNER, Channel.DESK)  # other bytes are refused at the door


def answer_repeat(case: SubmissionCase) -> Decision | None:
    """The stored outcome, marked as repeated; None if nothing is stored under the id."""
    stored = case.stored
    if stored is None:
        return None
    conflict = stored.raw.sha256 != case.submission.raw.sha256
    keeps_touch = conflict and case.submission.channel not in SYNCHRONOUS_CHANNELS
    return case.build_decision(
        stored.verdict().but(repeated=True, conflict=conflict),
        _touch_changes(case, stored) if keeps_touch else (),
    )


def _touch_changes(case: SubmissionCase, stored: Record) -> tuple[Change, ...]:
    submission = case.submission
    trigger_id = f"{submission.id}~{submission.raw.sha256[:12]}"  # each other body once
    event = build_event(
        SubmissionRepeated(source=submission.source, sha256=submission.raw.sha256),
        event_id=f"{trigger_id}#0",
        at=submission.received_at,
        cause=submission.id,
        lead_id=stored.lead_id,
    )
    entry = TimelineEntry(
        lead_id=stored.lead_id or stored.id,
        at=submission.received_at,
        trigger_id=trigger_id,
        events=(event,),
        touch=case.inquiry.touch,
        raw=submission.raw,
        note=submission.interest.message,
    )
    change = case.insert_entry(entry)
    case.facts.require(change.ref)
    return () if case.facts.known[change.ref] else (change,)
