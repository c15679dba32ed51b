"""Why a person must look at a prospect that was read from a mail's labelled text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from leadloop.intake.fields.mapping import SubmissionParts, qualified_name
from leadloop.intake.formats.labelled_values import LabelledValues
from leadloop.intake.mail.address_kinds import is_machine_address, is_role_address
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.spam_verdicts import has_spam_verdict
from leadloop.intake.mail.subject_phrases import (
    acknowledgement_pattern,
    business_label_pattern,
    business_pattern,
    call_pattern,
    forward_prefix_pattern,
    inquiry_pattern,
    other_matter_pattern,
    wish_pattern,
)
from leadloop.model.base import Reason


@dataclass(frozen=True)
class ProspectCase:
    """A prospect with the text it was read from.

    `has_contact_above`: an address or a number stands above the mail that was passed on.
    `is_written_by_sender`: the prospect is the sender of a mail that was passed on.
    `unlabelled`: full names of fields that no label gave.
    """

    opened: OpenedMail
    text: str
    labelled: LabelledValues
    parts: SubmissionParts
    has_contact_above: bool
    is_written_by_sender: bool = False
    unlabelled: frozenset[str] = frozenset()

    @cached_property
    def is_reachable(self) -> bool:
        """Whether the person can be written to or called."""
        return is_reachable(self.parts)

    @cached_property
    def is_inquiry(self) -> bool:
        """Whether the subject asks for something."""
        return inquiry_pattern().search(self.opened.mail.subject) is not None

    @cached_property
    def names_colleague(self) -> bool:
        """Whether the address is of whoever passed the mail on."""
        email, mail = self.parts.contact.email, self.opened.mail
        is_forward = forward_prefix_pattern().match(mail.subject) is not None
        return is_forward and bool(email) and self.opened.is_from_organisation_of(email or "")

    @cached_property
    def is_vendor_business(self) -> bool:
        """Whether the subject confirms something, or is about the vendor's bills and the like."""
        subject = self.opened.mail.subject
        if acknowledgement_pattern().search(subject):
            return True
        return not self.is_inquiry and business_pattern().search(subject) is not None

    @cached_property
    def is_other_matter(self) -> bool:
        """Whether the subject speaks of work, of a code to sign in and the like."""
        return other_matter_pattern().search(self.opened.mail.subject) is not None

    @cached_property
    def has_wish(self) -> bool:
        """Whether a label tells what the person wants: one of ours, or one of the playbook.

        Who writes from the mailbox that the labels name may only sign: then the message counts.
        """
        source = self.opened.source
        own = {qualified_name(name) for name in (*source.fields.values(), *source.labels.values())}
        fields = {f"fields.{name}" for name in self.parts.fields}
        if own & fields or self.parts.consent or self.opened.templates:
            return True
        sender, email = self.opened.mail.sender or "", self.parts.contact.email or ""
        if sender.casefold() == email.casefold():
            return self.parts.interest.message is not None
        told = self.parts.interest.model_dump(exclude_none=True)
        return bool(told.keys() - {"product"} or ("product" in told and not self.offers_loosely))

    @property
    def offers_loosely(self) -> bool:
        """Whether only the subject's words tell what the mail is about."""
        return "interest.product" in self.unlabelled


class DoubtRule(NamedTuple):
    """A doubt's reason code, its text for people, and when it holds."""

    code: str
    text: str
    test: Callable[[ProspectCase], bool]


def is_reachable(parts: SubmissionParts) -> bool:
    """Whether there is an address or a number, or a relay for a person with a name."""
    relayed = "relay_email" in parts.fields and _has_name(parts)
    return bool(parts.contact.email or parts.contact.phone or relayed)


def prospect_doubts(case: ProspectCase) -> Iterator[Reason]:
    """The reasons of all rules that hold, in their order."""
    return (Reason(code=rule.code, text=rule.text) for rule in DOUBT_RULES if rule.test(case))


def _is_flagged_as_spam(case: ProspectCase) -> bool:
    return has_spam_verdict(case.text, case.labelled.values.get("interest.message"))


def _asks_nothing(case: ProspectCase) -> bool:
    """A footer's shop or an account manager can be reached as well as the person."""
    return case.is_reachable and not case.parts.interest.message


def _is_no_inquiry(case: ProspectCase) -> bool:
    """A note to a booking or an order is a message, too: the labels tell what it is a note to."""
    if case.is_other_matter:
        return True
    return case.is_vendor_business and (_asks_nothing(case) or _has_business_label(case))


def _is_person_without_wish(case: ProspectCase) -> bool:
    """A receipt or a parcel's notice has a name and an address as well as an inquiry has.

    A subject that may speak of a wish does not outweigh a receipt's labels or an invitation. No
    subject tells nothing, and who passed a mail on took it for an inquiry.
    """
    if not case.is_reachable or case.has_wish or case.is_inquiry:
        return False
    mail = case.opened.mail
    if mail.subject and mail.sender and wish_pattern().search(mail.subject) is None:
        return True
    has_own_way = bool(case.parts.contact.email or case.parts.contact.phone)
    return not has_own_way or mail.invites or _has_business_label(case)


def _has_business_label(case: ProspectCase) -> bool:
    return any(business_label_pattern().search(label) for label in case.labelled.unknown)


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
        and not case.parts.interest.message
        and not case.is_inquiry
    )


def _names_nobody(case: ProspectCase) -> bool:
    return (
        _asks_nothing(case)
        and not case.is_vendor_business
        and not case.is_inquiry
        and not call_pattern().search(case.opened.mail.subject)
        and not _has_name(case.parts)
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


def _has_name(parts: SubmissionParts) -> bool:
    return bool(parts.contact.name or parts.contact.first_name or parts.contact.last_name)
