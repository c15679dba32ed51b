"""The words that a mail template may use: `{{ lead.first_name }}`, `{{ unsubscribe_url }}`.

Each class is a group of words, and the text beside a word is its help. `docs/template-words.md`
shows the same list. A word without a value renders as nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, get_type_hints

from leadloop.model.delivery import Delivery
from leadloop.model.lead import Lead

OptionalText = str | None


@dataclass(frozen=True, kw_only=True)
class LeadContext:
    """The lead that the mail is about."""

    first_name: Annotated[OptionalText, "the person's first name"]
    last_name: Annotated[OptionalText, "the person's last name"]
    name: Annotated[str, "the full name as it was given, otherwise first and last name"]
    company: Annotated[OptionalText, "the person's company"]
    country: Annotated[OptionalText, "the country, as two letters"]
    email: Annotated[OptionalText, "the person's mail address"]
    phone: Annotated[OptionalText, "the person's phone number"]
    job_title: Annotated[OptionalText, "the person's job title"]
    message: Annotated[OptionalText, "what the person wrote first"]
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
        OptionalText, "what the person wrote just now, if not the first message (to reps)"
    ]
    accept_url: Annotated[OptionalText, "the link that accepts the lead (to reps)"]
    unsubscribe_url: Annotated[OptionalText, "the link to unsubscribe (to persons)"]
    offer_url: Annotated[OptionalText, "the person's own link to the file of a download offer"]
    offer_code: Annotated[OptionalText, "the code of an offer, or the number of a seat"]


def build_template_context(
    lead: Lead,
    delivery: Delivery,
    *,
    company: CompanyContext,
    rep: str = "",
    accept_url: str | None = None,
    unsubscribe_url: str | None = None,
    offer_url: str | None = None,
) -> dict[str, object]:
    """The words for `templates.render_template`, and whatever else `delivery.data` brings.

    The reasons are those of the decision, if `delivery.data` has them: the score may have changed
    since. `rep` is a name.
    """
    data = delivery.data
    context = MailContext(
        lead=_lead_context(lead),
        rep=RepContext(name=rep),
        company=company,
        reasons=data.get("reasons", "").splitlines() or _positive_reasons(lead),
        route_reason=data.get("route_reason"),
        said=data.get("said"),
        accept_url=accept_url,
        unsubscribe_url=unsubscribe_url,
        offer_url=offer_url,
        offer_code=data.get("offer_code"),
    )
    return {**data, **asdict(context)}


def _lead_context(lead: Lead) -> LeadContext:
    contact, interest = lead.contact, lead.interest
    return LeadContext(
        first_name=contact.first_name,
        last_name=contact.last_name,
        name=contact.name or " ".join(filter(None, (contact.first_name, contact.last_name))),
        company=contact.company,
        country=contact.country,
        email=contact.email,
        phone=contact.phone,
        job_title=contact.job_title,
        message=interest.message,
        product=interest.product,
        product_line=lead.product_line,
        source=lead.source,
        score=lead.score.total,
        rating=lead.rating.value,
        fields=lead.fields,
    )


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
