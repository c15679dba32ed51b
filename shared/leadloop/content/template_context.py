"""The words that a mail template may use: `{{ lead.first_name }}`, `{{ unsubscribe_url }}`.

Each class is a group of words, and the text beside a word is its help. `docs/template-words.md`
shows the same list. A word without a value renders as nothing.

What a person typed may be a stranger's word to somebody else. So a mail to a person says names and
short values only, and a mail to a rep shows the rest quoted (`stranger_text`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, get_type_hints

from leadloop.content.stranger_text import (
    looks_like_label,
    looks_like_name,
    quote_label,
    quote_lines,
)
from leadloop.model.contact import Contact
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.lead import Lead
from leadloop.model.person import Person

OptionalText = str | None


@dataclass(frozen=True, kw_only=True)
class LeadContext:
    """The lead that the mail is about."""

    first_name: Annotated[OptionalText, "the person's first name, if it looks like a name"]
    last_name: Annotated[OptionalText, "the person's last name, if it looks like a name"]
    name: Annotated[
        str, "the full name as it was given, otherwise first and last name; empty if it is no name"
    ]
    company: Annotated[OptionalText, "the person's company"]
    country: Annotated[OptionalText, "the country, as two letters"]
    email: Annotated[OptionalText, "the person's mail address"]
    phone: Annotated[OptionalText, "the person's phone number"]
    job_title: Annotated[OptionalText, "the person's job title"]
    message: Annotated[OptionalText, "what the person wrote first, quoted by `> ` (to reps)"]
    product: Annotated[OptionalText, "the product that the person asks for"]
    product_line: Annotated[str, "the id of the lead's product line"]
    source: Annotated[str, "the id of the source that brought the lead"]
    score: Annotated[int, "the points of the lead"]
    rating: Annotated[str, "`cold`, `warm` or `hot`"]
    fields: Annotated[Mapping[str, str], "your own fields, such as `lead.fields.size`"]


@dataclass(frozen=True, kw_only=True)
class RepContext:
    """The rep who receives the mail."""

    name: Annotated[str, "the rep's name; empty in a mail to a person"]


@dataclass(frozen=True, kw_only=True)
class CompanyContext:
    """Your company, as the playbook describes it."""

    name: Annotated[str, "the company's name"]
    postal_address: Annotated[str, "the company's postal address"]


@dataclass(frozen=True, kw_only=True)
class MailContext:
    """All words of a mail."""

    lead: LeadContext
    rep: RepContext
    company: CompanyContext
    reasons: Annotated[list[str], "why the lead is hot: a list of texts, strongest first"]
    route_reason: Annotated[OptionalText, "why this rep receives the lead (to reps)"]
    said: Annotated[
        OptionalText,
        "what the person wrote just now, if not the first message, quoted by `> ` (to reps)",
    ]
    alert_count: Annotated[
        OptionalText,
        "how often the person was heard of since the last alert, if not once (to reps)",
    ]
    accept_url: Annotated[OptionalText, "the link that accepts the lead (to reps)"]
    unsubscribe_url: Annotated[OptionalText, "the link to unsubscribe (to persons)"]
    confirm_url: Annotated[OptionalText, "the link by which an address says yes to an offer"]
    offer_url: Annotated[OptionalText, "the person's own link to the file of a download offer"]
    offer_code: Annotated[OptionalText, "the code of an offer, or the number of a seat"]


def build_template_context(  # noqa: PLR0913 - the links are keywords
    person: Person,
    lead: Lead,
    delivery: Delivery,
    *,
    company: CompanyContext,
    rep: str = "",
    accept_url: str | None = None,
    unsubscribe_url: str | None = None,
    offer_url: str | None = None,
    confirm_url: str | None = None,
) -> dict[str, object]:
    """The words for `templates.render_template`, and whatever else `delivery.data` brings.

    The reasons are those of the decision, if `delivery.data` has them: the score may have changed
    since. `rep` is a name.
    """
    data = delivery.data
    to_rep, said = delivery.purpose is Purpose.REP_ALERT, data.get("said")
    context = MailContext(
        lead=_lead_context(person, lead, to_rep=to_rep),
        rep=RepContext(name=rep),
        company=company,
        reasons=data.get("reasons", "").splitlines() or _positive_reasons(lead),
        route_reason=data.get("route_reason"),
        said=quote_lines(said) if said and to_rep else None,
        alert_count=data.get("alert_count"),
        accept_url=accept_url,
        unsubscribe_url=unsubscribe_url,
        confirm_url=confirm_url,
        offer_url=offer_url,
        offer_code=data.get("offer_code"),
    )
    return {**data, **asdict(context)}


def mail_name(contact: Contact) -> str:
    """The name by which a mail may call the person; empty if what was given is no name."""
    name = _full_name(contact)
    return name if looks_like_name(name) else ""


def _lead_context(person: Person, lead: Lead, *, to_rep: bool) -> LeadContext:
    contact, interest = person.contact, lead.interest
    say = _say_to_rep if to_rep else _say_to_person
    name = mail_name(contact)
    return LeadContext(
        first_name=_name_part(contact.first_name, name),
        last_name=_name_part(contact.last_name, name),
        name=name,
        company=say(contact.company),
        country=say(contact.country),
        email=contact.email,
        phone=contact.phone,
        job_title=say(contact.job_title),
        message=_quoted_message(contact, lead) if to_rep else None,
        product=say(interest.product),
        product_line=lead.product_line,
        source=lead.source,
        score=lead.score.total,
        rating=lead.rating.value,
        fields=_fields_to_rep(lead) if to_rep else _fields_to_person(lead),
    )


def _full_name(contact: Contact) -> str:
    return contact.name or " ".join(filter(None, (contact.first_name, contact.last_name)))


def _name_part(part: str | None, name: str) -> str | None:
    return part if part and name and looks_like_name(part) else None


def _say_to_person(text: str | None) -> str | None:
    return text if text and looks_like_label(text) else None


def _say_to_rep(text: str | None) -> str | None:
    return quote_label(text) if text else text


def _fields_to_person(lead: Lead) -> dict[str, str]:
    return {name: text for name, text in lead.fields.items() if looks_like_label(text)}


def _fields_to_rep(lead: Lead) -> dict[str, str]:
    """A field of one word may be an address to answer to; it stays as it is."""
    return {
        name: quote_label(text) if len(text.split()) > 1 else text
        for name, text in lead.fields.items()
    }


def _quoted_message(contact: Contact, lead: Lead) -> str | None:
    """What the person wrote; a name that is none was written as well."""
    name = _full_name(contact)
    unused = name if name and not looks_like_name(name) else None
    texts = [text for text in (unused, lead.interest.message) if text]
    return "\n".join(map(quote_lines, texts)) or None


def _positive_reasons(lead: Lead) -> list[str]:
    strongest_first = sorted(lead.score.points, key=lambda row: -row.points)
    return [row.reason for row in strongest_first if row.points > 0]


def _words_of(context: type, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, hint in get_type_hints(context, include_extras=True).items():
        if hasattr(hint, "__metadata__"):
            yield f"{prefix}{name}", hint.__metadata__[0]
        else:
            yield from _words_of(hint, f"{name}.")


TEMPLATE_WORDS: Mapping[str, str] = dict(_words_of(MailContext))  # word → its help
