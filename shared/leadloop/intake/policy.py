"""The sources of the playbook: who may bring leads through which door, and how they read."""

from typing import Annotated, Literal

from pydantic import Field

from leadloop.intake.captchas import CaptchaProvider
from leadloop.intake.selectors import MailTemplate
from leadloop.intake.webhooks.proof import (
    GOOGLE,
    LINKEDIN,
    META,
    STANDARD,
    TYPEFORM,
    BodyKey,
    HeaderKey,
    Proof,
    Signature,
)
from leadloop.model.base import Model
from leadloop.model.field_kind import FieldKind
from leadloop.model.lifecycle import Stage
from leadloop.policy.conditions import Condition

SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
PROOFS: dict[str, Signature | HeaderKey | BodyKey] = {
    "meta": META,
    "google": GOOGLE,
    "linkedin": LINKEDIN,
    "typeform": TYPEFORM,
    "json": STANDARD,
}
ByLanguage = dict[str, str]  # language → words


class Wording(Model):
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
    translations: dict[str, Wording] = {}

    @property
    def versions(self) -> frozenset[str]:
        """Every wording that is shown today."""
        return frozenset({self.version, *(each.version for each in self.translations.values())})


class AutoResponse(Model):
    """Whoever asks through this source, and of whom `when` holds, is answered with `template`.

    The first row that holds is taken. Past `within_hours` of the inquiry it is not said any more.
    `offer` is what was asked for, given along with it. Not `answers`: it says only that the inquiry
    has come, and what was asked is still for a person to answer.
    """

    template: str
    when: Condition | None = None
    within_hours: float = Field(default=24, gt=0)
    offer: str | None = None
    answers: bool = True


class SourceBase(Model):
    """`fields` maps this source's names to ours (`contact.…`, `interest.…` or an own field).

    `direct_to_sales` skips the threshold (H1). `country` and `language` are the defaults for
    phones and templates where the person gives none. `offer` is what it promises, given at once.
    `subscribes`: who comes this way wants to be written to, and asks sales for nothing. `event`:
    it is the list of a fair, a webinar, a round of calls; `fields.attendance` tells who came.
    `asks`: of whom it holds has asked something; unless a row of `auto_responses` answers it, a
    person does, before all other work. `accept_minutes`: a rep has so long for who comes this way.
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
    asks: Condition | None = None
    accept_minutes: int | None = Field(default=None, gt=0)
    offer: str | None = None
    subscribes: bool = False
    event: str | None = Field(default=None, pattern=r"^[a-z0-9_-]{1,40}$")


class OptionRow(Model):
    """What is sent, and what is read in each language; where no label is, the value itself."""

    value: str
    labels: ByLanguage = {}


class FieldRow(Model):
    """A field of the page, by the source's own name; what is not said follows from its mapping.

    `accept` lists the endings that a file may have, as in `.pdf`.
    """

    name: str
    kind: FieldKind | None = None
    labels: ByLanguage = {}
    hints: ByLanguage = {}
    options: tuple[OptionRow, ...] = ()
    accept: tuple[str, ...] = ()


class PageRow(Model):
    """The form's hosted page and what its script renders. No `fields`: all of the mapping."""

    headline: ByLanguage = {}
    intro: ByLanguage = {}
    button: ByLanguage = {}
    thanks: ByLanguage = {}
    fields: tuple[FieldRow, ...] = ()


class CaptchaRow(Model):
    """A provider's riddle on the form. `secret` is named here and lies in Secrets Manager.

    Who fails is held back for a person to look at; a provider that is silent holds up nobody.
    """

    provider: CaptchaProvider
    site_key: str
    secret: SecretName


class FormSource(SourceBase):
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
    def files(self) -> dict[str, FieldRow]:
        """The fields that take a file."""
        return {row.name: row for row in self.page.fields if row.kind == "file"}


