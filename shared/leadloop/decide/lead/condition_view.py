"""A lead and its person as conditions see them: one flat mapping of dotted names to values."""

from collections import Counter
from operator import is_

from leadloop.model.account import Account
from leadloop.model.contact import Contact, Interest
from leadloop.model.lead import Lead
from leadloop.model.lifecycle import Stage
from leadloop.model.person import Person
from leadloop.model.submission import Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.conditions import Value, View
from leadloop.quality.normalise import ContactFindings, NormalisedContact, normalise_contact

CUSTOMER_FIELD = "customer"  # the only name that depends on the company
CONTACT_NAMES = tuple((name, f"contact.{name}") for name in Contact.model_fields)
INTEREST_NAMES = tuple((name, f"interest.{name}") for name in Interest.model_fields)


def findings_of(person: Person, source_id: str, book: CompiledPlaybook) -> ContactFindings:
    """What was found out about the quality of the person's contact, as this source sends it."""
    source = book.source(source_id)
    return normalise_contact(person.contact, source.country, source.language).findings


def language_of(person: Person, lead: Lead, book: CompiledPlaybook) -> str:
    """The language code of the person, else of the lead's source."""
    return person.contact.language or book.source(lead.source).language


class LeadViews:
    """The views of one lead while it is decided on.

    What its person and wish tell is worked out once for all of them. `known` is the contact with
    what was found out about it, where that has just been asked.
    """

    def __init__(self, book: CompiledPlaybook, known: NormalisedContact | None = None) -> None:
        self._book, self._known = book, known
        self._profile_of: tuple[object, ...] = ()
        self._profile: dict[str, Value] = {}

    def view_of(self, person: Person, lead: Lead, account: Account | None) -> View:
        """The values by the names that playbooks use; an unknown value has no entry."""
        view = self._profile_view(person, lead) | {
            "stage": str(lead.stage),
            "cycle": lead.cycle,
            "subscriber": lead.subscriber,
            "open_question": lead.open_question is not None,
            "rating": str(lead.rating),
            "score.total": lead.score.total,
            "score.fit": lead.score.fit,
            "score.behaviour": lead.score.behaviour,
            CUSTOMER_FIELD: lead.stage is Stage.CUSTOMER
            or (account is not None and account.customer_since is not None),
        }
        if person.touchpoints:
            for signal, count in Counter(touch.signal for touch in person.touchpoints).items():
                view[f"signals.{signal}"] = count
        for event, attendance in person.attendance.items():
            view[f"attendance.{event}"] = str(attendance.status)
        return view

    def view_of_inquiry(
        self, submission: Submission, person: Person, lead: Lead, account: Account | None
    ) -> View:
        """The lead's view, with this inquiry's wish, fields and source for the earlier ones."""
        source = self._book.source(submission.source)
        inquiry: dict[str, Value] = {
            **{f"fields.{name}": value for name, value in submission.fields.items()},
            "source": submission.source,
            "vendor": source.vendor,
            "channel": str(submission.channel),
        }
        return {
            **self.view_of(person, lead, account),
            **_given_values(submission.interest, INTEREST_NAMES),
            **{name: value for name, value in inquiry.items() if value is not None},
        }

    def _profile_view(self, person: Person, lead: Lead) -> dict[str, Value]:
        """What seldom changes while a lead is decided on."""
        profile_of = (
            person.contact,
            lead.interest,
            lead.fields,
            lead.source,
            lead.channel,
            lead.product_line,
            person.account,
        )
        # By identity: whatever changes is another object, and to compare contacts takes longer.
        if len(self._profile_of) == len(profile_of) and all(map(is_, profile_of, self._profile_of)):
            return self._profile
        self._profile_of, self._profile = profile_of, self._build_profile(person, lead)
        return self._profile

    def _build_profile(self, person: Person, lead: Lead) -> dict[str, Value]:
        source, findings = self._book.source(lead.source), self._findings_of(person, lead)
        profile: dict[str, Value] = {
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
            "language": person.contact.language or source.language,
            "account": person.account,
            "completeness": _completeness(person.contact),
        }
        return {
            **_given_values(person.contact, CONTACT_NAMES),
            **_given_values(lead.interest, INTEREST_NAMES),
            **{name: value for name, value in profile.items() if value is not None},
        }

    def _findings_of(self, person: Person, lead: Lead) -> ContactFindings:
        if self._known is not None and self._known.contact is person.contact:
            return self._known.findings
        return findings_of(person, lead.source, self._book)


def _given_values(
    model: Contact | Interest, names: tuple[tuple[str, str], ...]
) -> dict[str, Value]:
    """The values of a model that are known, by the names of playbooks."""
    values = model.__dict__
    return {dotted: values[name] for name, dotted in names if values[name] is not None}


def _completeness(contact: Contact) -> int:
    values = contact.__dict__.values()
    return round(100 * sum(map(bool, values)) / len(values))
