"""What a public door is told of its source: how it reads, and what it shows. Nothing of it decides.

A door starts when somebody waits for it, so the models of rules and of other doors are not here.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from leadloop.intake.captchas import CaptchaProvider
from leadloop.intake.webhook_signatures import WebhookProof
from leadloop.model.base import Model
from leadloop.model.field_kind import FieldKind

SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
WebhookFormat = Literal["meta", "google", "linkedin", "typeform", "json"]
TextByLanguage = dict[str, str]  # language → words


class PublicSource(Model):
    """`fields` maps this source's names to ours (`contact.…`, `interest.…` or an own field).

    `country` and `language` are the defaults for phones and templates where the person gives none.
    """

    # Sources are read in the union that holds them; few are ever built for themselves.
    model_config = ConfigDict(defer_build=True)

    id: str
    country: str
    language: str
    required: tuple[str, ...] = ()
    fields: dict[str, str] = {}


class ConsentTranslation(Model):
    """A consent's text in another language; a version names one wording."""

    version: str
    text: str


class ConsentText(Model):
    """What the person is shown and agrees to. `required`: without it nothing is taken.

    `text` is in the source's language; the `translations` ask for the same purposes.
    """

    version: str
    text: str
    purposes: tuple[str, ...]
    required: bool = True
    translations: dict[str, ConsentTranslation] = {}

    @property
    def versions(self) -> frozenset[str]:
        """Every wording that is shown today."""
        return frozenset({self.version, *(each.version for each in self.translations.values())})


class OptionRow(Model):
    """What is sent, and what is read in each language; where no label is, the value itself."""

    value: str
    labels: TextByLanguage = {}


class FieldRow(Model):
    """A field of the page, by the source's own name; what is not said follows from its mapping.

    `accept` lists the endings that a file may have, as in `.pdf`.
    """

    name: str
    kind: FieldKind | None = None
    labels: TextByLanguage = {}
    hints: TextByLanguage = {}
    options: tuple[OptionRow, ...] = ()
    accept: tuple[str, ...] = ()


class PageRow(Model):
    """The form's hosted page and what its script renders. No `fields`: all of the mapping."""

    headline: TextByLanguage = {}
    intro: TextByLanguage = {}
    button: TextByLanguage = {}
    thanks: TextByLanguage = {}
    fields: tuple[FieldRow, ...] = ()


class CaptchaRow(Model):
    """A provider's riddle on the form. `secret` is named here and lies in Secrets Manager.

    Who fails is held back for a person to look at; a provider that is silent holds up nobody.
    """

    provider: CaptchaProvider
    site_key: str
    secret: SecretName


class PublicForm(PublicSource):
    """A landing-page form: `POST /f/{id}`, shown at `GET /f/{id}`.

    `honeypot` is a field no human sees. Who sends sooner than `minimum_seconds` after the page was
    shown, or without having been shown it, is held back for a person to look at; 0 asks nobody.
    `thank_you` is where a browser goes then; a page may name another, at an allowed origin.
    `device`: once the person has agreed, the browser's fingerprint is taken; the text must say so.
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
        """The fields that take a file."""
        return {row.name: row for row in self.page.fields if row.kind == "file"}


class PublicWebhook(PublicSource):
    """What a vendor posts by itself: `POST /hooks/{id}`, with its handshake where it asks for one.

    Secrets are named here and lie in Secrets Manager: `secret` proves who sends, `handshake` is
    Meta's verify token, `token` opens the vendor's API, where `forms` lists what we have there.

    For `json`, paths say what is what: `leads` the list (none: the body is one; `@`: the body is
    the list), `key_field` the vendor's own id, `test_field` and `deleted_field` what marks such a
    lead, and `inside` names a field that holds the JSON as text. `proof` is how it proves itself.
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