class XmlBody(Model):
    """XML of a source's own: `fields` maps XPath (names without namespace) to our names.

    `key` is where its own id of the lead stands, which serves without a header.
    """

    fields: dict[str, str]
    key: str | None = None


class PartnerSource(SourceBase):
    """A partner with an API key; `key_field` is the mapped field that serves without a header.

    What it posts is JSON, name=value pairs or ADF, and with `xml` also XML of its own.
    """

    kind: Literal["partner"]
    key_field: str | None = None
    xml: XmlBody | None = None
    consent: ConsentText | None = None


class MailSource(SourceBase):
    """A vendor's drop address: `address` is the local part at the company's drop domain.

    `labels` maps the vendor's labels, lower-case, to our names, in addition to the common ones,
    and `templates` say the rest for vendors whose mails the common reading does not suffice for.
    `relays` are domains of addresses that stand for a person and name nobody.
    """

    kind: Literal["mail"]
    address: str
    format: Literal["adf", "json", "rows", "labels", "auto"] = "auto"
    labels: dict[str, str] = {}
    templates: tuple[MailTemplate, ...] = ()
    relays: tuple[str, ...] = ()
    trusted_senders: tuple[str, ...] = ()  # domains; empty: whoever the verdicts let pass


class WebhookSource(SourceBase):
    """What a vendor posts by itself: `POST /hooks/{id}`, with its handshake where it asks for one.

    Secrets are named here and lie in Secrets Manager: `secret` proves who sends, `handshake` is
    Meta's verify token, `token` opens the vendor's API, where `forms` lists what we have there.

    For `json`, paths say what is what: `leads` the list (none: the body is one), `key_field` the
    vendor's own id, `test_field` and `deleted_field` what marks such a lead, and `inside` names a
    field that holds the JSON as text. `proof` is how it proves itself.
    """

    kind: Literal["webhook"]
    format: Literal["meta", "google", "linkedin", "typeform", "json"]
    secret: SecretName
    handshake: SecretName | None = None
    token: SecretName | None = None
    forms: tuple[str, ...] = ()
    proof: Proof | None = None
    leads: str | None = None
    key_field: str | None = None
    test_field: str | None = None
    deleted_field: str | None = None
    inside: str | None = None
    consent: ConsentText | None = None

    @property
    def proves(self) -> Signature | HeaderKey | BodyKey:
        """How a post of this source proves itself: by its own row, else by its vendor's way."""
        return self.proof or PROOFS[self.format]


class FileSource(SourceBase):
    """Files of rows that colleagues bring; `fields` maps their columns, and needs no confirming.

    `quiet`: lists from another system. `fields.since`, `fields.stage`, `fields.owner` and
    `fields.history` tell what it knew of each; nothing is said, routed or timed until the import is
    released. `stages` and `owners` say what its words mean, and `dates` what stands first where
    they have slashes.
    """

    kind: Literal["file"]
    consent: ConsentText | None = None
    quiet: bool = False
    stages: dict[str, Stage] = {}
    owners: dict[str, str] = {}
    dates: Literal["day", "month"] | None = None


class FeedSource(SourceBase):
    """What is polled: RSS or Atom at an `https` address, or files below an `sftp` or `ftps` one.

    `fields` maps names of an entry (`intake.syndication` lists them) or of a file's records,
    `labels` the labels in an entry's text. `files` says by a pattern which are taken. `login` names
    a secret: the user, then the password or the private key, a line each; `host_key` is the SFTP
    server's public key. `ftp`, in the clear, is for who has nothing better.
    """

    kind: Literal["feed"]
    address: str
    every_minutes: int = Field(default=15, ge=1)
    labels: dict[str, str] = {}
    files: str = "*"
    login: SecretName | None = None
    host_key: str | None = None


class DeskSource(SourceBase):
    """Entered by hand."""

    kind: Literal["desk"]


Source = Annotated[
    FormSource | PartnerSource | MailSource | WebhookSource | FileSource | FeedSource | DeskSource,
    Field(discriminator="kind"),
]
