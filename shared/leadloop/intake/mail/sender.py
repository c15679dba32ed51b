"""How the person of a mail can be reached: by an own address, or by a relay of a portal.

A portal's relay address is kept as a way to answer, never as the person's own. Where no label gives
an address, `Reply-To` is the person's unless it belongs to the sender's organisation. There it is a
relay only if it was made for one conversation: a newsletter's `Reply-To` is its own house's, too.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from leadloop.intake.formats import labelled_values, person_names
from leadloop.intake.mail.address_kinds import (
    is_machine_address,
    is_name_of_domain,
    is_role_address,
)
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.sayings import person_in_display_name
from leadloop.model.contact import MESSAGE_FIELD

EMAIL, RELAY, NAME = "contact.email", "fields.relay_email", "contact.name"


class ContactAddress(NamedTuple):
    """The person's own address or a relay's, never both; neither where nothing can be trusted.

    `given_by` tells what gave the address: a header, or a label and its line. `name` is set only
    where a header gives a name that no label gave.
    """

    email: str | None = None
    relay: str | None = None
    given_by: str = ""
    name: str | None = None
    name_given_by: str = ""


class _HeaderName(NamedTuple):
    name: str | None = None
    name_given_by: str = ""


def choose_address(
    values: Mapping[str, str], given_by: Mapping[str, str], opened: OpenedMail
) -> ContactAddress:
    """The address of the person, from the labels' values or else from the mail's header.

    Both mappings have our full names, such as `contact.email`.
    """
    email = values.get(EMAIL)
    recipients = {address.casefold() for address in opened.mail.recipient_addresses}
    if email is None or is_machine_address(email) or email.casefold() in recipients:
        return _address_in_header(values.keys() - {EMAIL}, opened)
    if opened.is_relay(email):
        return ContactAddress(relay=email, given_by=given_by.get(EMAIL, ""))
    return ContactAddress(email=email, given_by=given_by.get(EMAIL, ""))


def merge_address(values: Mapping[str, str], address: ContactAddress) -> dict[str, str]:
    """The values with the chosen address in place of the one that a label gave."""
    merged = {name: text for name, text in values.items() if name != EMAIL}
    return {**merged, **_without_none(address.email, address.relay, address.name)}


def merge_origins(given_by: Mapping[str, str], address: ContactAddress) -> dict[str, str]:
    """What gave each value, with the address and the name that were chosen."""
    merged = {name: origin for name, origin in given_by.items() if name != EMAIL}
    origins = _without_none(
        address.email and address.given_by,
        address.relay and address.given_by,
        address.name and address.name_given_by,
    )
    return {**merged, **origins}


def _without_none(email: str | None, relay: str | None, name: str | None) -> dict[str, str]:
    texts = {EMAIL: email, RELAY: relay, NAME: name}
    return {field: text for field, text in texts.items() if text is not None}


def _address_in_header(labelled: Collection[str], opened: OpenedMail) -> ContactAddress:
    """`labelled` are the full names of the fields that a label gave."""
    reply_to = opened.mail.reply_to
    if reply_to is None:
        return _relay_at_from(labelled, opened)
    if is_machine_address(reply_to):
        return ContactAddress()
    if opened.is_relay(reply_to):
        name = _name_at_from(labelled, opened)
        return ContactAddress(None, reply_to, "Reply-To", *name)
    if opened.is_from_organisation_of(reply_to):
        return ContactAddress()
    if _may_be_the_person(reply_to, labelled, opened):
        name = _name_at_reply_to(labelled, opened)
        return ContactAddress(reply_to, None, "Reply-To", *name)
    return ContactAddress()


def _relay_at_from(labelled: Collection[str], opened: OpenedMail) -> ContactAddress:
    sender = opened.mail.sender or ""
    if not opened.is_relay(sender) or is_machine_address(sender) or is_role_address(sender):
        return ContactAddress()
    return ContactAddress(None, sender, "From", *_name_at_from(labelled, opened))


def _name_at_from(labelled: Collection[str], opened: OpenedMail) -> _HeaderName:
    """A portal may write in the person's name: only where the subject has the same name.

    A mail to many is written in the name of its own house.
    """
    name = person_in_display_name(opened.mail.sender_name)
    if _has_name(labelled) or name is None or opened.mail.bulk:
        return _HeaderName()
    if is_name_of_domain(name, opened.sender_domain):
        return _HeaderName()
    if name.casefold() not in opened.mail.subject.casefold():
        return _HeaderName()
    return _HeaderName(name, "the name at From, and in the subject")


def _name_at_reply_to(labelled: Collection[str], opened: OpenedMail) -> _HeaderName:
    name = opened.mail.reply_name
    if _has_name(labelled) or not _is_a_name(name):
        return _HeaderName()
    return _HeaderName(name, "the name at Reply-To")


def _has_name(labelled: Collection[str]) -> bool:
    return any(name in labelled for name in labelled_values.NAME_FIELDS)


def _is_a_name(text: str | None) -> bool:
    if not text or "@" in text:
        return False
    return not person_names.is_placeholder_name(text)


def _may_be_the_person(address: str, labelled: Collection[str], opened: OpenedMail) -> bool:
    """A newsletter has a `Reply-To` of another domain, too: the mail must speak of an inquiry."""
    if any(name.startswith("contact.") for name in labelled):
        return True
    mail = opened.mail
    if mail.bulk or is_role_address(address) or opened.matter.is_summary:
        return False
    return MESSAGE_FIELD in labelled or opened.matter.is_inquiry
