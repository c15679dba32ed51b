"""The sources of the public doors: how a form or webhook is read, and what its page shows.

A person waits while such a door starts. So these models hold no rules, and the models of rules and
of other doors are elsewhere (`intake.policy`).
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from leadloop.intake.captchas import CaptchaProvider
from leadloop.intake.webhook_signatures import WebhookProof
from leadloop.model.base import Model
from leadloop.model.field_kind import FieldKind

SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
WebhookFormat = Literal["meta", "google", "linkedin", "typeform", "json"]
TextByLanguage = dict[str, str]  # language (ISO 639) → text


class PublicSource(Model):
    """What every source says.

    `fields` maps this source's names to full names such as `contact.email`, `interest.product` or
    an own field; default: no name is mapped. `required` lists names without which nothing is
    accepted; default: none. `country` (ISO 3166 alpha-2) is for phones without a country code,
    `language` (ISO 639) for templates, where the person gives none.
    """

    # Sources are read in the union that holds them; most are never built alone.
    model_config = ConfigDict(defer_build=True)

    id: str
    country: str
    language: str
    required: tuple[str, ...] = ()
    fields: dict[str, str] = {}


class ConsentTranslation(Model):
    """A consent's text in another language. `version` names this wording."""

    version: str
    text: str


class ConsentText(Model):
    """The text that the person sees and agrees to, in the source's language.

    `version` names this wording; `purposes` are what the person agrees to. `required` (default:
    yes): a post without the consent is refused. `translations` (by language) ask for the same
    purposes.
    """

    version: str
    text: str
    purposes: tuple[str, ...]
    required: bool = True
    translations: dict[str, ConsentTranslation] = {}

    @property
    def versions(self) -> frozenset[str]:
        """The versions of all wordings that are in use today."""
        return frozenset({self.version, *(each.version for each in self.translations.values())})


class OptionRow(Model):
    """A choice of a field: the value that is sent, and its labels; default label: the value."""

    value: str
    labels: TextByLanguage = {}


class FieldRow(Model):
    """A field of the page, by the source's own name.

    `kind`, `labels` and `hints` follow from the field's mapping unless they are given. With
    `options` it is a list to choose from. `accept` lists the endings that a file may have, such as
    `.pdf`; default: any.
    """

    name: str
    kind: FieldKind | None = None
    labels: TextByLanguage = {}
    hints: TextByLanguage = {}
    options: tuple[OptionRow, ...] = ()
    accept: tuple[str, ...] = ()


class PageRow(Model):
    """The form's hosted page, which its script renders too.

    A text that is not given is left out or has our own words. Without `fields` the page asks for
    all mapped names.
    """

    headline: TextByLanguage = {}
    intro: TextByLanguage = {}
    button: TextByLanguage = {}
    thanks: TextByLanguage = {}
    fields: tuple[FieldRow, ...] = ()


class CaptchaRow(Model):
    """The captcha of a form. `secret` is the name of the provider's key in Secrets Manager.

    A post that fails is held back for a person to look at. A provider that does not answer holds
    back no post.
    """

    provider: CaptchaProvider
    site_key: str
    secret: SecretName


class PublicForm(PublicSource):
    """A landing-page form: `POST /f/{id}`; its page is `GET /f/{id}`.

    `allowed_origins` are the web origins whose pages may post; default: any. `thank_you` is the
    address for the browser after a post; default: our own page. A page may name another address,
    at an allowed origin. `honeypot` is a field that no person sees; a post that fills it becomes no
    lead; default: none. `minimum_seconds`: a post that comes sooner after our page was shown, or
    without our page, is held back for a person to look at; default 0: no such check. `captcha`
    has no default. `device` (default: no): after the person agreed, the browser's fingerprint is
    sent; the consent's text must say so.
    """

    kind: Literal["form"]
    allowed_origins: tuple[str, ...] = ()
    thank_you: str | None = None
    honeypot: str | None = None
    minimum_seconds: int = Field(default=0, ge=0)
    captcha: CaptchaRow | None = None
    device: bool = False
    consent: ConsentText | None = None
    page: PageRow = PageRow()

    @property
    def file_fields(self) -> dict[str, FieldRow]:
        """The fields that take a file, by name."""
        return {row.name: row for row in self.page.fields if row.kind == "file"}


class PublicWebhook(PublicSource):
    """A vendor that posts leads: `POST /hooks/{id}`; `GET` answers the vendor's handshake.

    `secret`, `handshake` and `token` are names of secrets in Secrets Manager. `secret` proves the
    sender. `handshake` is Meta's verify token. `token` opens the vendor's API, and `forms` are the
    ids of our forms or accounts there, whose leads are asked for every hour; default: none.

    Only for the format `json`: `proof` is how a post proves its sender (default: Standard
    Webhooks). The others are JMESPath or names. `leads` is where the list of leads is; default:
    the body is the only lead; `@`: the body is the list. `key_field` is the vendor's own id.
    `test_field` and `deleted_field` mark a test or a deletion. `inside` is a field that holds the
    JSON as text.
    """

    kind: Literal["webhook"]
    format: WebhookFormat
    secret: SecretName
    handshake: SecretName | None = None
    token: SecretName | None = None
    forms: tuple[str, ...] = ()
    proof: WebhookProof | None = None
    leads: str | None = None
    key_field: str | None = None
    test_field: str | None = None
    deleted_field: str | None = None
    inside: str | None = None
    consent: ConsentText | None = None
