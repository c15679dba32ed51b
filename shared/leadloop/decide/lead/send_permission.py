"""May this delivery be said now, and to which address? Asked once, right before it is said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leadloop.consent.may_contact import may_contact
from leadloop.model.decision import Drop, Hold
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.facts import AnsweredRef, Facts, SuppressionRef
from leadloop.model.lead import Lead
from leadloop.model.lifecycle import Stage
from leadloop.playbook.compiled import Compiled

SCOPES: tuple[Literal["marketing", "all"], ...] = ("marketing", "all")


@dataclass(frozen=True, slots=True)
class Say:
    """Go on, to this address."""

    address: str


def may_speak(
    delivery: Delivery, lead: Lead, facts: Facts, book: Compiled, now: datetime
) -> Say | Hold | Drop:
    """To whom, or why not now, or why never."""
    if delivery.not_after is not None and now > delivery.not_after:
        return Drop(why=f"too late: it was to be said by {delivery.not_after:%Y-%m-%d %H:%M} UTC")
    if delivery.purpose is Purpose.REP_ALERT:
        return _to_rep(delivery, lead, book)
    return _to_person(delivery, lead, facts, book, now)


def address_of(delivery: Delivery, lead: Lead, book: Compiled) -> str | None:
    """Where it goes: to the rep it names, else to the person."""
    if delivery.purpose is not Purpose.REP_ALERT:
        return lead.contact.email
    rep = book.rep(delivery.rep) if delivery.rep else None
    return rep.email if rep else None


def _to_rep(delivery: Delivery, lead: Lead, book: Compiled) -> Say | Drop:
    owner = lead.assignment.rep if lead.assignment else None
    if delivery.rep is None or owner != delivery.rep:
        return Drop(why="the lead belongs to somebody else by now")
    address = address_of(delivery, lead, book)
    return Say(address) if address else Drop(why="the playbook has this rep no longer")


def _to_person(
    delivery: Delivery, lead: Lead, facts: Facts, book: Compiled, now: datetime
) -> Say | Hold | Drop:
    email = address_of(delivery, lead, book)
    if email is None:
        return Drop(why="the person has no e-mail address")
    if delivery.purpose is Purpose.NURTURE and (why := _out_of_sequence(delivery, lead)):
        return Drop(why=why)
    refs = {scope: SuppressionRef(email, scope) for scope in SCOPES}
    before = answered_ref(delivery, email)
    facts.require(*refs.values(), *([before] if before else []))
    ruling = may_contact(
        delivery.purpose,
        lead.contact,
        book.playbook.contact,
        now,
        stops=[scope for scope, ref in refs.items() if facts.suppression(ref)],
        consents=lead.consents,
        sends=_answers(delivery, before, facts) if before else lead.sends,
        not_after=delivery.not_after,
    )
    return ruling if isinstance(ruling, Hold | Drop) else Say(email)


def _answers(delivery: Delivery, ref: AnsweredRef, facts: Facts) -> tuple[datetime, ...]:
    """When the address had this answer, but for this very delivery, which is tried again."""
    before = facts.answered(ref)
    return () if before is None or before.delivery_id == delivery.id else (before.at,)


def answered_ref(delivery: Delivery, address: str) -> AnsweredRef | None:
    """Where it is kept that the address had this automatic answer."""
    if not delivery.purpose.is_answer:
        return None
    return AnsweredRef(address, delivery.offer or str(delivery.purpose))


def _out_of_sequence(delivery: Delivery, lead: Lead) -> str | None:
    if lead.stage is not Stage.NURTURING:
        return f"the lead is {lead.stage}"
    if lead.enrolment is None or lead.enrolment.sequence != delivery.sequence:
        return "the lead has left the sequence"
    return None
