"""A lead as conditions see it: one flat mapping of dotted names to plain values."""

from collections import Counter

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.account import Account
from leadloop.model.contact import Contact, Interest
from leadloop.model.lead import Lead
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.conditions import Value, View
from leadloop.quality.normalise import ContactFindings, normalise_contact

CUSTOMER_FIELD = "customer"  # the only name that depends on the company
PROFILE_FIELDS = tuple(Contact.model_fields)


def findings_of(lead: Lead, book: CompiledPlaybook) -> ContactFindings:
    """What was found out about the quality of the lead's contact."""
    source = book.source(lead.source)
    return normalise_contact(lead.contact, source.country, source.language).findings


def language_of(lead: Lead, book: CompiledPlaybook) -> str:
    """The language code of the person, else of the source."""
    return lead.contact.language or book.source(lead.source).language


def view_of(lead: Lead, account: Account | None, book: CompiledPlaybook) -> View:
    """The values by the names that playbooks use; an unknown value has no entry."""
    source, findings = book.source(lead.source), findings_of(lead, book)
    view: dict[str, Value] = {
        **_prefix_fields("contact", lead.contact),
        **_prefix_fields("interest", lead.interest),
        **{f"fields.{name}": value for name, value in lead.fields.items()},
        "contact.email_domain": findings.email_domain,
        "contact.free_mail": findings.free_mail,
        "contact.role_address": findings.role_address,
        "contact.phone_type": findings.phone_type,
        "contact.phone_region": findings.phone_region,
        "source": lead.source,
        "vendor": source.vendor,
        "channel": str(lead.channel),
        "product_line": lead.product_line,
        "language": language_of(lead, book),
        "account": lead.account,
        "stage": str(lead.stage),
        "cycle": lead.cycle,
        "subscriber": lead.subscriber,
        "open_question": lead.open_question is not None,
        "rating": str(lead.rating),
        "score.total": lead.score.total,
        "score.fit": lead.score.fit,
        "score.behaviour": lead.score.behaviour,
        "completeness": _completeness(lead.contact),
        CUSTOMER_FIELD: lead.stage is Stage.CUSTOMER
        or (account is not None and account.customer_since is not None),
    }
    for signal, count in Counter(touch.signal for touch in lead.touchpoints).items():
        view[f"signals.{signal}"] = count
    for event, attendance in lead.attendance.items():
        view[f"attendance.{event}"] = str(attendance.status)
    return {name: value for name, value in view.items() if value is not None}


def view_for(change_set: ChangeSet, fields: frozenset[str]) -> View:
    """The names that rules with these `fields` ask for; the company is read only if one asks."""
    account = change_set.account() if CUSTOMER_FIELD in fields else None
    return view_of(change_set.lead, account, change_set.book)


def inquiry_view(
    submission: Submission, lead: Lead, account: Account | None, book: CompiledPlaybook
) -> View:
    """The lead's view, with this inquiry's interest, fields and source for the earlier ones."""
    source = book.source(submission.source)
    inquiry: dict[str, Value] = {
        **_prefix_fields("interest", submission.interest),
        **{f"fields.{name}": value for name, value in submission.fields.items()},
        "source": submission.source,
        "vendor": source.vendor,
        "channel": str(submission.channel),
    }
    values = {name: value for name, value in inquiry.items() if value is not None}
    return {**view_of(lead, account, book), **values}


def _prefix_fields(prefix: str, model: Contact | Interest) -> dict[str, Value]:
    return {f"{prefix}.{name}": getattr(model, name) for name in type(model).model_fields}


def _completeness(contact: Contact) -> int:
    filled_count = sum(1 for name in PROFILE_FIELDS if getattr(contact, name))
    return round(100 * filled_count / len(PROFILE_FIELDS))
