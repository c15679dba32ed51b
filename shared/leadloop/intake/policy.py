"""The sources of the playbook: by which door leads come, and how each is read.

A setting that a docstring does not mention is off or empty unless the playbook gives it.
"""

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
    """An automatic answer to an inquiry of this source; the first row whose `when` holds counts.

    `template` is the id of the text. `when` is a condition; default: it always holds. More than
    `within_hours` (default: 24) after the inquiry it is not sent. `offer` is the id of an offer
    that is sent along; default: none. `answers` (default: yes): the text answers the question. If
    not, it only confirms the receipt, and a person still has to answer.
    """

    template: str
    when: Condition | None = None
    within_hours: float = Field(default=24, gt=0)
    offer: str | None = None
    answers: bool = True


class SourceBase(PublicSource):
    """What every source of the playbook says beside `PublicSource`.

    `vendor` is the id of the vendor that brings the leads; default: none. `product_line` is the
    line that the leads are for. `direct_to_sales` (default: no): leads skip the score's threshold
    (H1). `asks` is a condition; if it holds, the person has asked something, and a person answers
    before all other work, unless a row of `auto_responses` answers; default: nobody has asked.
    `accept_minutes` are the working minutes in which a rep must accept; default: those of the
    service level. `offer` is the id of an offer that the person gets at once; default: none.
    `subscribes` (default: no): people only want to be written to. `event` is the id of a fair, a
    webinar or a round of calls whose list this is; `fields.attendance` then says how each person
    took part; default: none.
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
    """A webhook of a vendor."""


class XmlBody(Model):
    """XML in a partner's own shape.

    `fields` maps XPath (names without namespace) to full names such as `contact.email`. `key` is
    the XPath of the partner's own id of the lead, for posts without a header; default: none.
    """

    fields: dict[str, str]
    key: str | None = None


class PartnerSource(SourceBase):
    """A partner with an API key, which posts JSON, name=value pairs or ADF.

    `key_field` is the field with the partner's own id of the lead, for posts without a header;
    default: none. With `xml` the partner may post XML in its own shape, too. `consent` is the text
    that the partner's people agree to; default: none is asked for.
    """

    kind: Literal["partner"]
    key_field: str | None = None
    xml: XmlBody | None = None
    consent: ConsentText | None = None


class MailSource(SourceBase):
    """A vendor's drop address for mails: `address` is its local part at the company's drop domain.

    `format` is what the mails hold; default: any of them. `labels` maps the vendor's labels, in
    lower case, to our names, beside the common labels; default: none more. `templates` describe
    mails that the common reading does not suffice for; default: none. `relays` are domains of
    addresses that forward to a person without naming them; default: only the known ones.
    """

    kind: Literal["mail"]
    address: str
    format: Literal["adf", "json", "rows", "labels", "auto"] = "auto"
    labels: dict[str, str] = {}
    templates: tuple[MailTemplate, ...] = ()
    relays: tuple[str, ...] = ()
    trusted_senders: tuple[str, ...] = ()  # domains; empty: every sender that passes the verdicts


class FileSource(SourceBase):
    """Files of rows that colleagues bring; columns that `fields` maps need no confirmation.

    `consent` is the text that the people agreed to; default: none is asked for. `quiet` (default:
    no): the list comes from another system, which knew `fields.since`, `fields.stage`,
    `fields.owner` and `fields.history` of each person; nothing is sent, routed or timed until the
    import is released. `stages` and `owners` map that system's words to ours; default: its words
    are ours. `dates` says what comes first in dates with slashes; default: only dates with one
    meaning are read.
    """

    kind: Literal["file"]
    consent: ConsentText | None = None
    quiet: bool = False
    stages: dict[str, Stage] = {}
    owners: dict[str, str] = {}
    dates: Literal["day", "month"] | None = None


class FeedSource(SourceBase):
    """A feed that we poll: RSS or Atom at an `https` address, or files at an `sftp` or `ftps` one.

    An `ftp` address works too, but is not encrypted. `every_minutes` is the time between polls;
    default: 15. `fields` maps names of an entry (`intake.formats.syndication` lists them) or of a
    file's records, `labels` the labels in an entry's text. `files` is a pattern of file names;
    default: all. `login` is the name of a secret with two lines, the user and then the password or
    private key; default: no login. `host_key` is the SFTP server's public key.
    """

    kind: Literal["feed"]
    address: str
    every_minutes: int = Field(default=15, ge=1)
    labels: dict[str, str] = {}
    files: str = "*"
    login: SecretName | None = None
    host_key: str | None = None


class DeskSource(SourceBase):
    """Inquiries that a colleague types in."""

    kind: Literal["desk"]


Source = Annotated[
    FormSource | PartnerSource | MailSource | WebhookSource | FileSource | FeedSource | DeskSource,
    Field(discriminator="kind"),
]
