"""Same person? Two claimed values, who holds them, and what follows."""

import unicodedata

from leadloop.model.base import Model
from leadloop.model.contact import Contact


class ClaimHolder(Model):
    """A lead that holds a claimed value."""

    lead_id: str
    contact: Contact


class PersonMatch(Model):
    """`lead_id`: the same person, merge. `possible`: shown to people, never applied."""

    lead_id: str | None = None
    by: str = ""
    possible: tuple[str, ...] = ()


def match_person(
    contact: Contact,
    by_email: ClaimHolder | None,
    by_phone: ClaimHolder | None,
    by_relay: ClaimHolder | None = None,
) -> PersonMatch:
    """The rules of identity, in order: e-mail, then phone, then both at odds, then a portal's."""
    if by_email is not None:
        other = by_phone is not None and by_phone.lead_id != by_email.lead_id
        possible = (by_phone.lead_id,) if by_phone is not None and other else ()
        return PersonMatch(lead_id=by_email.lead_id, by="e-mail", possible=possible)
    if by_phone is None:
        return _match_conversation(contact, by_relay)
    both_have_email = bool(contact.email and by_phone.contact.email)
    if both_have_email or names_contradict(contact, by_phone.contact):
        return PersonMatch(possible=(by_phone.lead_id,))
    return PersonMatch(lead_id=by_phone.lead_id, by="phone")


def _match_conversation(contact: Contact, known: ClaimHolder | None) -> PersonMatch:
    """As by phone; a portal that has one address for all would fuse those whom nobody named."""
    if known is None:
        return PersonMatch()
    other_address = contact.email and known.contact.email and contact.email != known.contact.email
    named = bool(_words(contact) and _words(known.contact))
    if other_address or not named or names_contradict(contact, known.contact):
        return PersonMatch(possible=(known.lead_id,))
    return PersonMatch(lead_id=known.lead_id, by="the portal's address of one conversation")


def names_contradict(one: Contact, other: Contact) -> bool:
    """Two known names of which neither is a shorter form of the other.

    An initial agrees with any word that begins with it; marks and case do not count.
    """
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return False
    fewer, more = sorted((mine, theirs), key=len)
    return not all(any(_agree(word, candidate) for candidate in more) for word in fewer)


def _words(contact: Contact) -> list[str]:
    parts = (contact.first_name, contact.last_name)
    text = " ".join(part for part in parts if part) or contact.name or ""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return [word for word in "".join(ch if ch.isalnum() else " " for ch in bare).split() if word]


def _agree(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
