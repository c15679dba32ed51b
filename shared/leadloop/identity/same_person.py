"""Whether a submission is from a person whom we know, by the holders of its claims."""

import unicodedata

from leadloop.model.base import Model
from leadloop.model.contact import Contact


class ClaimHolder(Model):
    """A lead whose person has claimed a value, such as a mail address."""

    lead_id: str
    contact: Contact


class PersonMatch(Model):
    """`lead_id` is the lead of the same person, to merge with. `possible` are shown to people."""

    lead_id: str | None = None
    by: str = ""
    possible: tuple[str, ...] = ()


def match_person(
    contact: Contact,
    by_email: ClaimHolder | None,
    by_phone: ClaimHolder | None,
    by_relay: ClaimHolder | None = None,
) -> PersonMatch:
    """The lead of the same person, if there is one.

    The rules in order: the mail address decides; then the phone, unless addresses or names differ;
    then a portal's address of one conversation.
    """
    if by_email is not None:
        differs = by_phone is not None and by_phone.lead_id != by_email.lead_id
        possible = (by_phone.lead_id,) if by_phone is not None and differs else ()
        return PersonMatch(lead_id=by_email.lead_id, by="e-mail", possible=possible)
    if by_phone is None:
        return _match_conversation(contact, by_relay)
    both_have_email = bool(contact.email and by_phone.contact.email)
    if both_have_email or names_contradict(contact, by_phone.contact):
        return PersonMatch(possible=(by_phone.lead_id,))
    return PersonMatch(lead_id=by_phone.lead_id, by="phone")


def _match_conversation(contact: Contact, holder: ClaimHolder | None) -> PersonMatch:
    """The rules of the phone, but both must have a name.

    A portal may have one address for all people. Without names, those would become one person.
    """
    if holder is None:
        return PersonMatch()
    email, held_email = contact.email, holder.contact.email
    other_address = email and held_email and email != held_email
    both_have_names = bool(_words(contact) and _words(holder.contact))
    if other_address or not both_have_names or names_contradict(contact, holder.contact):
        return PersonMatch(possible=(holder.lead_id,))
    return PersonMatch(lead_id=holder.lead_id, by="the portal's address of one conversation")


def names_contradict(first: Contact, second: Contact) -> bool:
    """Whether both have names, and neither name is a shorter form of the other.

    An initial agrees with every word that begins with it. Accents and case do not count.
    """
    first_words, second_words = _words(first), _words(second)
    if not first_words or not second_words:
        return False
    fewer, more = sorted((first_words, second_words), key=len)
    return not all(any(_agree(word, candidate) for candidate in more) for word in fewer)


def _words(contact: Contact) -> list[str]:
    parts = (contact.first_name, contact.last_name)
    text = " ".join(part for part in parts if part) or contact.name or ""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return [word for word in "".join(ch if ch.isalnum() else " " for ch in bare).split() if word]


def _agree(first: str, second: str) -> bool:
    return first == second or (min(len(first), len(second)) == 1 and first[0] == second[0])
