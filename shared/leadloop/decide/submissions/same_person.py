"""Whose submission it is: the same mail, or a value that a lead has claimed."""

from leadloop.decide.submissions.case import SubmissionCase
from leadloop.decide.submissions.merge import merge_into
from leadloop.identity.same_person import ClaimHolder, PersonMatch, match_person
from leadloop.model.decision import Decision
from leadloop.model.lead import RecordRef


def merge_same_person(case: SubmissionCase) -> Decision | SubmissionCase:
    """Merged into the lead of the same person; else the case with its possible matches."""
    match = _find_match(case)
    before = case.find_lead(match.lead_id) if match.lead_id is not None else None
    matched = case.with_match(match)
    return matched if before is None else merge_into(matched, before)


def _find_match(case: SubmissionCase) -> PersonMatch:
    mail_claim = case.facts.get(case.inquiry.mail_ref) if case.inquiry.mail_ref else None
    if mail_claim is not None:
        return PersonMatch(lead_id=mail_claim.lead_id, by="the same mail")
    claims = {ref.what: case.facts.get(ref) for ref in case.inquiry.claim_refs}
    ids = {what: claim.lead_id for what, claim in claims.items() if claim is not None}
    case.facts.require(*(RecordRef(lead_id) for lead_id in ids.values()))
    leads = {what: case.find_lead(lead_id) for what, lead_id in ids.items()}
    holders = {
        what: ClaimHolder(lead_id=lead.id, contact=lead.person.contact)
        for what, lead in leads.items()
        if lead is not None
    }
    email, phone, relay = (holders.get(what) for what in ("email", "phone", "relay"))
    return match_person(case.inquiry.normalised.contact, email, phone, relay)
