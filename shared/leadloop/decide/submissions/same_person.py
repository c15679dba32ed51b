"""Whose submission it is: the same mail, or a value that a person has claimed."""

from leadloop.decide.submissions.case import SubmissionCase
from leadloop.decide.submissions.merge import merge_into
from leadloop.identity.same_person import ClaimHolder, PersonMatch, match_person
from leadloop.intake.fields.prospect import is_resend_of
from leadloop.model.decision import Decision
from leadloop.model.stored_lead import person_refs


def merge_same_person(case: SubmissionCase) -> Decision | SubmissionCase:
    """Merged into the same person's lead of its line.

    Else it founds a lead: the case with its possible matches, or with the first lead of the person.
    """
    match = _find_match(case)
    matched = case.with_match(match)
    if match.lead_id is None:
        return matched
    leads = case.find_leads(match.lead_id)
    if not leads:
        return matched
    first, line = leads[0], case.inquiry.product_line
    in_line = next((each for each in leads if each.lead.product_line == line), None)
    # A mere subscriber has no lead in any line yet: the first one takes the line asked about.
    is_settled = first.lead.subscriber or is_resend_of(case.submission.fields, first.lead.fields)
    if in_line is None and case.inquiry.asks_for_lead and not is_settled:
        return case.with_match(match, first)
    return merge_into(matched, in_line or first)


def _find_match(case: SubmissionCase) -> PersonMatch:
    mail_claim = case.facts.get(case.inquiry.mail_ref) if case.inquiry.mail_ref else None
    if mail_claim is not None:
        return PersonMatch(lead_id=mail_claim.lead_id, by="the same mail")
    claims = {ref.what: case.facts.get(ref) for ref in case.inquiry.claim_refs}
    ids = {what: claim.lead_id for what, claim in claims.items() if claim is not None}
    lines = case.book.lines
    case.facts.require(*(ref for lead_id in ids.values() for ref in person_refs(lead_id, lines)))
    leads = {what: case.find_lead(lead_id) for what, lead_id in ids.items()}
    holders = {
        what: ClaimHolder(lead_id=lead.id, contact=lead.person.contact)
        for what, lead in leads.items()
        if lead is not None
    }
    email, phone, relay = (holders.get(what) for what in ("email", "phone", "relay"))
    return match_person(case.inquiry.normalised.contact, email, phone, relay)
