"""May this delivery be sent now, and to which address? Asked once, right before it is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leadloop.consent.may_contact import may_contact
from leadloop.decide.lead.context import DecisionContext
from leadloop.model.auto_response import LastAutoResponseRef
from leadloop.model.consent import BOUNCE, Suppression, SuppressionRef
from leadloop.model.decision import DropDelivery, Hold
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.facts import Check
from leadloop.model.lead import Lead
from leadloop.model.lifecycle import Stage
from leadloop.model.person import Person
from leadloop.playbook.compiled import CompiledPlaybook

CONFIRMATION = "confirmation"  # the purpose of a mail that asks whether the address says yes
SCOPES: tuple[Literal["marketing", "all"], ...] = ("marketing", "all")


@dataclass(frozen=True, slots=True)
class SendPermission:
    """Go on, to this address, if what `checks` name has not changed by then."""

    address: str
    checks: tuple[Check, ...] = ()


def check_send_permission(
    delivery: Delivery, person: Person, lead: Lead, context: DecisionContext
) -> SendPermission | Hold | DropDelivery:
    """The address to send to, or why not now, or why never."""
    if delivery.not_after is not None and context.now > delivery.not_after:
        return DropDelivery(
            why=f"too late: it was to be said by {delivery.not_after:%Y-%m-%d %H:%M} UTC"
        )
    if delivery.purpose is Purpose.REP_ALERT:
        return _check_rep(delivery, lead, context.book)
    return _check_person(delivery, person, lead, context)


def address_of(delivery: Delivery, person: Person, book: CompiledPlaybook) -> str | None:
    """The e-mail address of the rep whom the delivery names, else of the person."""
    if delivery.purpose is not Purpose.REP_ALERT:
        return person.contact.email
    rep = book.rep(delivery.rep) if delivery.rep else None
    return rep.email if rep else None


def auto_response_ref(delivery: Delivery, address: str) -> LastAutoResponseRef | None:
    """Where the last automatic answer to the address is stored; None if this is no answer."""
    if not delivery.purpose.is_answer:
        return None
    if delivery.purpose is Purpose.CONFIRMATION:  # one a day, whatever it asks
        return LastAutoResponseRef(address, str(delivery.purpose))
    return LastAutoResponseRef(address, delivery.offer or str(delivery.purpose))


def _check_rep(
    delivery: Delivery, lead: Lead, book: CompiledPlaybook
) -> SendPermission | DropDelivery:
    owner = lead.assignment.rep if lead.assignment else None
    if delivery.rep is None or owner != delivery.rep:
        return DropDelivery(why="the lead belongs to somebody else by now")
    rep = book.rep(delivery.rep)
    if rep is None or not rep.email:
        return DropDelivery(why="the playbook has this rep no longer")
    return SendPermission(rep.email)


def _check_person(
    delivery: Delivery, person: Person, lead: Lead, context: DecisionContext
) -> SendPermission | Hold | DropDelivery:
    facts, email = context.facts, person.contact.email
    if email is None:
        return DropDelivery(why="the person has no e-mail address")
    if delivery.purpose is Purpose.NURTURE and (why := _sequence_obstacle(delivery, lead)):
        return DropDelivery(why=why)
    refs = {scope: SuppressionRef(email, scope) for scope in SCOPES}
    answer_ref = auto_response_ref(delivery, email)
    facts.require(*refs.values(), *([answer_ref] if answer_ref else []))
    stops = {scope: facts.get(ref) for scope, ref in refs.items()}
    sends = _auto_response_times(delivery, answer_ref, context) if answer_ref else person.sends
    ruling = may_contact(
        delivery.purpose,
        person.contact,
        context.book.playbook.contact,
        context.now,
        stops=[scope for scope, stop in stops.items() if _forbids(stop, delivery)],
        consents=person.consents,
        sends=sends,
        not_after=delivery.not_after,
    )
    if isinstance(ruling, Hold | DropDelivery):
        return ruling
    # A person who says stop is answered at once: no mail may be claimed past that.
    checks = (
        Check(refs[scope], None if stop is None else stop.version) for scope, stop in stops.items()
    )
    return SendPermission(email, tuple(checks))


def _forbids(stop: Suppression | None, delivery: Delivery) -> bool:
    """Whether the stop holds; a bounce does not forbid to ask whether the address says yes."""
    if stop is None or not stop.holds:
        return False
    return stop.why != BOUNCE or str(delivery.purpose) != CONFIRMATION


def _auto_response_times(
    delivery: Delivery, ref: LastAutoResponseRef, context: DecisionContext
) -> tuple[datetime, ...]:
    """When the address had this answer; this very delivery, tried again, does not count."""
    last = context.facts.get(ref)
    return () if last is None or last.delivery_id == delivery.id else (last.at,)


def _sequence_obstacle(delivery: Delivery, lead: Lead) -> str | None:
    if lead.stage is not Stage.NURTURING:
        return f"the lead is {lead.stage}"
    if lead.enrolment(delivery.sequence) is None:
        return "the lead has left the sequence"
    return None
