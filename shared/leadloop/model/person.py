"""A person, as we know them: one for life, whatever product lines they ask about."""

from datetime import datetime

from leadloop.model.base import Model
from leadloop.model.contact import Contact
from leadloop.model.submission import Attendance, ConsentRecord

MOST_CARD_NAME = 80  # characters


class Touchpoint(Model):
    """A confirmed signal, stored for scoring. `id` is the signal's, so each counts once."""

    id: str
    signal: str
    at: datetime


class EventAttendance(Model):
    """How the person stands to an event, and since when we know it."""

    status: Attendance
    at: datetime


class OfferGrant(Model):
    """What a form promised and the person got: a `code`, the number of a seat, or a file."""

    offer: str
    code: str | None = None
    at: datetime


class OfferRequest(Model):
    """Proof that somebody asked for an offer, and that the address said yes to it.

    `delivery` is the mail that asks the address. `address` and `confirmed_at` are set by the yes.
    """

    offer: str
    template: str
    at: datetime
    submission: str
    ip: str | None = None
    delivery: str
    address: str | None = None
    confirmed_at: datetime | None = None


class Person(Model):
    """What is true of a person in every product line.

    - `since`: when a value of the contact was received, if not with the first submission. The
      earliest value wins in any order of arrival; a value set by a person always wins.
    - `account`: the registrable domain of the person's company.
    - `touchpoints`: what the person did, for the scores of all leads.
    - `sends`: the times of messages to the person, of all leads together.
    - `asked`, `given`: the offers that the person asked for, and got.
    """

    contact: Contact
    since: dict[str, datetime] = {}
    account: str | None = None
    touchpoints: tuple[Touchpoint, ...] = ()
    consents: tuple[ConsentRecord, ...] = ()
    possible_matches: tuple[str, ...] = ()
    attendance: dict[str, EventAttendance] = {}  # by event
    sends: tuple[datetime, ...] = ()
    asked: tuple[OfferRequest, ...] = ()
    given: tuple[OfferGrant, ...] = ()

    @property
    def card_names(self) -> tuple[str, str]:
        """How a list names the person and the company; what is longer is cut."""
        contact = self.contact
        full_name = " ".join(filter(None, (contact.first_name, contact.last_name)))
        name = contact.name or full_name or contact.email or contact.phone or ""
        return name[:MOST_CARD_NAME], (contact.company or "")[:MOST_CARD_NAME]
