"""Behaviour in a browser: whose it is, and what comes along when a person becomes known.

What the rules are: nobody knows an anonymous browser's person, so its touches wait with it. A form
that names the browser tells who sits there; the touches of before are theirs. From then on what is
done there counts for whoever filled in a form there last. A second person gets nothing of the
first one's: one browser never makes two people one.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet, basis, without_changes
from leadloop.model.decision import Decision, SignalStored
from leadloop.model.facts import Change, Facts, VisitorRef
from leadloop.model.lead import Touchpoint
from leadloop.model.signal import Signal
from leadloop.model.submission import Submission
from leadloop.model.visitor import Visitor
from leadloop.playbook.compiled import CompiledPlaybook

MOST_TOUCHES = 32  # the latest, of a browser; what is older has all but faded
MOST_TOUCHPOINTS = 64  # the same, of a lead


def resolve_visitor_signal(
    signal: Signal, visitor: str, facts: Facts, book: CompiledPlaybook, now: datetime
) -> Signal | Decision:
    """The signal of the person who is known there, or kept until somebody is."""
    ref = VisitorRef(visitor)
    facts.require(ref)
    known = facts.visitor(ref)
    lead_id = _visitor_lead(known, signal.at)
    if lead_id is not None:
        return signal.but(lead_id=lead_id)
    before = known or Visitor(version=0, seen_at=signal.at)
    if any(touch.id == signal.id for touch in before.touches):
        return without_changes(SignalStored(what=signal.signal, repeated=True), book, now)
    touches = merge_touchpoints(before.touches, (_build_touchpoint(signal),))[-MOST_TOUCHES:]
    seen_at = max(before.seen_at, signal.at)
    after = before.but(version=before.version + 1, seen_at=seen_at, touches=touches)
    change = Change(ref, before.version or None, after)
    return Decision(
        outcome=SignalStored(what=signal.signal), basis=basis(book, now), changes=(change,)
    )


def identify_visitor(change_set: ChangeSet, submission: Submission) -> None:
    """The form's browser is this person's now, with what was done there before anybody was known.

    A form that comes late changes nothing for who was known there meanwhile.
    """
    if submission.visitor is None:
        return
    ref, at = VisitorRef(submission.visitor), submission.received_at
    change_set.facts.require(ref)
    before = change_set.facts.visitor(ref) or Visitor(version=0, seen_at=at)
    if before.since is not None and at < before.since:
        return
    if before.touches:
        touchpoints = merge_touchpoints(change_set.lead.touchpoints, before.touches)
        change_set.update_lead(touchpoints=touchpoints[-MOST_TOUCHPOINTS:])
        change_set.record_event("VisitorRecognised", touches=len(before.touches))
    if before.lead_id == change_set.lead_id:
        return
    after = before.but(
        version=before.version + 1,
        seen_at=max(before.seen_at, at),
        touches=(),
        lead_id=change_set.lead_id,
        since=at,
        previous=before.lead_id,
    )
    change_set.add_change(Change(ref, before.version or None, after))


def merge_touchpoints(
    touches: tuple[Touchpoint, ...], more: tuple[Touchpoint, ...]
) -> tuple[Touchpoint, ...]:
    """All of them, each once, in the order of time."""
    every = {touch.id: touch for touch in (*touches, *more)}
    return tuple(sorted(every.values(), key=lambda touch: (touch.at, touch.id)))


def _visitor_lead(known: Visitor | None, at: datetime) -> str | None:
    if known is None or known.lead_id is None:
        return None
    earlier = known.since is not None and at < known.since
    return known.previous if earlier and known.previous is not None else known.lead_id


def _build_touchpoint(signal: Signal) -> Touchpoint:
    return Touchpoint(id=signal.id, signal=signal.signal, at=signal.at)
