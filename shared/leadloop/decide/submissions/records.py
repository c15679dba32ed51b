"""A submission as it is kept: its record, its touch, the values it claims."""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.identity.account import account_of
from leadloop.identity.claims import claims_of
from leadloop.identity.same_person import PersonMatch
from leadloop.intake.mail.relay_addresses import is_conversation_address
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Verdict
from leadloop.model.facts import Change, ClaimRef, Facts, MailRef, RecordRef
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.model.submission import Channel, Submission, Touch
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.quality.normalise import NormalisedContact


def claim_refs(
    submission: Submission, cleaned: NormalisedContact, book: CompiledPlaybook
) -> tuple[ClaimRef, ...]:
    shared = book.playbook.company.shared_contacts
    return claims_of(cleaned.contact, shared, _relay_claim(submission))


def _relay_claim(submission: Submission) -> ClaimRef | None:
    """Only as a mail tells it, whose reader knows a portal's address from a person's."""
    relay = submission.relay
    if (
        submission.channel is not Channel.MAIL
        or relay is None
        or not is_conversation_address(relay)
    ):
        return None
    return ClaimRef("relay", f"{submission.source} {relay.casefold()}")


def company_of(cleaned: NormalisedContact) -> str | None:
    return account_of(cleaned.contact.email, free_mail=cleaned.findings.free_mail)


def mail_ref(submission: Submission) -> MailRef | None:
    if submission.message_id is None:
        return None
    return MailRef(submission.message_id, submission.raw.sha256)


def touch_of(submission: Submission) -> Touch:
    return submission.touch or Touch(at=submission.since, source=submission.source)


def record_of(
    submission: Submission,
    outcome: SubmissionOutcome,
    reasons: tuple[Reason, ...],
    lead_id: str | None,
    book: CompiledPlaybook,
    now: datetime,
) -> Record:
    return Record(
        id=submission.id,
        version=1,
        source=submission.source,
        channel=submission.channel,
        received_at=submission.received_at,
        decided_at=now,
        outcome=outcome,
        reasons=reasons,
        raw=submission.raw,
        playbook=book.version,
        parser=submission.parser,
        ignored=submission.ignored,
        lead_id=lead_id,
        part=submission.part,
        cause=submission.cause,
        checks=submission.checks,
    )


def record_release(change_set: ChangeSet, submission: Submission) -> None:
    """By whom, the change_set knows; of what, and what they mended, by name."""
    if submission.cause is not None:
        mended = ", ".join(submission.mended)
        change_set.record_event("SubmissionReleased", submission=submission.cause, mended=mended)


def release_changes(submission: Submission, facts: Facts) -> tuple[Change, ...]:
    """A release from quarantine is shown on the submission it was made from."""
    if submission.cause is None:
        return ()
    ref = RecordRef(submission.cause)
    cause = facts.record(ref)
    if cause is None:
        return ()
    after = cause.but(
        released_as=submission.id,
        released_by=submission.released_by,
        version=cause.version + 1,
    )
    return (Change(ref, cause.version, after),)


def open_change_set(
    submission: Submission, before: Record, facts: Facts, book: CompiledPlaybook, now: datetime
) -> ChangeSet:
    """The lead of `before`, to which the submission is to add."""
    return ChangeSet(
        trigger_id=submission.id,
        facts=facts,
        book=book,
        now=now,
        record=before,
        actor=submission.released_by,
    )


def finish_merge(
    change_set: ChangeSet, submission: Submission, reasons: tuple[Reason, ...]
) -> Decision:
    """The submission belongs to the change_set's lead."""
    outcome = SubmissionOutcome.MERGED
    record = record_of(
        submission, outcome, reasons, change_set.lead_id, change_set.book, change_set.now
    )
    change_set.add_change(Change(RecordRef(submission.id), None, record))
    if submission.cause != change_set.lead_id:  # else the lead's own record tells of the release
        for change in release_changes(submission, change_set.facts):
            change_set.add_change(change)
    return change_set.build_decision(
        Verdict(
            submission_id=submission.id,
            outcome=outcome,
            lead_id=change_set.lead_id,
            reasons=reasons,
            ignored=submission.ignored,
        )
    )


def claim_all(change_set: ChangeSet, submission: Submission, cleaned: NormalisedContact) -> None:
    for ref in claim_refs(submission, cleaned, change_set.book):
        change_set.claim(ref)
    mail = mail_ref(submission)
    if mail is not None:
        change_set.claim(mail)


def possible_match_reasons(match: PersonMatch) -> tuple[Reason, ...]:
    return tuple(
        Reason(code="possible_match", text=f"may be the same person as lead {other}")
        for other in match.possible
    )
