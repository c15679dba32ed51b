"""What `deliver` is about to do with a delivery, or has met: the only place that says “go on”.

A delivery is claimed before it is sent. So it is sent at most once, whatever arrives twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.send_permission import (
    SendPermission,
    address_of,
    auto_response_ref,
    check_send_permission,
)
from leadloop.model.auto_response import LastAutoResponse
from leadloop.model.decision import Applied, Decision, DropDelivery, Hold, Ignored, Send
from leadloop.model.delivery import Delivery, DeliveryState, Purpose, delivery_ref
from leadloop.model.facts import Change
from leadloop.model.lead import Lead, Record, RecordRef
from leadloop.model.person import Person
from leadloop.model.report import Report, SendStatus
from leadloop.model.stored_lead import lead_refs

# Waits before the next try; after the last one the delivery has failed.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
MOST_SENDS = 32
ABANDONED_RUN = "a run that had begun to send it ended without a word"


@dataclass(frozen=True, eq=False, repr=False)  # a start pays for each method made
class ReportCase(DecisionContext):
    """A report with the delivery it is about, and the lead of that delivery."""

    report: Report
    delivery: Delivery
    record: Record
    person: Person
    lead: Lead

    def change_delivery(self, **changes: object) -> Change:
        """The delivery with these changes, as its next version."""
        after = self.delivery.but(version=self.delivery.version + 1, **changes)
        ref = delivery_ref(self.delivery.lead_id, self.delivery.id)
        return Change(ref, self.delivery.version, after)

    def change_sends(self, sends: tuple[datetime, ...]) -> Change:
        """The person with these times of messages."""
        record = self.record
        after = record.but(person=self.person.but(sends=sends), version=record.version + 1)
        return Change(RecordRef(record.id), record.version, after)


def decide(report: Report, context: DecisionContext) -> Decision:
    """Claim the delivery before it is sent, or close it with how the sending ended."""
    ref = delivery_ref(report.lead_id, report.delivery_id)
    context.facts.require(ref, *lead_refs(report.lead_id))
    delivery, stored = context.facts.get(ref), context.find_lead(report.lead_id)
    if delivery is None or stored is None:
        return context.build_decision(Ignored(why="no such delivery"))
    case = ReportCase(
        context.facts,
        context.book,
        context.now,
        report,
        delivery,
        stored.record,
        stored.person,
        stored.lead,
    )
    return _claim(case) if report.met is SendStatus.SENDING else _close(case)


def _claim(case: ReportCase) -> Decision:
    delivery = case.delivery
    if delivery.state is DeliveryState.SENDING or _is_abandoned(case):
        return _repeat_claim(case)
    if delivery.state is not DeliveryState.READY:
        return case.build_decision(DropDelivery(why=f"it is {delivery.state} already"))
    ruling = check_send_permission(delivery, case.person, case.lead, case)
    match ruling:
        case DropDelivery():
            dropped = case.change_delivery(state=DeliveryState.DROPPED, detail=ruling.why)
            return case.build_decision(ruling, (dropped,))
        case Hold():
            waiting = case.change_delivery(
                state=DeliveryState.WAITING, retry_at=ruling.until, detail=ruling.why
            )
            return case.build_decision(ruling, (waiting,))
        case SendPermission():
            return _send(case, ruling.address)._replace(checks=ruling.checks)
        case _:
            assert_never(ruling)


def _send(case: ReportCase, address: str) -> Decision:
    """The delivery is claimed, and counts from this moment on."""
    claimed = case.delivery.but(
        state=DeliveryState.SENDING,
        claim=case.report.claim,
        address=address,
        claimed_at=case.now,
        attempts=case.delivery.attempts + 1,
        version=case.delivery.version + 1,
    )
    ref = delivery_ref(claimed.lead_id, claimed.id)
    return case.build_decision(
        Send(delivery=claimed, person=case.person, lead=case.lead, address=address),
        (
            Change(ref, case.delivery.version, claimed),
            *_count_send(case),
            *_record_auto_response(case, address),
        ),
    )


def _repeat_claim(case: ReportCase) -> Decision:
    """Our own claim, whose answer was lost, goes on; a foreign one is a run that died sending.

    It is not judged again: the claim has counted against the limits already.
    """
    delivery, person, lead = case.delivery, case.person, case.lead
    address = delivery.address or address_of(delivery, person, case.book)
    if delivery.claim == case.report.claim and address is not None:
        if delivery.state is DeliveryState.SENDING:
            return case.build_decision(
                Send(delivery=delivery, person=person, lead=lead, address=address)
            )
        reclaimed = delivery.but(
            state=DeliveryState.SENDING, detail=None, version=delivery.version + 1
        )
        change = Change(delivery_ref(delivery.lead_id, delivery.id), delivery.version, reclaimed)
        return case.build_decision(
            Send(delivery=reclaimed, person=person, lead=lead, address=address), (change,)
        )
    unknown = case.change_delivery(state=DeliveryState.UNKNOWN, detail=ABANDONED_RUN)
    return case.build_decision(DropDelivery(why=ABANDONED_RUN), (unknown,))


def _is_abandoned(case: ReportCase) -> bool:
    """Whether a copy of the message has given this run up as dead."""
    delivery = case.delivery
    unknown = delivery.state is DeliveryState.UNKNOWN and delivery.detail == ABANDONED_RUN
    return unknown and delivery.claim == case.report.claim


def _count_send(case: ReportCase) -> tuple[Change, ...]:
    """A message to the person counts against its limits from the moment it is claimed."""
    if case.delivery.purpose is not Purpose.NURTURE:
        return ()
    return (case.change_sends((*case.person.sends, case.now)[-MOST_SENDS:]),)


def _record_auto_response(case: ReportCase, address: str) -> tuple[Change, ...]:
    """The address has had its answer from the moment it is claimed."""
    ref = auto_response_ref(case.delivery, address)
    if ref is None:
        return ()
    before = case.facts.get(ref)
    version = before.version if before else 0
    after = LastAutoResponse(version=version + 1, at=case.now, delivery_id=case.delivery.id)
    return (Change(ref, version or None, after),)


def _undo_send_count(case: ReportCase) -> tuple[Change, ...]:
    """A message that never left takes nothing from what the person may still get."""
    if case.delivery.claimed_at not in case.person.sends:
        return ()
    sends = list(case.person.sends)
    sends.remove(case.delivery.claimed_at)
    return (case.change_sends(tuple(sends)),)


def _close(case: ReportCase) -> Decision:
    """Close the delivery; only the run that holds the claim knows how the sending ended.

    That holds also if a copy of its message gave the run up meanwhile.
    """
    report, delivery = case.report, case.delivery
    is_open = delivery.state in (DeliveryState.SENDING, DeliveryState.UNKNOWN)
    if not is_open or delivery.claim != report.claim:
        return case.build_decision(Ignored(why="the delivery is not this run's"))
    match report.met:
        case SendStatus.SENT:
            after = case.change_delivery(state=DeliveryState.SENT, detail=report.detail)
        case SendStatus.REFUSED:
            after = case.change_delivery(state=DeliveryState.FAILED, detail=report.detail)
        case SendStatus.UNKNOWN:
            after = case.change_delivery(state=DeliveryState.UNKNOWN, detail=report.detail)
        case SendStatus.FAILED if delivery.attempts > len(BACKOFF):
            after = case.change_delivery(state=DeliveryState.FAILED, detail=report.detail)
        case SendStatus.FAILED:
            after = case.change_delivery(
                state=DeliveryState.WAITING,
                claim=None,
                retry_at=case.now + BACKOFF[delivery.attempts - 1],
                detail=report.detail,
            )
        case _:
            raise ValueError(f"a claim is no end: {report.met}")
    never_left = report.met in (SendStatus.FAILED, SendStatus.REFUSED)
    return case.build_decision(
        Applied(lead_id=report.lead_id, version=delivery.version + 1, what=str(report.met)),
        (after, *(_undo_send_count(case) if never_left else ())),
    )


def has_alert_failed(delivery: Delivery, met: SendStatus) -> bool:
    """Whether a rep may never get this alert: what was met ends its tries."""
    if delivery.purpose is not Purpose.REP_ALERT:
        return False
    is_last_try = delivery.attempts > len(BACKOFF)
    is_final = met in (SendStatus.REFUSED, SendStatus.UNKNOWN)
    return is_final or (met is SendStatus.FAILED and is_last_try)
