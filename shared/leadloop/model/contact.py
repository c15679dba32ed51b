"""A person's details; the same shape as sent and as normalised."""

from leadloop.model.base import Model

MESSAGE_FIELD = "interest.message"  # the full name of the person's own words


class Contact(Model):
    """The person and the company; `None` where nothing was sent.

    Normalised: `email` in lower case, `phone` as E.164 (`+4930123456`), `country` as ISO 3166-1
    alpha-2 (`DE`), `language` as a BCP 47 primary tag (`de`). Names keep their letters, in any
    script.
    """

    email: str | None = None
    phone: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    job_title: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    street: str | None = None
    postcode: str | None = None
    language: str | None = None
    website: str | None = None


class Interest(Model):
    """What the person asked for. `budget` is in whole units of the product line's currency."""

    product_line: str | None = None
    product: str | None = None
    message: str | None = None
    budget: int | None = None
    employees: int | None = None
    timeframe: str | None = None
