"""A person edits the contact."""

from datetime import UTC, datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.condition_view import findings_of
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.identity.account import account_of
from leadloop.identity.claims import claims_of
from leadloop.model.command import (
    Edit,
)
from leadloop.model.contact import Contact
from leadloop.model.decision import Refused
from leadloop.quality.normalise import normalise_contact

MANUAL_EDIT_TIME = datetime.min.replace(tzinfo=UTC)  # no received value is earlier


def edit_contact(change_set: ChangeSet, action: Edit) -> Refused | None:
    """A person's word counts most: it replaces, and no later submission changes it."""
    lead = change_set.lead
    unknown = sorted(set(action.contact) - set(Contact.model_fields))
    if unknown:
        return Refused(error="FieldsInvalid", text=f"not a contact field: {', '.join(unknown)}")
    source = change_set.book.source(lead.source)
    wanted = lead.contact.but(**action.contact)
    cleaned = normalise_contact(wanted, source.country, source.language)
    lost = [
        name
        for name in ("email", "phone")
        if action.contact.get(name) and not getattr(cleaned.contact, name)
    ]
    if lost:
        why = "; ".join(reason.text for reason in cleaned.findings.reasons) or ", ".join(lost)
        return Refused(error="FieldsInvalid", text=why)
    claims = claims_of(cleaned.contact, change_set.book.playbook.company.shared_contacts)
    change_set.facts.require(*claims)
    others = [
        claim.lead_id
        for claim in (change_set.facts.claim(ref) for ref in claims)
        if claim is not None and claim.lead_id != change_set.lead_id
    ]
    change_set.update_lead(
        contact=cleaned.contact,
        since={**lead.since, **dict.fromkeys(action.contact, MANUAL_EDIT_TIME)},
        possible_matches=tuple(dict.fromkeys((*lead.possible_matches, *others))),
    )
    found = findings_of(change_set.lead, change_set.book)
    account = account_of(cleaned.contact.email, free_mail=found.free_mail)
    change_set.update_lead(account=account or lead.account)
    for ref in claims:
        change_set.claim(ref)
    change_set.record_event("ContactEdited", fields=", ".join(sorted(action.contact)))
    rescore(change_set)
    qualify_or_nurture(change_set)
    return None
