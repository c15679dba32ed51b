"""Behaviour or a mail event of a person we know."""

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.enrolment import leave_sequence
from leadloop.decide.lead.offer_giving import give_confirmed_offer
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.lead.visitors import (
    MOST_TOUCHPOINTS,
    merge_touchpoints,
    resolve_visitor_signal,
)
from leadloop.model.consent import Suppression, SuppressionRef
from leadloop.model.decision import Applied, Decision, Ignored
from leadloop.model.delivery import Delivery, DeliveryRef, Purpose
from leadloop.model.facts import Change
from leadloop.model.lead import Lead, Touchpoint
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.model.signal import CONFIRM_SIGNAL, Signal
from leadloop.quality.user_agent import is_robot

STOP_REASONS = {"bounce": "the address does not exist", "complaint": "called our mail spam"}
# News of a mail, and so of the address it went to.
MAIL_EVENTS = {*STOP_REASONS, "auto_reply", "delayed"}


def decide(signal: Signal, context: DecisionContext) -> Decision:
    """A confirmed signal counts once; a stop ends what is being said to the person."""
    if signal.user_agent is not None and is_robot(signal.user_agent):
        return context.build_decision(Ignored(why="a robot, no person"))
    if signal.lead_id is not None:
        return _apply_to_lead(signal, signal.lead_id, context)
    if signal.visitor is None:
        return context.build_decision(Ignored(why="nobody's: it names neither lead nor visitor"))
    match resolve_visitor_signal(signal, signal.visitor, context):
        case Signal(lead_id=str(lead_id)) as resolved:
            return _apply_to_lead(resolved, lead_id, context)
        case Decision() as decision:
            return decision
        case unexpected:
            raise TypeError(f"a visitor's signal became {unexpected}")


def _apply_to_lead(signal: Signal, lead_id: str, context: DecisionContext) -> Decision:
    before = context.find_lead(lead_id)
    if before is None or before.lead is None:
        return context.build_decision(Ignored(why="no such lead"))
    if not signal.confirmed:
        return context.build_decision(Ignored(why="provisional: nobody has confirmed it"))
    if _is_repeat(signal, before.lead):
        return context.build_decision(
            Applied(lead_id=lead_id, version=before.version, what=signal.signal, repeated=True)
        )
    change_set = ChangeSet(context=context, trigger_id=signal.id, record=before)
    if _concerns_rep_mail(change_set, signal):
        change_set.record_event("AlertReturned", signal=signal.signal, delivery=signal.delivery_id)
    else:
        _record_signal(change_set, signal)
    return change_set.build_decision(
        Applied(lead_id=lead_id, version=change_set.version, what=signal.signal)
    )


def _record_signal(change_set: ChangeSet, signal: Signal) -> None:
    touch = Touchpoint(id=signal.id, signal=signal.signal, at=signal.at)
    touchpoints = merge_touchpoints(change_set.lead.touchpoints, (touch,))
    change_set.update_lead(touchpoints=touchpoints[-MOST_TOUCHPOINTS:])
    change_set.record_event("SignalConfirmed", signal=signal.signal, delivery=signal.delivery_id)
    if signal.signal in STOP_REASONS:
        _stop_all(change_set, signal)
    elif signal.signal == CONFIRM_SIGNAL:
        give_confirmed_offer(change_set, _find_delivery(change_set, signal))
    elif signal.signal == "unsubscribe":
        leave_sequence(change_set, "unsubscribed")
    rescore(change_set)
    qualify_or_nurture(change_set)


def _concerns_rep_mail(change_set: ChangeSet, signal: Signal) -> bool:
    """Whether a mail to a rep came back: that tells nothing of the person."""
    if signal.signal not in MAIL_EVENTS:
        return False
    delivery = _find_delivery(change_set, signal)
    return delivery is not None and delivery.purpose is Purpose.REP_ALERT


def _is_repeat(signal: Signal, lead: Lead) -> bool:
    return signal.id in lead.applied or any(touch.id == signal.id for touch in lead.touchpoints)


def _stop_all(change_set: ChangeSet, signal: Signal) -> None:
    """Stop every message to the address that was written to.

    By now the person may have another address; messages to that one go on.
    """
    address = _target_address(change_set, signal)
    if address is not None:
        ref = SuppressionRef(address, "all")
        if change_set.facts.get(ref) is None:
            stop = Suppression(why=signal.signal, at=signal.at)
            change_set.add_change(Change(ref, None, stop))
    if address != change_set.lead.contact.email:
        return
    leave_sequence(change_set, STOP_REASONS[signal.signal])
    stage, phone = change_set.lead.stage, change_set.lead.contact.phone
    if stage in (Stage.NEW, Stage.NURTURING) and phone is None:
        change_set.update_lead(stage=move(stage, Move.DISQUALIFY))
        change_set.record_event("LeadDisqualified", reason=signal.signal)


def _target_address(change_set: ChangeSet, signal: Signal) -> str | None:
    """The address stored with the delivery; an old one stored none: the person's of today."""
    delivery = _find_delivery(change_set, signal)
    address = delivery.address if delivery is not None else None
    return address or change_set.lead.contact.email


def _find_delivery(change_set: ChangeSet, signal: Signal) -> Delivery | None:
    if signal.delivery_id is None:
        return None
    return change_set.facts.get(DeliveryRef(change_set.lead_id, signal.delivery_id))
