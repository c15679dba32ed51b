"""One submission on its way to its outcome: what is known of it, worked out once.

Every stage takes the case, and nothing else. What a stage learns is a new case.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from leadloop.decide.lead.auto_response import auto_response_refs
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.condition_view import CUSTOMER_FIELD
from leadloop.decide.lead.context import DecisionContext
from leadloop.identity.account import account_of
from leadloop.identity.claims import claims_of
from leadloop.identity.merge import LeadDetails, merge_details
from leadloop.identity.same_person import PersonMatch
from leadloop.intake.mail.relay_addresses import is_conversation_address
from leadloop.intake.policy import Source
from leadloop.model.account import AccountRef
from leadloop.model.base import Reason
from leadloop.model.claim import ClaimRef, MailRef
from leadloop.model.decision import Decision
from leadloop.model.delivery import DeliveriesRef
from leadloop.model.erasure import ErasureMark, ErasureRef
from leadloop.model.event import Event
from leadloop.model.facts import Change
from leadloop.model.lead import Lead, Record, RecordRef, SubmissionOutcome
from leadloop.model.offer import OfferRef
from leadloop.model.reference import AnyRef
from leadloop.model.submission import Channel, Submission, Touch
from leadloop.model.visitor import VisitorRef
from leadloop.quality.normalise import NormalisedContact, normalise_contact

NO_MATCH = PersonMatch()


@dataclass(frozen=True, eq=False, repr=False)  # a start pays for each method made
class SubmissionCase(DecisionContext):
    """A submission with facts, playbook and time; `match` is known once it was looked for."""

    submission: Submission
    match: PersonMatch = NO_MATCH

    @classmethod
    def open(cls, submission: Submission, context: DecisionContext) -> Self:
        """The case at its beginning."""
        return cls(context.facts, context.book, context.now, submission)

    def with_submission(self, submission: Submission) -> Self:
        """The case of the submission as it is known better now."""
        return replace(self, submission=submission)

    def with_match(self, match: PersonMatch) -> Self:
        """The case with the answer to who it may be."""
        return replace(self, match=match)

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

    @cached_property
    def touch(self) -> Touch:
        """The contact point that this submission is."""
        bare = Touch(at=self.submission.since, source=self.submission.source)
        return self.submission.touch or bare

    def read_first_facts(self) -> None:
        """Ask in one go for all that most submissions need, so that they need no second read.

        Raises:
            Unknown: if some of it was not read yet.

        """
        self.facts.require(*self._first_refs())

    def _first_refs(self) -> Iterator[AnyRef]:
        submission, source = self.submission, self.source
        yield RecordRef(submission.id)
        if self.erasure_ref is not None:
            yield self.erasure_ref
        for id_ in filter(None, (submission.cause, submission.erases)):
            yield RecordRef(id_)
        if submission.trap or submission.refused or submission.unreadable:
            return
        if submission.answers is not None:
            yield from (RecordRef(submission.answers), DeliveriesRef(submission.answers))
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

    @cached_property
    def stored(self) -> Record | None:
        """The record of the same id that was decided before, if there is one."""
        return self.facts.get(RecordRef(self.submission.id))

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
    def erasure_mark(self) -> ErasureMark | None:
        """What lies at `erasure_ref`."""
        return None if self.erasure_ref is None else self.facts.get(self.erasure_ref)

    @cached_property
    def is_erased_already(self) -> bool:
        """Whether the vendor has asked to erase it before it came."""
        mark = self.erasure_mark
        is_asked = mark is not None and mark.is_asked and mark.expires_at > self.now
        return is_asked and self.submission.erases is None

    @cached_property
    def cause(self) -> Record | None:
        """The submission that this one was released or replayed from."""
        if self.submission.cause is None:
            return None
        return self.facts.get(RecordRef(self.submission.cause))

    @cached_property
    def other_changes(self) -> tuple[Change, ...]:
        """What changes beside its own record: its cause names it as the successor.

        Without a cause it is the mark of an erasure. The wish and what it names both write it, so
        that neither is decided past the other.
        """
        cause = self.cause
        if cause is None:
            return self._mark_erasure()
        after = cause.but(
            released_as=self.submission.id,
            released_by=self.submission.released_by,
            version=cause.version + 1,
        )
        return (Change(RecordRef(cause.id), cause.version, after),)

    @cached_property
    def possible_match_reasons(self) -> tuple[Reason, ...]:
        """The leads that may be the same person, for people to look at."""
        return tuple(
            Reason(code="possible_match", text=f"may be the same person as lead {lead_id}")
            for lead_id in self.match.possible
        )

    @cached_property
    def details(self) -> LeadDetails:
        """What it tells of the person and the wish."""
        submission = self.submission
        return LeadDetails(
            contact=self.normalised.contact,
            interest=submission.interest,
            fields=submission.fields,
        )

    @staticmethod
    def lead_details(lead: Lead) -> LeadDetails:
        """What the lead tells of the person and the wish."""
        return LeadDetails(
            contact=lead.contact, interest=lead.interest, fields=lead.fields, since=lead.since
        )

    def merge_details(self, lead: Lead, received_at: datetime) -> LeadDetails:
        """The details of the lead, with what this submission brings that is missing or earlier."""
        return merge_details(self.lead_details(lead), lead.created_at, self.details, received_at)

    def record(
        self, outcome: SubmissionOutcome, reasons: tuple[Reason, ...], lead_id: str | None = None
    ) -> Record:
        """What is stored of the submission with this outcome."""
        submission = self.submission
        return Record(
            id=submission.id,
            version=1,
            source=submission.source,
            channel=submission.channel,
            received_at=submission.received_at,
            decided_at=self.now,
            outcome=outcome,
            reasons=reasons,
            raw=submission.raw,
            playbook=self.book.version,
            parser=submission.parser,
            ignored=submission.ignored,
            lead_id=lead_id,
            part=submission.part,
            cause=submission.cause,
            checks=submission.checks,
        )

    def reject(self, *reasons: Reason) -> Decision:
        """The decision that it becomes no lead and needs no look by a person."""
        return self._end_without_lead(SubmissionOutcome.REJECTED, reasons)

    def quarantine(self, *reasons: Reason) -> Decision:
        """The decision that a person must look at it: contact and touch are stored for that."""
        return self._end_without_lead(SubmissionOutcome.QUARANTINED, reasons)

    def open_lead(self, record: Record, *, founding: bool = False) -> ChangeSet:
        """The change set of the lead in `record`, to which the submission adds."""
        return ChangeSet(
            context=self,
            trigger_id=self.submission.id,
            record=record,
            founding=founding,
            actor=self.submission.released_by,
        )

    def record_release(self, change_set: ChangeSet) -> None:
        """Note the release on the lead: of which submission, and the names that were mended."""
        if self.submission.cause is not None:
            mended = ", ".join(self.submission.mended)
            change_set.record_event(
                "SubmissionReleased", submission=self.submission.cause, mended=mended
            )

    def claim_values(self, change_set: ChangeSet) -> None:
        """Claim the person's values, and the mail, for the lead."""
        for ref in self.claim_refs:
            change_set.claim(ref)
        if self.mail_ref is not None:
            change_set.claim(self.mail_ref)

    def merge(self, change_set: ChangeSet, *reasons: Reason) -> Decision:
        """The decision that the submission belongs to the lead of `change_set`."""
        record = self.record(SubmissionOutcome.MERGED, reasons, change_set.lead_id)
        change_set.add_change(self._record_change(record))
        if self.submission.cause != change_set.lead_id:  # else the lead's own record shows it
            for change in self.other_changes:
                change_set.add_change(change)
        return change_set.build_decision(record.verdict())

    def merge_again(self, lead_id: str, *reasons: Reason) -> Decision:
        """The same for a submission that the lead has had already: the lead does not change."""
        record = self.record(SubmissionOutcome.MERGED, reasons, lead_id)
        return self.build_decision(
            record.verdict(), (self._record_change(record), *self.other_changes)
        )

    def _end_without_lead(
        self, outcome: SubmissionOutcome, reasons: tuple[Reason, ...]
    ) -> Decision:
        submission = self.submission
        event = Event(
            id=f"{submission.id}#0",
            name=f"Submission{outcome.capitalize()}",
            occurred_at=self.now,
            cause=submission.id,
            actor=submission.released_by.id if submission.released_by else None,
            data={
                "source": submission.source,
                "reason": reasons[0].code,
                **({"mended": ", ".join(submission.mended)} if submission.mended else {}),
            },
        )
        record = self.record(outcome, reasons).but(events=(event,))
        if outcome is SubmissionOutcome.QUARANTINED:
            record = record.but(
                contact=submission.contact,
                touch=submission.touch,
                answers=submission.answers,
                answered_mail=submission.answered_mail,
            )
        changes = (self._record_change(record), *self.other_changes)
        return self.build_decision(record.verdict(), changes)._replace(
            reasons=reasons, events=(event,)
        )

    def _record_change(self, record: Record) -> Change:
        return Change(RecordRef(record.id), None, record)

    def _mark_erasure(self) -> tuple[Change, ...]:
        ref, mark = self.erasure_ref, self.erasure_mark
        if ref is None or self.is_erased_already:
            return ()
        before = None if mark is None else mark.version
        is_asked = self.submission.erases is not None
        after = ErasureMark(version=(before or 0) + 1, is_asked=is_asked, at=self.now)
        return (Change(ref, before, after),)

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
