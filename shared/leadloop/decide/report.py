"""What `deliver` is about to do with a delivery, or has met: the one place that says “go on”."""

from datetime import datetime, timedelta
from typing import assert_never

from leadloop.decide.lead.change_set import without_changes
from leadloop.decide.lead.send_permission import (
    SendPermission,
    address_of,
    auto_response_ref,
    check_send_permission,
)
from leadloop.model.account import LastAutoResponse
from leadloop.model.decision import Applied, Decision, DropDelivery, Hold, Ignored, Outcome, Send
from leadloop.model.delivery import Delivery, DeliveryState, Purpose
from leadloop.model.facts import Change, DeliveryRef, Facts, RecordRef
from leadloop.model.lead import Lead, Record
from leadloop.model.report import Report, SendStatus
from leadloop.playbook.compiled import CompiledPlaybook

# Waits before the next try; after the last one the delivery has failed.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
MOST_SENDS = 32
ABANDONED_RUN = "a run that had begun to send it ended without a word"


def decide(report: Report, facts: Facts, book: CompiledPlaybook, now: datetime) -> Decision:
    """Claim, or close: a delivery is said at most once, whatever is delivered twice."""
    ref = DeliveryRef(report.lead_id, report.delivery_id)
    facts.require(ref, RecordRef(report.lead_id))
    delivery, record = facts.delivery(ref), facts.record(RecordRef(report.lead_id))
    if delivery is None or record is None or record.lead is None:
        return without_changes(Ignored(why="no such delivery"), book, now)
    if report.met is SendStatus.SENDING:
        return _claim(report, delivery, record, record.lead, facts, book, now)
    return _close(report, delivery, record, record.lead, book, now)


