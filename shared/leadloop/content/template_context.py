"""The words a template may use, gathered from what is known when a delivery is said.

`lead.first_name`, `.name`, `.company`, `.country`, `.email`, `.phone`, `.job_title`, `.message`,
`.product`, `.product_line`, `.source`, `.score`, `.rating`, `.fields.<own>`; `reasons` (why hot,
a list of texts, strongest first); `rep.name`; `company.name`, `company.postal_address`;
`accept_url` (to reps) or `unsubscribe_url` (to persons); `offer_url` (a download's own link),
`offer_code` (a code, or the number of a seat); `said` (to reps: what the person wrote just now, a
lead's first words apart); and whatever the delivery brings as data, such as
`route_reason` (why theirs).
"""

from collections.abc import Mapping

from leadloop.model.delivery import Delivery
from leadloop.model.lead import Lead

TEMPLATE_WORDS = frozenset(
    """
    lead.first_name lead.last_name lead.name lead.company lead.country lead.email lead.phone
    lead.job_title lead.message lead.product lead.product_line lead.source lead.score lead.rating
    lead.fields reasons route_reason rep.name company.name company.postal_address accept_url
    unsubscribe_url offer_url offer_code said
    """.split()  # noqa: SIM905 - reads better than a list of quotes
)


def build_template_context(
    lead: Lead,
    delivery: Delivery,
    *,
    company: Mapping[str, str],
    rep: str = "",
    accept_url: str | None = None,
    unsubscribe_url: str | None = None,
    offer_url: str | None = None,
) -> dict[str, object]:
    """For `templates.render`; `company` has `name` and `postal_address`, `rep` is a name."""
    contact, interest = lead.contact, lead.interest
    told = delivery.data.get("reasons", "")  # as of the decision; the score may have moved on
    strongest = sorted(lead.score.points, key=lambda row: -row.points)
    return {
        "offer_code": None,
        "said": None,
        **delivery.data,
        "reasons": told.splitlines() if told else [r.reason for r in strongest if r.points > 0],
        "lead": {
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "name": contact.name or " ".join(filter(None, (contact.first_name, contact.last_name))),
            "company": contact.company,
            "country": contact.country,
            "email": contact.email,
            "phone": contact.phone,
            "job_title": contact.job_title,
            "message": interest.message,
            "product": interest.product,
            "product_line": lead.product_line,
            "source": lead.source,
            "score": lead.score.total,
            "rating": lead.rating.value,
            "fields": lead.fields,
        },
        "rep": {"name": rep},
        "company": dict(company),
        "accept_url": accept_url,
        "unsubscribe_url": unsubscribe_url,
        "offer_url": offer_url,
    }
