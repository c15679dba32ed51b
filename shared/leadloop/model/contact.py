"""A person's details, as given or as normalised: the same shape before and after `quality`."""

from leadloop.model.base import Model


class Contact(Model):
    """The person and the company; `None` where nothing was given.

    Normalised: `email` lower-cased as identity wants it, `phone` in E.164, `country` ISO 3166
    alpha-2, `language` a BCP 47 primary tag. Names keep their own letters, whatever the script.
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
