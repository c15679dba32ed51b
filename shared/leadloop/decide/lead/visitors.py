"""Behaviour in a browser: whose it is, and what comes along when a person becomes known.

The rules: the touches of an anonymous browser wait with the browser. A form that names the browser
tells who sits there, and the touches of before are that person's. From then on what is done there
counts for the person who filled in a form there last. A second person gets none of the first
person's touches: one browser never makes two people one.
"""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.context import DecisionContext
from leadloop.model.decision import Decision, SignalStored
from leadloop.model.events.leads import VisitorRecognised
from leadloop.model.facts import Change
from leadloop.model.person import Touchpoint
from leadloop.model.signal import Signal
from leadloop.model.submission import Submission
from leadloop.model.visitor import Visitor, VisitorRef

MOST_TOUCHES = 32  # the latest, of a browser; what is older has all but faded
MOST_TOUCHPOINTS = 64  # the same, of a lead


def resolve_visitor_signal(
    signal: Signal, visitor_id: str, context: DecisionContext
) -> Signal | Decision:
    """The signal with the lead of the person there; while nobody is known, it is stored."""
    ref = VisitorRef(visitor_id)
    visitor = context.facts.get(ref)
    lead_id = _visitor_lead(visitor, signal.at)
    if lead_id is not None:
        return signal.but(lead_id=lead_id)
    before = visitor or Visitor(version=0, seen_at=signal.at)
    if any(touch.id == signal.id for touch in before.touches):
        return context.build_decision(SignalStored(what=signal.signal, repeated=True))
    touch = Touchpoint(id=signal.id, signal=signal.signal, at=signal.at)
    after = before.but(
        version=before.version + 1,
        seen_at=max(before.seen_at, signal.at),
        touches=merge_touchpoints(before.touches, (touch,))[-MOST_TOUCHES:],
    )
    change = Change(ref, before.version or None, after)
    return context.build_decision(SignalStored(what=signal.signal), (change,))


def identify_visitor(change_set: ChangeSet, submission: Submission) -> None:
    """Make the form's browser this person's, with its touches of before anybody was known.

    A form that comes late changes nothing for the person who was known there meanwhile.
    """
    if submission.visitor is None:
        return
    ref, at = VisitorRef(submission.visitor), submission.received_at
    before = change_set.facts.get(ref) or Visitor(version=0, seen_at=at)
    if before.since is not None and at < before.since:
        return
    if before.touches:
        touchpoints = merge_touchpoints(change_set.person.touchpoints, before.touches)
        change_set.update_person(touchpoints=touchpoints[-MOST_TOUCHPOINTS:])
        change_set.record_event(VisitorRecognised(touches=len(before.touches)))
    if before.lead_id == change_set.person_id:
        return
    after = before.but(
        version=before.version + 1,
        seen_at=max(before.seen_at, at),
        touches=(),
        lead_id=change_set.person_id,
        since=at,
        previous=before.lead_id,
    )
    change_set.add_change(Change(ref, before.version or None, after))


def merge_touchpoints(
    touches: tuple[Touchpoint, ...], more: tuple[Touchpoint, ...]
) -> tuple[Touchpoint, ...]:
    """All touchpoints, each once, in the order of time."""
    by_id = {touch.id: touch for touch in (*touches, *more)}
    return tuple(sorted(by_id.values(), key=lambda touch: (touch.at, touch.id)))


def _visitor_lead(visitor: Visitor | None, at: datetime) -> str | None:
    if visitor is None or visitor.lead_id is None:
        return None
    is_earlier = visitor.since is not None and at < visitor.since
    return visitor.previous if is_earlier and visitor.previous is not None else visitor.lead_id
