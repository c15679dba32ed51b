"""One submission on its way to its outcome: what is known of it, worked out once.

Every stage takes the case, and nothing else. What a stage learns is a new case.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Self

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.submissions.inquiry import Inquiry
from leadloop.identity.merge import LeadDetails, merge_details
from leadloop.identity.same_person import PersonMatch
from leadloop.model.base import Reason
from leadloop.model.contact import Contact
from leadloop.model.decision import Decision
from leadloop.model.erasure import ErasureMark
from leadloop.model.events.catalogue import build_event
from leadloop.model.events.submissions import (
    SubmissionQuarantined,
    SubmissionRejected,
    SubmissionReleased,
)
from leadloop.model.facts import Change
from leadloop.model.lead import Record, RecordRef, SubmissionOutcome
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Submission

NO_MATCH = PersonMatch()
MOST_CONSENTS = 8  # the latest; each one given is on the timeline for good


@dataclass(frozen=True, eq=False, repr=False)  # a start pays for each method made
class SubmissionCase(DecisionContext):
    """A submission with facts, playbook and time.

    `match` is known once it was looked for. `first` is the first lead of a known person who asks
    about another product line.
    """

    inquiry: Inquiry
    match: PersonMatch = NO_MATCH
    first: StoredLead | None = None

    @classmethod
    def open(cls, inquiry: Inquiry, context: DecisionContext) -> Self:
        """The case at its beginning."""
        return cls(context.facts, context.book, context.now, inquiry)

    def with_submission(self, submission: Submission) -> Self:
        """The case of the submission as it is known better now."""
        return replace(self, inquiry=Inquiry(submission, self.book))

    def with_match(self, match: PersonMatch, first: StoredLead | None = None) -> Self:
        """The case with the answer to who it may be; `first` is the first lead of that person."""
        return replace(self, match=match, first=first)

    @property
    def submission(self) -> Submission:
        """The submission as it is known by now."""
        return self.inquiry.submission

    def read_first_facts(self) -> None:
        """Ask in one go for all that most submissions need, so that they need no second read.

        Raises:
            Unknown: if some of it was not read yet.

        """
        self.facts.require(*self.inquiry.first_refs)

    @cached_property
    def stored(self) -> Record | None:
        """The record of the same id that was decided before, if there is one."""
        return self.facts.get(RecordRef(self.submission.id))

    @cached_property
    def erasure_mark(self) -> ErasureMark | None:
        """What lies at the inquiry's `erasure_ref`."""
        ref = self.inquiry.erasure_ref
        return None if ref is None else self.facts.get(ref)

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

    @staticmethod
    def known_details(change_set: ChangeSet) -> LeadDetails:
        """What is known of the person and the wish."""
        person, lead = change_set.person, change_set.lead
        return LeadDetails(
            contact=person.contact,
            interest=lead.interest,
            fields=lead.fields,
            since={**person.since, **lead.since},
        )

    def merge_details(self, change_set: ChangeSet, received_at: datetime) -> LeadDetails:
        """What is known, with what this submission brings that is missing or earlier."""
        known, incoming = self.known_details(change_set), self.inquiry.details
        of_lead = merge_details(known, change_set.lead.created_at, incoming, received_at)
        if change_set.person_since == change_set.lead.created_at:
            return of_lead
        of_person = merge_details(known, change_set.person_since, incoming, received_at)
        times = {
            **{name: at for name, at in of_lead.since.items() if name not in Contact.model_fields},
            **{name: at for name, at in of_person.since.items() if name in Contact.model_fields},
        }
        return of_lead.but(contact=of_person.contact, since=times)

    @staticmethod
    def put_details(change_set: ChangeSet, details: LeadDetails) -> None:
        """Make these the details of the person and the wish."""
        of_person = {name: at for name, at in details.since.items() if name in Contact.model_fields}
        of_lead = {name: at for name, at in details.since.items() if name not in of_person}
        change_set.update_person(contact=details.contact, since=of_person)
        change_set.update_lead(interest=details.interest, fields=details.fields, since=of_lead)

    def merge_person(self, change_set: ChangeSet) -> None:
        """Add what the submission tells of the person, apart from a consent."""
        person = change_set.person
        self.put_details(change_set, self.merge_details(change_set, self.submission.since))
        matches = dict.fromkeys((*person.possible_matches, *self.match.possible))
        change_set.update_person(
            possible_matches=tuple(matches), account=person.account or self.inquiry.company
        )

    def add_consent(self, change_set: ChangeSet) -> None:
        """Add proof of the consent to the person, if there is one; the latest are kept."""
        if self.submission.consent is not None:
            consents = (*change_set.person.consents, self.submission.consent)
            latest = sorted(consents, key=attrgetter("at"))[-MOST_CONSENTS:]
            change_set.update_person(consents=tuple(latest))

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

    def open_lead(self, before: StoredLead, *, founding: bool = False) -> ChangeSet:
        """The change set of the lead, to which the submission adds."""
        return ChangeSet(
            context=self,
            trigger_id=self.submission.id,
            before=before,
            founding=founding,
            actor=self.submission.released_by,
            known=self.inquiry.normalised,
        )

    def record_release(self, change_set: ChangeSet) -> None:
        """Note the release on the lead: of which submission, and the names that were mended."""
        if self.submission.cause is not None:
            mended = ", ".join(self.submission.mended)
            change_set.record_event(
                SubmissionReleased(submission=self.submission.cause, mended=mended)
            )

    def claim_values(self, change_set: ChangeSet) -> None:
        """Claim the person's values, and the mail, for the lead."""
        for ref in self.inquiry.claim_refs:
            change_set.claim(ref)
        if self.inquiry.mail_ref is not None:
            change_set.claim(self.inquiry.mail_ref)

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
        quarantined = outcome is SubmissionOutcome.QUARANTINED
        kind = SubmissionQuarantined if quarantined else SubmissionRejected
        event = build_event(
            kind(submission.source, reasons[0].code, mended=", ".join(submission.mended)),
            event_id=f"{submission.id}#0",
            at=self.now,
            cause=submission.id,
            actor=submission.released_by.id if submission.released_by else None,
        )
        record = self.record(outcome, reasons).but(events=(event,))
        if quarantined:
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
        ref, mark = self.inquiry.erasure_ref, self.erasure_mark
        if ref is None or self.is_erased_already:
            return ()
        before = None if mark is None else mark.version
        is_asked = self.submission.erases is not None
        after = ErasureMark(version=(before or 0) + 1, is_asked=is_asked, at=self.now)
        return (Change(ref, before, after),)
