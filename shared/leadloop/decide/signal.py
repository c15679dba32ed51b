"""Behaviour or a mail event of a person we know."""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet, without_changes
from leadloop.decide.lead.enrolment import leave_sequence
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.lead.visitors import (
    MOST_TOUCHPOINTS,
    merge_touchpoints,
    resolve_visitor_signal,
)
from leadloop.model.account import Suppression
from leadloop.model.decision import Applied, Decision, Ignored
from leadloop.model.delivery import Purpose
from leadloop.model.facts import Change, DeliveryRef, Facts, RecordRef, SuppressionRef
from leadloop.model.lead import Touchpoint
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.model.signal import Signal
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.quality.user_agent import is_robot

STOP_REASONS = {"bounce": "the address does not exist", "complaint": "called our mail spam"}
MAIL_EVENTS = {
    *STOP_REASONS,
    "auto_reply",
    "delayed",
}  # news of a mail, and so of whoever it went to


def decide(signal: Signal, facts: Facts, book: CompiledPlaybook, now: datetime) -> Decision:
    """A confirmed signal counts once; a stop ends what is being said to the person."""
    if signal.user_agent is not None and is_robot(signal.user_agent):
        return without_changes(Ignored(why="a robot, no person"), book, now)
    if signal.lead_id is not None:
        return _apply_to_lead(signal, signal.lead_id, facts, book, now)
    if signal.visitor is None:
        return without_changes(
            Ignored(why="nobody's: it names neither lead nor visitor"), book, now
        )
    match resolve_visitor_signal(signal, signal.visitor, facts, book, now):
        case Signal(lead_id=str(lead_id)) as known:
            return _apply_to_lead(known, lead_id, facts, book, now)
        case Decision() as kept:
            return kept
        case other:
            raise TypeError(f"a visitor's signal became {other}")


def _apply_to_lead(
    signal: Signal, lead_id: str, facts: Facts, book: CompiledPlaybook, now: datetime
) -> Decision:
    ref = RecordRef(lead_id)
    facts.require(ref)
    before = facts.record(ref)
    if before is None or before.lead is None:
        return without_changes(Ignored(why="no such lead"), book, now)
    if not signal.confirmed:
        return without_changes(Ignored(why="provisional: nobody has confirmed it"), book, now)
    if _is_repeat(signal, before.lead.touchpoints, before.lead.applied):
        repeated = Applied(
            lead_id=lead_id, version=before.version, what=signal.signal, repeated=True
        )
        return without_changes(repeated, book, now)
    change_set = ChangeSet(
        trigger_id=signal.id,
        facts=facts,
        book=book,
        now=now,
        record=before,
    )
    if _concerns_rep_mail(signal, lead_id, facts):
        change_set.record_event("AlertReturned", signal=signal.signal, delivery=signal.delivery_id)
        return change_set.build_decision(_applied(signal, change_set))
    touch = Touchpoint(id=signal.id, signal=signal.signal, at=signal.at)
    touchpoints = merge_touchpoints(change_set.lead.touchpoints, (touch,))
    change_set.update_lead(touchpoints=touchpoints[-MOST_TOUCHPOINTS:])
    change_set.record_event("SignalConfirmed", signal=signal.signal, delivery=signal.delivery_id)
    if signal.signal in STOP_REASONS:
        _stop_all(change_set, signal)
    elif signal.signal == "unsubscribe":
        leave_sequence(change_set, "unsubscribed")
    rescore(change_set)
    qualify_or_nurture(change_set)
    return change_set.build_decision(_applied(signal, change_set))


def _applied(signal: Signal, change_set: ChangeSet) -> Applied:
    return Applied(lead_id=change_set.lead_id, version=change_set.version, what=signal.signal)


def _concerns_rep_mail(signal: Signal, lead_id: str, facts: Facts) -> bool:
    """A mail about the lead that came back from a rep says nothing of the person."""
    if signal.signal not in MAIL_EVENTS or signal.delivery_id is None:
        return False
    ref = DeliveryRef(lead_id, signal.delivery_id)
    facts.require(ref)
    delivery = facts.delivery(ref)
    return delivery is not None and delivery.purpose is Purpose.REP_ALERT


def _is_repeat(
    signal: Signal, touchpoints: tuple[Touchpoint, ...], applied: tuple[str, ...]
) -> bool:
    return signal.id in applied or any(touch.id == signal.id for touch in touchpoints)


def _stop_all(change_set: ChangeSet, signal: Signal) -> None:
    """Nothing is said any more to the address that was written to, by whatever sequence.

    By now the person may have another one; what is said to that goes on.
    """
    address = _target_address(change_set, signal)
    if address is not None:
        ref = SuppressionRef(address, "all")
        change_set.facts.require(ref)
        if change_set.facts.suppression(ref) is None:
            change_set.add_change(Change(ref, None, Suppression(why=signal.signal, at=signal.at)))
    if address != change_set.lead.contact.email:
        return
    leave_sequence(change_set, STOP_REASONS[signal.signal])
    if (
        change_set.lead.stage in (Stage.NEW, Stage.NURTURING)
        and change_set.lead.contact.phone is None
    ):
        change_set.update_lead(stage=move(change_set.lead.stage, Move.DISQUALIFY))
        change_set.record_event("LeadDisqualified", reason=signal.signal)


def _target_address(change_set: ChangeSet, signal: Signal) -> str | None:
    """As the delivery kept it; of an old one, the person's address of today."""
    delivery = None
    if signal.delivery_id is not None:
        ref = DeliveryRef(change_set.lead_id, signal.delivery_id)
        change_set.facts.require(ref)
        delivery = change_set.facts.delivery(ref)
    kept = delivery.address if delivery is not None else None
    return kept or change_set.lead.contact.email
