"""What a submission tells by itself: its contact in normal form, and what it makes us look up.

It is worked out once, however often facts are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from leadloop.decide.lead.auto_response import auto_response_refs
from leadloop.decide.lead.condition_view import CUSTOMER_FIELD
from leadloop.identity.account import account_of
from leadloop.identity.claims import claims_of
from leadloop.identity.merge import LeadDetails
from leadloop.intake.mail.relay_addresses import is_conversation_address
from leadloop.intake.policy import Source
from leadloop.model.account import AccountRef
from leadloop.model.base import Reason
from leadloop.model.claim import ClaimRef, MailRef
from leadloop.model.delivery import DeliveriesRef
from leadloop.model.erasure import ErasureRef
from leadloop.model.lead import RecordRef
from leadloop.model.lead_id import person_of
from leadloop.model.offer import OfferRef
from leadloop.model.reference import AnyRef
from leadloop.model.stored_lead import lead_refs
from leadloop.model.submission import Channel, Submission, Touch
from leadloop.model.visitor import VisitorRef
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.quality.normalise import NormalisedContact, normalise_contact

MOST_LINE = 40  # characters of an unknown line, in a reason


@dataclass(frozen=True, eq=False, repr=False)  # a start pays for each method made
class Inquiry:
    """A submission as the playbook has it read; needs no facts."""

    submission: Submission
    book: CompiledPlaybook

    @cached_property
    def source(self) -> Source:
        """The source it came by."""
        return self.book.source(self.submission.source)

    @cached_property
    def normalised(self) -> NormalisedContact:
        """Its contact in normal form, with what was found out about it."""
        return normalise_contact(self.submission.contact, self.source.country, self.source.language)

    @cached_property
    def claim_refs(self) -> tuple[ClaimRef, ...]:
        """The values that may stand for the person: e-mail, phone, a portal's conversation."""
        shared = self.book.playbook.company.shared_contacts
        return claims_of(self.normalised.contact, shared, self._conversation_claim())

    @cached_property
    def mail_ref(self) -> MailRef | None:
        """The mail it came in, if it came by mail."""
        if self.submission.message_id is None:
            return None
        return MailRef(self.submission.message_id, self.submission.raw.sha256)

    @cached_property
    def company(self) -> str | None:
        """The registrable domain of the person's company, or None."""
        findings = self.normalised.findings
        return account_of(self.normalised.contact.email, free_mail=findings.free_mail)

    @property
    def product_line(self) -> str:
        """The line that it asks about: the wish if that is sold, else the source's own."""
        wish = self.submission.interest.product_line
        return wish if wish in self.book.lines else self.source.product_line

    @property
    def asks_for_lead(self) -> bool:
        """Whether it founds a lead where its person has none yet in its line.

        A subscription and a list of visitors ask for nothing.
        """
        is_inquiry = not self.source.subscribes and self.submission.attendance is None
        return is_inquiry and self.product_line in self.book.lines

    @property
    def unknown_line_reasons(self) -> tuple[Reason, ...]:
        """That the wish names a line that is not sold; else nothing."""
        wish = self.submission.interest.product_line
        if not wish or wish in self.book.lines:
            return ()
        text = f"“{wish[:MOST_LINE]}” is no product line of ours: taken as {self.product_line}"
        return (Reason(code="unknown_line", text=text),)

    @cached_property
    def touch(self) -> Touch:
        """The contact point that this submission is."""
        bare = Touch(at=self.submission.since, source=self.submission.source)
        return self.submission.touch or bare

    @cached_property
    def erasure_ref(self) -> ErasureRef | None:
        """The mark of a vendor's wish to erase this submission, or the one that it is about.

        None for what a person has released: the person has decided.
        """
        submission = self.submission
        if submission.erases is not None:
            return ErasureRef(submission.erases)
        is_open = submission.is_erasable and submission.cause is None
        return ErasureRef(submission.id) if is_open else None

    @cached_property
    def details(self) -> LeadDetails:
        """What it tells of the person and the wish."""
        submission = self.submission
        return LeadDetails(
            contact=self.normalised.contact,
            interest=submission.interest,
            fields=submission.fields,
        )

    @property
    def is_genuine(self) -> bool:
        """Whether it can be read, and neither a bot nor a machine's answer has sent it."""
        submission = self.submission
        return not (submission.trap or submission.refused or submission.unreadable)

    @cached_property
    def first_refs(self) -> tuple[AnyRef, ...]:
        """All that most submissions need to know, before anything is known."""
        return tuple(self._first_refs())

    def _first_refs(self) -> Iterator[AnyRef]:
        submission, source = self.submission, self.source
        yield RecordRef(submission.id)
        if self.erasure_ref is not None:
            yield self.erasure_ref
        for id_ in filter(None, (submission.cause, submission.erases)):
            yield RecordRef(id_)
        if not self.is_genuine:
            return
        if submission.answers is not None:
            yield from lead_refs(submission.answers)
            yield DeliveriesRef(person_of(submission.answers))
        yield from self.claim_refs
        if submission.visitor is not None:
            yield VisitorRef(submission.visitor)
        email = self.normalised.contact.email
        if email is not None:
            yield from auto_response_refs(source, email)
        if email is not None and source.offer is not None:
            yield OfferRef(source.offer)
        if self.mail_ref is not None:
            yield self.mail_ref
        if self.company is not None and self._asks_for_company():
            yield AccountRef(self.company)

    def _asks_for_company(self) -> bool:
        """Whether the score asks for it; else only a route or a sequence does, later."""
        return CUSTOMER_FIELD in self.book.fit_rules(self.source.product_line).fields

    def _conversation_claim(self) -> ClaimRef | None:
        """Only from a mail: its reader tells a portal's address from a person's."""
        relay = self.submission.relay
        if (
            self.submission.channel is not Channel.MAIL
            or relay is None
            or not is_conversation_address(relay)
        ):
            return None
        return ClaimRef("relay", f"{self.submission.source} {relay.casefold()}")
