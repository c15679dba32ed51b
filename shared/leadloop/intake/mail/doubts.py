"""Why a person must look at a prospect that was read from a mail's labelled text."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from leadloop.intake.fields.placeholders import is_provider_address
from leadloop.intake.mail.address_kinds import (
    domain_of,
    is_house_of_name,
    is_machine_address,
    is_name_of_domain,
    is_role_address,
    is_same_organisation,
)
from leadloop.intake.mail.matters import awaits_moderation, is_application, is_offer, is_trial
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.prospect_case import ProspectCase
from leadloop.intake.mail.spam_verdicts import has_spam_verdict
from leadloop.model.base import Reason
from leadloop.model.contact import MESSAGE_FIELD

FEWEST_BUSINESS_LABELS = 2  # of a bill; an inquiry has one at most


class DoubtRule(NamedTuple):
    """A doubt's reason code, its text for people, and when it holds."""

    code: str
    text: str
    test: Callable[[ProspectCase], bool]


def prospect_doubts(case: ProspectCase) -> Iterator[Reason]:
    """The reasons of all rules that hold, in their order."""
    return (Reason(code=rule.code, text=rule.text) for rule in DOUBT_RULES if rule.test(case))


def _is_flagged_as_spam(case: ProspectCase) -> bool:
    return has_spam_verdict(case.text, case.labelled.values.get(MESSAGE_FIELD))


def _asks_nothing(case: ProspectCase) -> bool:
    """A footer's shop or an account manager can be reached as well as the person."""
    return case.is_reachable and not case.labelled_message


def _is_no_inquiry(case: ProspectCase) -> bool:
    """A note to a booking or an order is a message, too: the labels tell what it is a note to.

    A form of our own may ask about a bill, a mail of another house tells of its own.
    """
    if case.opened.matter.is_other_matter or is_application(case.message):
        return True
    if not case.opened.matter.is_inquiry and (
        len(case.business_labels) >= FEWEST_BUSINESS_LABELS or case.is_applicant
    ):
        return True
    return case.opened.matter.is_vendor_business and (
        _asks_nothing(case)
        or bool(case.business_labels)
        or not (case.opened.matter.is_inquiry or case.may_wish or case.is_of_our_house)
    )


def _is_answer(case: ProspectCase) -> bool:
    """Somebody goes on with a conversation and signs; a form that was filled in has a message."""
    is_answer = case.opened.matter.is_reply and bool(case.opened.mail.answers)
    return is_answer and not case.labelled_message


def _is_person_without_wish(case: ProspectCase) -> bool:
    """A receipt or a parcel's notice has a name and an address as well as an inquiry has.

    A subject that may speak of a wish does not outweigh a receipt's labels or an invitation. No
    subject tells nothing, and who passed a mail on took it for an inquiry.
    """
    if not case.is_reachable or case.has_wish or case.opened.matter.is_inquiry:
        return False
    mail = case.opened.mail
    if mail.subject and mail.sender and not case.may_wish:
        return True
    has_own_way = bool(case.parts.contact.email or case.parts.contact.phone)
    return not has_own_way or mail.invites or bool(case.business_labels)


def _is_signature(case: ProspectCase) -> bool:
    sender, email = case.opened.mail.sender or "", case.parts.contact.email or ""
    return bool(email) and sender.casefold() == email.casefold() and not case.labelled_message


def _is_trial(case: ProspectCase) -> bool:
    contact = case.parts.contact
    answers = tuple(filter(None, (contact.name, case.message)))
    return is_trial(case.opened.mail.subject, case.text, answers)


def _names_addressee(case: ProspectCase) -> bool:
    """An order or a ticket of our own names the mailbox to which its mails go, or a colleague."""
    email = (case.parts.contact.email or "").casefold()
    addressees = {each.casefold() for each in case.opened.mail.recipient_addresses}
    if not email or is_provider_address(email):
        return email in addressees
    return any(is_same_organisation(domain_of(each), domain_of(email)) for each in addressees)


def _names_staff_of_sender(case: ProspectCase) -> bool:
    """A house that writes in its own name tells whom to call there: an account manager, a desk."""
    mail, email = case.opened.mail, case.parts.contact.email
    house = case.opened.sender_domain
    if not email or case.labelled_message or not is_name_of_domain(mail.sender_name or "", house):
        return False
    return case.opened.is_from_organisation_of(email) or is_house_of_name(house, domain_of(email))


