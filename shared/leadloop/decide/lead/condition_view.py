"""A lead as conditions see it: one flat mapping of dotted names to plain values."""

from collections import Counter

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.account import Account
from leadloop.model.contact import Contact, Interest
from leadloop.model.facts import AccountRef
from leadloop.model.lead import Lead
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.conditions import Value, View
from leadloop.quality.normalise import ContactFindings, normalise_contact

CUSTOMER_FIELD = "customer"  # the one name that the company has a word in
PROFILE_FIELDS = tuple(Contact.model_fields)


def findings_of(lead: Lead, book: CompiledPlaybook) -> ContactFindings:
    """What is known of the quality of the lead's own details."""
    source = book.source(lead.source)
    return normalise_contact(lead.contact, source.country, source.language).findings


def language_of(lead: Lead, book: CompiledPlaybook) -> str:
    """The person's language, else the source's."""
    return lead.contact.language or book.source(lead.source).language


def view_of(lead: Lead, account: Account | None, book: CompiledPlaybook) -> View:
    """The names that playbooks use; what is not known is not there."""
    source, found = book.source(lead.source), findings_of(lead, book)
    view: dict[str, Value] = {
        **_prefix_fields("contact", lead.contact),
        **_prefix_fields("interest", lead.interest),
        **{f"fields.{name}": value for name, value in lead.fields.items()},
        "contact.email_domain": found.email_domain,
        "contact.free_mail": found.free_mail,
        "contact.role_address": found.role_address,
        "contact.phone_type": found.phone_type,
        "contact.phone_region": found.phone_region,
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
    for word, count in Counter(touch.signal for touch in lead.touchpoints).items():
        view[f"signals.{word}"] = count
    for event, attended in lead.attendance.items():
        view[f"attendance.{event}"] = str(attended.status)
    return {name: value for name, value in view.items() if value is not None}


def inquiry_view(
    submission: Submission, lead: Lead, account: Account | None, book: CompiledPlaybook
) -> View:
    """The lead, with this inquiry's own interest and way in before what was known earlier."""
    source = book.source(submission.source)
    asked: dict[str, Value] = {
        **_prefix_fields("interest", submission.interest),
        **{f"fields.{name}": value for name, value in submission.fields.items()},
        "source": submission.source,
        "vendor": source.vendor,
        "channel": str(submission.channel),
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return {**view_of(lead, account, book), **given}


def _prefix_fields(prefix: str, model: Contact | Interest) -> dict[str, Value]:
    return {f"{prefix}.{name}": getattr(model, name) for name in type(model).model_fields}


def _completeness(contact: Contact) -> int:
    given = sum(1 for name in PROFILE_FIELDS if getattr(contact, name))
    return round(100 * given / len(PROFILE_FIELDS))


def view_for(change_set: ChangeSet, fields: frozenset[str]) -> View:
    """The lead as rules that ask for `fields` see it: its company is read if one asks of it."""
    account = require_account(change_set) if CUSTOMER_FIELD in fields else None
    return view_of(change_set.lead, account, change_set.book)


def require_account(change_set: ChangeSet) -> Account | None:
    if change_set.lead.account is None:
        return None
    change_set.facts.require(AccountRef(change_set.lead.account))
    return change_set.account()
