"""A person edits the contact of a lead."""

from datetime import UTC, datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.condition_view import findings_of
from leadloop.decide.lead.event_fields import record_possible_matches
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.identity.account import account_of
from leadloop.identity.claims import claims_of
from leadloop.model.command import Edit
from leadloop.model.contact import Contact
from leadloop.model.decision import Refused
from leadloop.model.events.leads import ContactEdited
from leadloop.quality.normalise import NormalisedContact, normalise_contact

MANUAL_EDIT_TIME = datetime.min.replace(tzinfo=UTC)  # no received value is earlier


def edit_contact(change_set: ChangeSet, action: Edit) -> Refused | None:
    """Replace contact fields; no later submission changes what a person has set."""
    person, book = change_set.person, change_set.book
    unknown = sorted(set(action.contact) - set(Contact.model_fields))
    if unknown:
        return Refused(error="FieldsInvalid", text=f"not a contact field: {', '.join(unknown)}")
    source = book.source(change_set.lead.source)
    edited = person.contact.but(**action.contact)
    normalised = normalise_contact(edited, source.country, source.language)
    refusal = _refuse_invalid(action, normalised)
    if refusal is not None:
        return refusal
    claims = claims_of(normalised.contact, book.playbook.company.shared_contacts)
    change_set.facts.require(*claims)
    holders = (change_set.facts.get(ref) for ref in claims)
    matches = [
        claim.lead_id
        for claim in holders
        if claim is not None and claim.lead_id != change_set.person_id
    ]
    change_set.update_person(
        contact=normalised.contact,
        since={**person.since, **dict.fromkeys(action.contact, MANUAL_EDIT_TIME)},
        possible_matches=tuple(dict.fromkeys((*person.possible_matches, *matches))),
    )
    findings = findings_of(change_set.person, change_set.lead.source, book)
    account = account_of(normalised.contact.email, free_mail=findings.free_mail)
    change_set.update_person(account=account or person.account)
    for ref in claims:
        change_set.claim(ref)
    change_set.record_event(ContactEdited(fields=", ".join(sorted(action.contact))))
    record_possible_matches(change_set, known=person.possible_matches)
    rescore(change_set)
    qualify_or_nurture(change_set)
    return None


def _refuse_invalid(action: Edit, normalised: NormalisedContact) -> Refused | None:
    invalid_fields = [
        name
        for name in ("email", "phone")
        if action.contact.get(name) and not getattr(normalised.contact, name)
    ]
    if not invalid_fields:
        return None
    reasons = "; ".join(reason.text for reason in normalised.findings.reasons)
    return Refused(error="FieldsInvalid", text=reasons or ", ".join(invalid_fields))
