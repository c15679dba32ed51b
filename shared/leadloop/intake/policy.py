"""The sources of the playbook: who may bring leads through which door, and how they read."""

from typing import Annotated, Literal

from pydantic import Field

from leadloop.model.base import Model
from leadloop.policy.conditions import Condition


class ConsentText(Model):
    """What the person is shown and agrees to. `required`: without it nothing is taken."""

    version: str
    text: str
    purposes: tuple[str, ...]
    required: bool = True


class AutoResponse(Model):
    """Whoever asks through this source, and of whom `when` holds, is answered with `template`.

    The first row that holds is taken. Past `within_hours` of the inquiry it is not said any more.
    """

    template: str
    when: Condition | None = None
    within_hours: float = Field(default=24, gt=0)


class SourceBase(Model):
    """`fields` maps this source's names to ours (`contact.…`, `interest.…` or an own field).

    `direct_to_sales` skips the threshold (H1). `country` and `language` are the defaults for
    phones and templates where the person gives none.
    """

    id: str
    vendor: str | None = None
    product_line: str
    country: str
    language: str
    required: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    direct_to_sales: bool = False
    auto_responses: tuple[AutoResponse, ...] = ()


class FormSource(SourceBase):
    """A landing-page form: `POST /f/{id}`. `honeypot` is a field no human sees."""

    kind: Literal["form"]
    allowed_origins: tuple[str, ...] = ()
    thank_you: str | None = None
    honeypot: str | None = None
    consent: ConsentText | None = None


class PartnerSource(SourceBase):
    """A partner with an API key; `key_field` is the mapped field that serves without a header."""

    kind: Literal["partner"]
    key_field: str | None = None
    consent: ConsentText | None = None


class MailSource(SourceBase):
    """A vendor's drop address: `address` is the local part at the company's drop domain.

    `labels` maps the vendor's labels, lower-case, to our names, in addition to the common ones.
    """

    kind: Literal["mail"]
    address: str
    format: Literal["adf", "labels", "auto"] = "auto"
    labels: dict[str, str] = {}
    trusted_senders: tuple[str, ...] = ()  # domains; empty: whoever the verdicts let pass


class DeskSource(SourceBase):
    """Entered by hand."""

    kind: Literal["desk"]


Source = Annotated[
    FormSource | PartnerSource | MailSource | DeskSource, Field(discriminator="kind")
]
