"""A prospect that was read from a mail's labelled text, with the text, as its doubts ask of it."""

from dataclasses import dataclass
from functools import cached_property

from leadloop.intake.fields.mapping import SubmissionParts, qualified_name
from leadloop.intake.formats.labelled_values import LabelledValues
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.subject_phrases import (
    applicant_label_pattern,
    business_label_pattern,
    forward_prefix_pattern,
)
from leadloop.model.contact import MESSAGE_FIELD


@dataclass(frozen=True)
class ProspectCase:
    """A prospect with the text it was read from.

    `has_contact_above`: an address or a number stands above the mail that was passed on.
    `is_written_by_sender`: the prospect is the sender of a mail that was passed on.
    """

    opened: OpenedMail
    text: str
    labelled: LabelledValues
    parts: SubmissionParts
    has_contact_above: bool
    is_written_by_sender: bool = False

    @cached_property
    def is_reachable(self) -> bool:
        """Whether the person can be written to or called."""
        return is_reachable(self.parts)

    @cached_property
    def message(self) -> str:
        """What the person wrote; empty if nothing."""
        return self.parts.interest.message or ""

    @cached_property
    def labelled_message(self) -> str:
        """The message, if a label or a portal's sentence gave it: any mail has other words."""
        return self.message if MESSAGE_FIELD in self.labelled.values else ""

    @cached_property
    def may_wish(self) -> bool:
        """Whether the subject may speak of a wish, or a stranger filled in a form of our house."""
        return self.is_of_own_form or self.opened.matter.may_wish

    @cached_property
    def is_of_our_house(self) -> bool:
        """Whether it comes from the house that it is sent to; where nobody is addressed, it may."""
        addressees = self.opened.mail.recipient_addresses
        return not addressees or any(map(self.opened.is_from_organisation_of, addressees))

    @cached_property
    def is_of_own_form(self) -> bool:
        """Whether a mailbox of our house writes to another one, and a stranger gets the answer."""
        reply_to = self.opened.mail.reply_to
        is_own = bool(self.opened.mail.recipient_addresses) and self.is_of_our_house
        return is_own and bool(reply_to) and not self.opened.is_from_organisation_of(reply_to or "")

    @cached_property
    def names_colleague(self) -> bool:
        """Whether the address is of whoever passed the mail on."""
        email, mail = self.parts.contact.email, self.opened.mail
        is_forward = forward_prefix_pattern().match(mail.subject) is not None
        return is_forward and bool(email) and self.opened.is_from_organisation_of(email or "")

    @cached_property
    def has_wish(self) -> bool:
        """Whether a label tells what the person wants: one of ours, or one of the playbook.

        Who writes from the mailbox that the labels name may only sign: then the message counts.
        Words that no label gave are no wish.
        """
        source = self.opened.source
        own = {qualified_name(name) for name in (*source.fields.values(), *source.labels.values())}
        fields = {f"fields.{name}" for name in self.parts.fields}
        if own & fields or self.parts.consent or self.opened.templates:
            return True
        sender, email = self.opened.mail.sender or "", self.parts.contact.email or ""
        if sender.casefold() == email.casefold():
            return bool(self.labelled_message)
        given = self.parts.interest.model_dump(exclude_none=True)
        return any(f"interest.{name}" in self.labelled.values for name in given)

    @cached_property
    def has_name(self) -> bool:
        """Whether the person has a name, or a part of one."""
        return _has_name(self.parts)

    @cached_property
    def business_labels(self) -> tuple[str, ...]:
        """The labels of a bill, a parcel, a sign-in notice and the like."""
        labels = self.labelled.unknown
        return tuple(label for label in labels if business_label_pattern().search(label))

    @cached_property
    def is_applicant(self) -> bool:
        """Whether a label tells of somebody who looks for work."""
        return any(applicant_label_pattern().search(label) for label in self.labelled.unknown)


def is_reachable(parts: SubmissionParts) -> bool:
    """Whether there is an address or a number, or a relay for a person with a name."""
    relayed = "relay_email" in parts.fields and _has_name(parts)
    return bool(parts.contact.email or parts.contact.phone or relayed)


def _has_name(parts: SubmissionParts) -> bool:
    return bool(parts.contact.name or parts.contact.first_name or parts.contact.last_name)
