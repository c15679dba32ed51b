"""A known person asks again: what the lead gains, and what it means where the lead stands."""

from datetime import datetime
from operator import attrgetter

from leadloop.decide.lead.auto_response import answer
from leadloop.decide.lead.change_set import Draft
from leadloop.decide.lead.dormant import WORKED, tell_history, wake
from leadloop.decide.lead.qualification import advance, assign, begin_as_lead, rescore, tell_owner
from leadloop.decide.lead.visitors import recognised
from leadloop.decide.submissions.attendance import attends, look_after
from leadloop.decide.submissions.records import (
    claim_all,
    company_of,
    draft_of,
    merged,
    possible_matches,
    tell_release,
    touch_of,
)
from leadloop.identity.merge import Known, merge
from leadloop.identity.same_person import Match
from leadloop.model.base import Reason
from leadloop.model.decision import Decision
from leadloop.model.facts import Facts
from leadloop.model.lead import (
    Opportunity,
    OpportunityState,
    Record,
    TimerKind,
)
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import Compiled
from leadloop.quality.normalise import Cleaned

KEPT_CONSENTS = 8  # the latest; each one given is on the timeline for good


def merge_into(
    before: Record,
    submission: Submission,
    cleaned: Cleaned,
    match: Match,
    facts: Facts,
    book: Compiled,
    now: datetime,
) -> Decision:
    """The lead gets what it had not, one more touch, and another look."""
    draft = draft_of(submission, before, facts, book, now)
    lead, touch = draft.lead, touch_of(submission)
    known = merge(
        Known(contact=lead.contact, interest=lead.interest, fields=lead.fields, since=lead.since),
        lead.created_at,
        Known(contact=cleaned.contact, interest=submission.interest, fields=submission.fields),
        submission.since,
    )
    matches = dict.fromkeys((*lead.possible_matches, *match.possible))
    touches = sorted(
        (t for t in (lead.first_touch, lead.last_touch, touch) if t), key=lambda t: t.at
    )
    consents = (*lead.consents, *([submission.consent] if submission.consent else []))
    draft.set(
        contact=known.contact,
        interest=known.interest,
        fields=known.fields,
        since=known.since,
        first_touch=touches[0],
        last_touch=touches[-1],
        consents=tuple(sorted(consents, key=attrgetter("at")))[-KEPT_CONSENTS:],
        possible_matches=tuple(matches),
        account=lead.account or company_of(cleaned),
    )
    draft.touch, draft.note = touch, submission.interest.message
    draft.event("SubmissionMerged", submission=submission.id, source=submission.source)
    tell_release(draft, submission)
    claim_all(draft, submission, cleaned)
    recognised(draft, submission)
    attends(draft, submission)
    by = Reason(code="same_person", text=f"the same {match.by} as a lead we have")
    if book.source(submission.source).subscribes:
        draft.event("ContactSubscribed", source=submission.source)
    elif submission.attendance is not None:
        look_after(draft)
    elif submission.past is not None:
        tell_history(draft, submission.past, submission.source)
    else:
        begin_as_lead(draft)
        _woken(draft, submission)
    if submission.past is None:
        answer(draft, submission)
    reasons = (by, *possible_matches(match), *cleaned.findings.reasons)
    return merged(draft, submission, reasons)


def _woken(draft: Draft, submission: Submission) -> None:
    """Who was kept quiet asks for himself: nobody waits then until somebody releases the list."""
    quiet = draft.lead.quiet
    if quiet:
        wake(draft, "asked again")
    if not quiet or draft.lead.stage not in WORKED:
        _look_again(draft, submission)


def _look_again(draft: Draft, submission: Submission) -> None:
    """A known person asks again: what that means depends on where the lead stands."""
    match draft.lead.stage:
        case Stage.CUSTOMER if _has_open_opportunity(draft):
            tell_owner(draft, f"asked again through “{submission.source}”")
        case Stage.CUSTOMER:
            _next_opportunity(draft)
        case Stage.RECYCLED | Stage.DISQUALIFIED:
            reopen(draft, "asked again")
        case Stage.NEW | Stage.NURTURING:
            draft.set(handed_back_at=None)
            rescore(draft)
            advance(draft)
        case Stage.QUALIFIED | Stage.ACCEPTED | Stage.CONVERTED:
            rescore(draft)
            tell_owner(draft, f"asked again through “{submission.source}”")


def _has_open_opportunity(draft: Draft) -> bool:
    found = draft.lead.opportunity
    return found is not None and found.state is OpportunityState.OPEN


def _next_opportunity(draft: Draft) -> None:
    """A customer stays a customer and gets an opportunity, worked by customer success."""
    number = len(draft.lead.opportunities) + 1
    opportunity = Opportunity(
        id=f"{draft.lead_id}-{number}",
        state=OpportunityState.OPEN,
        opened_at=draft.now,
        existing_customer=True,
    )
    draft.set(opportunities=(*draft.lead.opportunities, opportunity))
    draft.event("OpportunityOpened", opportunity=opportunity.id, existing_customer=True)
    if draft.lead.assignment is not None:  # another question: everybody has their chance again
        draft.set(assignment=draft.lead.assignment.but(takebacks=0))
    rescore(draft)
    assign(draft)


def reopen(draft: Draft, why: str) -> None:
    """A lead that waited or was put aside is worked once more."""
    lead = draft.lead
    draft.no_timer(TimerKind.RECYCLE)
    draft.set(stage=move(lead.stage, Move.REOPEN), cycle=lead.cycle + 1)
    draft.set(assignment=None, handed_back_at=None)
    draft.event("LeadReopened", cycle=lead.cycle + 1, why=why)
    rescore(draft)
    advance(draft)
