"""One inbound inquiry as received, of any door."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact, Interest
from leadloop.model.lifecycle import Stage
from leadloop.model.provider_check import ProviderAnswer


class Channel(StrEnum):
    """The kind of door."""

    FORM = "form"
    PARTNER = "partner"
    MAIL = "mail"
    DESK = "desk"
    WEBHOOK = "webhook"
    FILE = "file"
    FEED = "feed"

    @property
    def answers_inline(self) -> bool:
        """Whether the door decides while its caller waits, and answers with the outcome.

        So it can refuse the same id with other bytes (409).
        """
        return self in (Channel.PARTNER, Channel.DESK)

    @property
    def reports_faults(self) -> bool:
        """Whether the door answers with the faults of the fields, which its caller can correct.

        A form does so too, though it decides later.
        """
        return self is Channel.FORM or self.answers_inline


class Location(Model):
    """An S3 object, for bytes that are too big for a message or an item."""

    bucket: str
    key: str
    version: str | None = None


class Raw(Model):
    """The inbound bytes, here (`body`) or in S3 (`location`).

    `sha256` is of the bytes, in hex; `size` is in bytes.
    """

    sha256: str
    size: int
    body: bytes | None = None
    location: Location | None = None
    content_type: str | None = None


class Touch(Model):
    """One contact point and where it came from; texts as the browser or vendor sent them.

    `shown_seconds` is from showing our page to sending it, by our own signature. `typed_seconds`,
    from the first key to sending, and `device` come from the page's script and prove nothing.
    `captcha` is the provider's result: passed, failed, missing or unanswered.
    """

    at: datetime
    source: str
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    utm_term: str | None = None
    utm_content: str | None = None
    click_id: str | None = None  # "gclid:…", "fbclid:…", "msclkid:…"
    referrer: str | None = None
    landing_page: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    shown_seconds: int | None = None
    typed_seconds: int | None = None
    device: str | None = None
    captcha: str | None = None


class ConsentRecord(Model):
    """Proof of a consent: to which purposes, by which version of the text, when, from which IP."""

    purposes: tuple[str, ...]
    text_version: str
    at: datetime
    ip: str | None = None


class Fetch(Model):
    """The vendor sent only the id of a lead: ask `provider` for the rest of `id`."""

    provider: str
    id: str


class CaptchaToken(Model):
    """A form's captcha, for `provider` to verify; `token` is empty if none was sent."""

    provider: str
    token: str


class Attendance(StrEnum):
    """How a person stands to an event, in the order in which that changes."""

    INVITED = "invited"
    REGISTERED = "registered"
    NO_SHOW = "no_show"
    ATTENDED = "attended"


class HistoryNote(Model):
    """A note of another system on a person, and its time."""

    at: datetime
    text: str


class LeadHistory(Model):
    """What another system knew of a person: since when, in which stage, and who owned the lead.

    `owner` is a rep's id, address or name.
    """

    since: datetime
    stage: Stage = Stage.NEW
    owner: str | None = None
    history: tuple[HistoryNote, ...] = ()


class Submission(Model):
    """An inquiry. With `unreadable` reasons it could not be read and goes to quarantine.

    `id` is 26 base32 characters made from the caller's key, or a ULID. A release from quarantine is
    a submission of its own, `<id>.2`, whose `cause` is the first. `trap`: a honeypot field was
    filled in. `refused`: it is no inquiry but a machine's answer to a mail. `fields` are the
    playbook's own fields, by name.
    """

    kind: Literal["submission"] = "submission"
    id: str
    source: str
    channel: Channel
    received_at: datetime
    raw: Raw
    contact: Contact = Contact()
    interest: Interest = Interest()
    fields: dict[str, str] = {}
    consent: ConsentRecord | None = None
    touch: Touch | None = None
    trap: bool = False
    test: bool = False
    unreadable: tuple[Reason, ...] = ()
    refused: tuple[Reason, ...] = ()
    cause: str | None = None
    released_by: Actor | None = None  # the person who released its cause
    mended: tuple[str, ...] = ()  # names of the fields that person corrected
    replayed: bool = False  # read again by a machine: only a better outcome counts
    attendance: Attendance | None = None  # of a person on an event's list
    part: int = 1  # its number in the envelope, from 1; 0: all of it, unreadable
    # The reader and its version ("adf/1"), by which a corrected reader finds what to read again.
    parser: str | None = None
    ignored: tuple[str, ...] = ()  # names in the body that no field of this source takes
    # Of a mail; each further submission in it adds `#<n>`. The same id with the same bytes later is
    # a repeat.
    message_id: str | None = None
    visitor: str | None = None  # the browser it came from, by the id that its script drew
    fetch: Fetch | None = None  # to be answered before anything is decided
    captcha: CaptchaToken | None = None  # to be answered before anything is decided
    checks: tuple[ProviderAnswer, ...] = ()  # the answers of providers
    erases: str | None = None  # the submission that its vendor wants erased
    is_erasable: bool = False  # its vendor names it by an id, by which it may ask to erase it
    answers: str | None = None  # the lead about which we sent the mail that it answers
    answered_mail: str | None = None  # that mail, by the digest of its delivery's id
    answered_by: str | None = None  # the address that answers it
    past: LeadHistory | None = None  # of another system's list: stored, and not acted on

    @property
    def since(self) -> datetime:
        """When the person first came to us, or to the system that the submission comes from."""
        return self.past.since if self.past is not None else self.received_at

    @property
    def relay(self) -> str | None:
        """The address that a portal made for one conversation, or None.

        A colleague can answer to it; we never write there. It identifies no person, so it is no
        e-mail of the person and claims nothing.
        """
        return self.fields.get("relay_email")