def _claim(
    report: Report,
    delivery: Delivery,
    record: Record,
    lead: Lead,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    if delivery.state is DeliveryState.SENDING or _is_abandoned(delivery, report):
        return _repeat_claim(report, delivery, lead, book, now)
    if delivery.state is not DeliveryState.READY:
        return without_changes(DropDelivery(why=f"it is {delivery.state} already"), book, now)
    ruling = check_send_permission(delivery, lead, facts, book, now)
    match ruling:
        case DropDelivery():
            dropped = _delivery_change(delivery, state=DeliveryState.DROPPED, detail=ruling.why)
            return _decision_with(ruling, (dropped,), book, now)
        case Hold():
            held = _delivery_change(
                delivery,
                state=DeliveryState.WAITING,
                retry_at=ruling.until,
                detail=ruling.why,
            )
            return _decision_with(ruling, (held,), book, now)
        case SendPermission():
            claimed = delivery.but(
                state=DeliveryState.SENDING,
                claim=report.claim,
                address=ruling.address,
                claimed_at=now,
                attempts=delivery.attempts + 1,
                version=delivery.version + 1,
            )
            claim = Change(DeliveryRef(delivery.lead_id, delivery.id), delivery.version, claimed)
            send = Send(delivery=claimed, lead=lead, address=ruling.address)
            counted = _count_send(delivery, record, lead, now)
            answered = _record_auto_response(delivery, ruling.address, facts, now)
            return _decision_with(send, (claim, *counted, *answered), book, now)
        case _:
            assert_never(ruling)


def _repeat_claim(
    report: Report, delivery: Delivery, lead: Lead, book: CompiledPlaybook, now: datetime
) -> Decision:
    """Our own claim, whose answer was lost, goes on; a foreign one is a run that died sending.

    It is not judged again: the claim has counted against the limits already.
    """
    address = delivery.address or address_of(delivery, lead, book)
    if delivery.claim == report.claim and address is not None:
        if delivery.state is DeliveryState.SENDING:
            return without_changes(Send(delivery=delivery, lead=lead, address=address), book, now)
        ours = delivery.but(state=DeliveryState.SENDING, detail=None, version=delivery.version + 1)
        again = Change(DeliveryRef(delivery.lead_id, delivery.id), delivery.version, ours)
        return _decision_with(Send(delivery=ours, lead=lead, address=address), (again,), book, now)
    unknown = _delivery_change(delivery, state=DeliveryState.UNKNOWN, detail=ABANDONED_RUN)
    return _decision_with(DropDelivery(why=ABANDONED_RUN), (unknown,), book, now)


def _is_abandoned(delivery: Delivery, report: Report) -> bool:
    """Whether a copy of the message took this run for dead, which has said nothing yet."""
    unknown = delivery.state is DeliveryState.UNKNOWN and delivery.detail == ABANDONED_RUN
    return unknown and delivery.claim == report.claim


def _count_send(
    delivery: Delivery, record: Record, lead: Lead, now: datetime
) -> tuple[Change, ...]:
    """A message to the person counts against its limits from the moment it is claimed."""
    if delivery.purpose is not Purpose.NURTURE:
        return ()
    after = record.but(
        lead=lead.but(sends=(*lead.sends, now)[-MOST_SENDS:]), version=record.version + 1
    )
    return (Change(RecordRef(record.id), record.version, after),)


def _record_auto_response(
    delivery: Delivery, address: str, facts: Facts, now: datetime
) -> tuple[Change, ...]:
    """The address has had its answer from the moment it is claimed."""
    ref = auto_response_ref(delivery, address)
    if ref is None:
        return ()
    before = facts.last_auto_response(ref)
    version = before.version if before else 0
    after = LastAutoResponse(version=version + 1, at=now, delivery_id=delivery.id)
    return (Change(ref, version or None, after),)


def _undo_send_count(delivery: Delivery, record: Record, lead: Lead) -> tuple[Change, ...]:
    """What never left the house takes nothing from what the person may still get."""
    if delivery.claimed_at not in lead.sends:
        return ()
    sends = list(lead.sends)
    sends.remove(delivery.claimed_at)
    after = record.but(lead=lead.but(sends=tuple(sends)), version=record.version + 1)
    return (Change(RecordRef(record.id), record.version, after),)


def _close(
    report: Report,
    delivery: Delivery,
    record: Record,
    lead: Lead,
    book: CompiledPlaybook,
    now: datetime,
) -> Decision:
    """Only the run that has the claim knows, be it that a copy of its message gave it up."""
    begun = delivery.state in (DeliveryState.SENDING, DeliveryState.UNKNOWN)
    if not begun or delivery.claim != report.claim:
        return without_changes(Ignored(why="the delivery is not this run's"), book, now)
    match report.met:
        case SendStatus.SENT:
            after = _delivery_change(delivery, state=DeliveryState.SENT, detail=report.detail)
        case SendStatus.REFUSED:
            after = _delivery_change(delivery, state=DeliveryState.FAILED, detail=report.detail)
        case SendStatus.UNKNOWN:
            after = _delivery_change(delivery, state=DeliveryState.UNKNOWN, detail=report.detail)
        case SendStatus.FAILED if delivery.attempts > len(BACKOFF):
            after = _delivery_change(delivery, state=DeliveryState.FAILED, detail=report.detail)
        case SendStatus.FAILED:
            after = _delivery_change(
                delivery,
                state=DeliveryState.WAITING,
                claim=None,
                retry_at=now + BACKOFF[delivery.attempts - 1],
                detail=report.detail,
            )
        case _:
            raise ValueError(f"a claim is no end: {report.met}")
    applied = Applied(lead_id=report.lead_id, version=delivery.version + 1, what=str(report.met))
    kept_in = report.met in (SendStatus.FAILED, SendStatus.REFUSED)
    given_back = _undo_send_count(delivery, record, lead) if kept_in else ()
    return _decision_with(applied, (after, *given_back), book, now)


def _delivery_change(delivery: Delivery, **changes: object) -> Change:
    after = delivery.but(version=delivery.version + 1, **changes)
    return Change(DeliveryRef(delivery.lead_id, delivery.id), delivery.version, after)


def _decision_with(
    outcome: Outcome, changes: tuple[Change, ...], book: CompiledPlaybook, now: datetime
) -> Decision:
    return without_changes(outcome, book, now)._replace(changes=changes)