def _names_colleague_of_sender(case: ProspectCase) -> bool:
    """Somebody writes from a mailbox of their own and names a person of the same house.

    So do absence notes in any language: they name who stands in.
    """
    sender, email = case.opened.mail.sender, case.parts.contact.email
    if not sender or not email or sender.casefold() == email.casefold():
        return False
    is_personal = not (is_machine_address(sender) or is_role_address(sender))
    return (
        is_personal
        and case.opened.is_from_organisation_of(email)
        and not case.labelled_message
        and not case.opened.matter.is_inquiry
    )


def _names_nobody(case: ProspectCase) -> bool:
    return (
        _asks_nothing(case)
        and not case.opened.matter.is_vendor_business
        and not case.opened.matter.is_inquiry
        and not case.opened.matter.is_call
        and not case.has_name
        and not _is_personal_address(case.parts.contact.email, case.opened)
    )


def _is_newsletter(case: ProspectCase) -> bool:
    return not case.is_reachable and case.opened.mail.bulk


def _has_no_labels(case: ProspectCase) -> bool:
    return not case.is_reachable and not case.labelled.values and not case.opened.mail.bulk


def _is_unreachable(case: ProspectCase) -> bool:
    return not case.is_reachable and bool(case.labelled.values) and not case.opened.mail.bulk


def _has_contact_in_message(case: ProspectCase) -> bool:
    return not case.is_reachable and bool(case.labelled.planted)


def _has_contact_of_others(case: ProspectCase) -> bool:
    return not case.is_reachable and bool(case.labelled.others)


DOUBT_RULES = (
    DoubtRule("spam", "the vendor itself calls it spam", _is_flagged_as_spam),
    DoubtRule(
        "several_persons",
        "the mail tells of more than one person",
        lambda case: case.labelled.has_several_persons,
    ),
    DoubtRule("no_inquiry", "the subject speaks of the vendor's own business", _is_no_inquiry),
    DoubtRule("nobody_named", "who can be reached has no name and asks nothing", _names_nobody),
    DoubtRule("no_wish", "nothing says that the person asks for anything", _is_person_without_wish),
    DoubtRule("conversation", "it goes on with a conversation, and asks nothing", _is_answer),
    DoubtRule("signature", "its sender signs it, and asks nothing by a label", _is_signature),
    DoubtRule("trial", "somebody tries out whether leads arrive", _is_trial),
    DoubtRule(
        "comment",
        "a comment waits to be let through",
        lambda case: awaits_moderation(case.text),
    ),
    DoubtRule("offer", "somebody offers what form spam sells", lambda case: is_offer(case.message)),
    DoubtRule(
        "addressee", "the address is of the house that the mail was sent to", _names_addressee
    ),
    DoubtRule(
        "staff_of_sender",
        "it names somebody of the house that sends it, and asks nothing",
        _names_staff_of_sender,
    ),
    DoubtRule(
        "colleague_of_sender",
        "it names a colleague of who sends it, and asks nothing",
        _names_colleague_of_sender,
    ),
    DoubtRule("newsletter", "it was sent to many and names nobody", _is_newsletter),
    DoubtRule("no_labels", "no label that we know is in the text", _has_no_labels),
    DoubtRule("nobody_to_reach", "no e-mail and no phone of a person", _is_unreachable),
    DoubtRule(
        "contact_in_message", "an e-mail or phone stands in the message", _has_contact_in_message
    ),
    DoubtRule("contact_of_others", "what reaches somebody is a dealer's", _has_contact_of_others),
    DoubtRule(
        "two_persons",
        "above what was passed on stands somebody's address or number, too",
        lambda case: case.has_contact_above or case.names_colleague,
    ),
    DoubtRule(
        "passed_on",
        "a mail without labels was passed on: its sender may be the person",
        lambda case: case.is_written_by_sender,
    ),
)


def _is_personal_address(email: str | None, opened: OpenedMail) -> bool:
    """Whether an address alone may be a person's: a number alone stands in every footer."""
    if not email or opened.mail.bulk:
        return False
    return not is_role_address(email) and not opened.is_from_organisation_of(email)
