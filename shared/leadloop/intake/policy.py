"""The sources of the playbook: who may bring leads through which door, and how they read."""

from typing import Annotated, Literal

from pydantic import Field

from leadloop.intake.mail_templates import MailTemplate
from leadloop.intake.public_sources import (
    ConsentText,
    PublicForm,
    PublicSource,
    PublicWebhook,
    SecretName,
)
from leadloop.model.base import Model
from leadloop.model.lifecycle import Stage
from leadloop.policy.conditions import Condition


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


class SourceBase(PublicSource):
    """`direct_to_sales` skips the threshold (H1). `offer` is what it promises, given at once.

    `subscribes`: who comes this way wants to be written to, and asks sales for nothing. `event`:
    it is the list of a fair, a webinar, a round of calls; `fields.attendance` tells who came.
    `asks`: of whom it holds has asked something; unless a row of `auto_responses` answers it, a
    person does, before all other work. `accept_minutes`: a rep has so long for who comes this way.
    """

    vendor: str | None = None
    product_line: str
    direct_to_sales: bool = False
    auto_responses: tuple[AutoResponse, ...] = ()
    asks: Condition | None = None
    accept_minutes: int | None = Field(default=None, gt=0)
    offer: str | None = None
    subscribes: bool = False
    event: str | None = Field(default=None, pattern=r"^[a-z0-9_-]{1,40}$")


class FormSource(PublicForm, SourceBase):
    """A landing-page form."""


class WebhookSource(PublicWebhook, SourceBase):
    """What a vendor posts by itself."""


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
