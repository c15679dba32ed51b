"""Why a person must look at a prospect that was read from a mail's labelled text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from leadloop.intake.fields.mapping import SubmissionParts
from leadloop.intake.formats.labelled_text import LabelledValues
from leadloop.intake.mail.address_kinds import is_role_address
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.spam_verdicts import has_spam_verdict
from leadloop.intake.mail.subject_phrases import (
    acknowledgement_pattern,
    business_pattern,
    inquiry_pattern,
)
from leadloop.model.base import Reason


@dataclass(frozen=True)
class ProspectCase:
    """A prospect with the text it was read from.

    `has_contact_above`: an address or a number stands above the mail that was passed on.
    """

    opened: OpenedMail
    text: str
    labelled: LabelledValues
    parts: SubmissionParts
    has_contact_above: bool

    @cached_property
    def is_reachable(self) -> bool:
        """Whether the person can be written to or called."""
        return is_reachable(self.parts)

    @cached_property
    def is_inquiry(self) -> bool:
        """Whether the subject asks for something."""
        return inquiry_pattern().search(self.opened.mail.subject) is not None

    @cached_property
    def is_vendor_business(self) -> bool:
        """Whether the subject confirms something, or is about the vendor's bills and the like."""
        subject = self.opened.mail.subject
        if acknowledgement_pattern().search(subject):
            return True
        return not self.is_inquiry and business_pattern().search(subject) is not None


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
    return _asks_nothing(case) and case.is_vendor_business


def _names_nobody(case: ProspectCase) -> bool:
    return (
        _asks_nothing(case)
        and not case.is_vendor_business
        and not case.is_inquiry
        and not _has_name(case.parts)
        and not _is_personal_address(case.parts.contact.email, case.opened)
    )


def _is_newsletter(case: ProspectCase) -> bool:
    return not case.is_reachable and not case.labelled.values and case.opened.mail.bulk


def _has_no_labels(case: ProspectCase) -> bool:
    return not case.is_reachable and not case.labelled.values and not case.opened.mail.bulk


def _is_unreachable(case: ProspectCase) -> bool:
    return not case.is_reachable and bool(case.labelled.values)


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
        lambda case: case.has_contact_above,
    ),
)


def _is_personal_address(email: str | None, opened: OpenedMail) -> bool:
    """Whether an address alone may be a person's: a number alone stands in every footer."""
    if not email or opened.mail.bulk:
        return False
    return not is_role_address(email) and not opened.is_from_organisation_of(email)


def _has_name(parts: SubmissionParts) -> bool:
    return bool(parts.contact.name or parts.contact.first_name or parts.contact.last_name)
