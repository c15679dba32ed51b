"""May this delivery be said now, and to which address? Asked once, right before it is said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leadloop.consent.may_contact import may_contact
from leadloop.model.decision import DropDelivery, Hold
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.facts import Facts, LastAutoResponseRef, SuppressionRef
from leadloop.model.lead import Lead
from leadloop.model.lifecycle import Stage
from leadloop.playbook.compiled import CompiledPlaybook

SCOPES: tuple[Literal["marketing", "all"], ...] = ("marketing", "all")


@dataclass(frozen=True, slots=True)
class SendPermission:
    """Go on, to this address."""

    address: str


def check_send_permission(
    delivery: Delivery, lead: Lead, facts: Facts, book: CompiledPlaybook, now: datetime
) -> SendPermission | Hold | DropDelivery:
    """To whom, or why not now, or why never."""
    if delivery.not_after is not None and now > delivery.not_after:
        return DropDelivery(
            why=f"too late: it was to be said by {delivery.not_after:%Y-%m-%d %H:%M} UTC"
        )
    if delivery.purpose is Purpose.REP_ALERT:
        return _to_rep(delivery, lead, book)
    return _to_person(delivery, lead, facts, book, now)


def address_of(delivery: Delivery, lead: Lead, book: CompiledPlaybook) -> str | None:
    """Where it goes: to the rep it names, else to the person."""
    if delivery.purpose is not Purpose.REP_ALERT:
        return lead.contact.email
    rep = book.rep(delivery.rep) if delivery.rep else None
    return rep.email if rep else None


def _to_rep(
    delivery: Delivery, lead: Lead, book: CompiledPlaybook
) -> SendPermission | DropDelivery:
    owner = lead.assignment.rep if lead.assignment else None
    if delivery.rep is None or owner != delivery.rep:
        return DropDelivery(why="the lead belongs to somebody else by now")
    address = address_of(delivery, lead, book)
    return (
        SendPermission(address)
        if address
        else DropDelivery(why="the playbook has this rep no longer")
    )


def _to_person(
    delivery: Delivery, lead: Lead, facts: Facts, book: CompiledPlaybook, now: datetime
) -> SendPermission | Hold | DropDelivery:
    email = address_of(delivery, lead, book)
    if email is None:
        return DropDelivery(why="the person has no e-mail address")
    if delivery.purpose is Purpose.NURTURE and (why := _sequence_obstacle(delivery, lead)):
        return DropDelivery(why=why)
    refs = {scope: SuppressionRef(email, scope) for scope in SCOPES}
    before = auto_response_ref(delivery, email)
    facts.require(*refs.values(), *([before] if before else []))
    ruling = may_contact(
        delivery.purpose,
        lead.contact,
        book.playbook.contact,
        now,
        stops=[scope for scope, ref in refs.items() if facts.suppression(ref)],
        consents=lead.consents,
        sends=_auto_response_times(delivery, before, facts) if before else lead.sends,
        not_after=delivery.not_after,
    )
    return ruling if isinstance(ruling, Hold | DropDelivery) else SendPermission(email)


def _auto_response_times(
    delivery: Delivery, ref: LastAutoResponseRef, facts: Facts
) -> tuple[datetime, ...]:
    """When the address had this answer, but for this very delivery, which is tried again."""
    before = facts.last_auto_response(ref)
    return () if before is None or before.delivery_id == delivery.id else (before.at,)


def auto_response_ref(delivery: Delivery, address: str) -> LastAutoResponseRef | None:
    """Where it is kept that the address had this automatic answer."""
    if not delivery.purpose.is_answer:
        return None
    return LastAutoResponseRef(address, delivery.offer or str(delivery.purpose))


def _sequence_obstacle(delivery: Delivery, lead: Lead) -> str | None:
    if lead.stage is not Stage.NURTURING:
        return f"the lead is {lead.stage}"
    if lead.enrolment is None or lead.enrolment.sequence != delivery.sequence:
        return "the lead has left the sequence"
    return None
