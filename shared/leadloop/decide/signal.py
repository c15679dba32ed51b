"""Behaviour or a mail event of a person we know."""

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.enrolment import leave_all_sequences
from leadloop.decide.lead.offer_giving import give_confirmed_offer
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.returned_mail import find_sent_mail, settle_unknown, went_to
from leadloop.decide.lead.scoring import rescore
from leadloop.decide.lead.stops import disqualify_unworked, lift_bounce_stop, stop_address
from leadloop.decide.lead.visitors import (
    MOST_TOUCHPOINTS,
    merge_touchpoints,
    resolve_visitor_signal,
)
from leadloop.model.consent import Suppression
from leadloop.model.decision import Applied, Decision, Ignored
from leadloop.model.delivery import Delivery, Purpose, delivery_ref
from leadloop.model.events.messages import AlertReturned, SignalConfirmed
from leadloop.model.person import Touchpoint
from leadloop.model.signal import CONFIRM_SIGNAL, Signal
from leadloop.model.stored_lead import StoredLead
from leadloop.quality.user_agent import is_robot

STOP_REASONS = {"bounce": "the address does not exist", "complaint": "called our mail spam"}
# News of a mail, and so of the address it went to.
DELIVERED = "delivered"
MAIL_EVENTS = {*STOP_REASONS, "auto_reply", "delayed", DELIVERED}
ALERT_RETURNED = "alert_returned"  # what was applied, if a rep did not get an alert
NOT_OUR_MAIL = "news of a mail that did not go from us to this address"


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
    if before is None:
        return context.build_decision(Ignored(why="no such lead"))
    if not signal.confirmed:
        return context.build_decision(Ignored(why="provisional: nobody has confirmed it"))
    mail = None
    if signal.signal in MAIL_EVENTS:
        mail = _find_mail(signal, lead_id, context)
        if mail is None:
            return context.build_decision(Ignored(why=NOT_OUR_MAIL))
        if mail.lead_id != lead_id:  # an address of ours names only the person
            return _apply_to_lead(signal.but(lead_id=mail.lead_id), mail.lead_id, context)
        # The same for each way by which it came to us.
        signal = signal.but(id=f"{signal.signal}:{mail.id}", delivery_id=mail.id)
        if signal.signal == DELIVERED:
            return _settle_delivery(before, mail, context)
    if _is_repeat(signal, before):
        return context.build_decision(
            Applied(lead_id=lead_id, version=before.version, what=signal.signal, repeated=True)
        )
    change_set = ChangeSet(context=context, trigger_id=signal.id, before=before)
    for change in settle_unknown(mail) if mail is not None else ():
        change_set.add_change(change)
    if mail is not None and mail.purpose is Purpose.REP_ALERT:  # it tells nothing of the person
        change_set.record_event(AlertReturned(signal=signal.signal, delivery=mail.id))
        what = ALERT_RETURNED if signal.signal in STOP_REASONS else signal.signal
    else:
        _record_signal(change_set, signal, mail)
        what = signal.signal
    return change_set.build_decision(
        Applied(lead_id=lead_id, version=change_set.version, what=what)
    )


def _settle_delivery(before: StoredLead, mail: Delivery, context: DecisionContext) -> Decision:
    """The decision on a mail that has arrived, which mostly says what we know."""
    changes = settle_unknown(mail)
    outcome = Applied(
        lead_id=before.id, version=before.version, what=DELIVERED, repeated=not changes
    )
    return context.build_decision(outcome, changes)


def _find_mail(signal: Signal, lead_id: str, context: DecisionContext) -> Delivery | None:
    """The mail that the signal is about, if it was sent to the address that the signal names.

    Our signature alone tells where it went if the other side names nobody.
    """
    mail = find_sent_mail(
        lead_id, context, delivery_id=signal.delivery_id, digest=signal.delivery_digest
    )
    if mail is None or (signal.recipients and not went_to(mail, signal.recipients)):
        return None
    return mail


def _record_signal(change_set: ChangeSet, signal: Signal, mail: Delivery | None = None) -> None:
    touch = Touchpoint(id=signal.id, signal=signal.signal, at=signal.at)
    touchpoints = merge_touchpoints(change_set.person.touchpoints, (touch,))
    change_set.update_person(touchpoints=touchpoints[-MOST_TOUCHPOINTS:])
    ignored = ", ".join(signal.ignored) or None
    change_set.record_event(
        SignalConfirmed(signal=signal.signal, delivery=signal.delivery_id, ignored=ignored)
    )
    if mail is not None and signal.signal in STOP_REASONS:
        _stop_all(change_set, signal, mail)
    elif signal.signal == CONFIRM_SIGNAL:
        delivery = _find_delivery(change_set, signal)
        _lift_stop(change_set, delivery, signal)
        give_confirmed_offer(change_set, delivery)
    elif signal.signal == "unsubscribe":
        for each in (change_set, *change_set.open_others()):
            leave_all_sequences(each, "unsubscribed")
    rescore(change_set)
    qualify_or_nurture(change_set)


def _lift_stop(change_set: ChangeSet, mail: Delivery | None, signal: Signal) -> None:
    """The person has said yes in a mail of ours: so mails to its address arrive."""
    if mail is not None and mail.address is not None:
        lift_bounce_stop(change_set, mail.address, signal.at)


def _find_delivery(change_set: ChangeSet, signal: Signal) -> Delivery | None:
    if signal.delivery_id is None:
        return None
    return change_set.facts.get(delivery_ref(change_set.lead_id, signal.delivery_id))


def _is_repeat(signal: Signal, before: StoredLead) -> bool:
    touchpoints = before.person.touchpoints
    return signal.id in before.lead.applied or any(each.id == signal.id for each in touchpoints)


def _stop_all(change_set: ChangeSet, signal: Signal, mail: Delivery) -> None:
    """Stop every message to the address that was written to.

    By now the person may have another address; messages to that one go on.
    """
    if mail.address is None:
        return
    stop_address(change_set, mail.address, Suppression(why=signal.signal, at=signal.at))
    if mail.address != change_set.person.contact.email:
        return
    for each in (change_set, *change_set.open_others()):
        leave_all_sequences(each, STOP_REASONS[signal.signal])
        if change_set.person.contact.phone is None:
            disqualify_unworked(each, signal.signal)
