"""Vendor mails: ADF or labels become submissions, and whatever is in doubt says why."""

import re

from leadloop.intake import labels
from leadloop.intake.adf import Prospect, before_adf, is_adf, read_adf
from leadloop.intake.envelope import Envelope
from leadloop.intake.html import CELL, text_of_html
from leadloop.intake.labels import Labelled, read_labels
from leadloop.intake.mapping import Parts, arrange, full_name, missing, submission_of
from leadloop.intake.mime import Mail, open_mail
from leadloop.intake.policy import MailSource
from leadloop.intake.vocabulary import plain_label
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Submission

PARSER = "mail/1"  # of a mail in which no reader found its format
# Addresses that a portal makes up for one conversation: they reach the person, they name nobody.
RELAYS = (
    "convo.zillow.com",
    "reply.craigslist.org",
    "messaging.yelp.com",
    "reply.yelp.com",
    "email.realtor.com",
    "guest.booking.com",
    "reply.airbnb.com",
    "members.ebay.com",
    "mail.mobile.de",
    "mail.immobilienscout24.de",
    "privaterelay.appleid.com",
)
MACHINES = re.compile(
    r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|notifications?)@", re.IGNORECASE
)


def read_mail(envelope: Envelope, body: bytes, source: MailSource) -> tuple[Submission, ...]:
    """One submission per prospect; one in doubt carries its `unreadable` reasons.

    Raises `Unreadable` or `TooLarge` when nothing at all can be made of the mail.
    """
    mail = open_mail(body)
    doubts = _doubts(envelope, mail, source)
    prospects = _prospects(mail, source)
    return tuple(
        _submission(envelope, mail, source, prospect, doubts, n)
        for n, prospect in enumerate(prospects, 1)
    )


def _submission(
    envelope: Envelope,
    mail: Mail,
    source: MailSource,
    prospect: Prospect,
    doubts: tuple[Reason, ...],
    n: int,
) -> Submission:
    lacks = missing(source.required, prospect.parts, source.fields)
    submission = submission_of(envelope, prospect.parts, prospect.parser, n=n)
    own = f"{mail.message_id}#{n}" if mail.message_id and n > 1 else mail.message_id
    return submission.but(message_id=own, unreadable=(*doubts, *prospect.doubts, *lacks))


def _doubts(envelope: Envelope, mail: Mail, source: MailSource) -> tuple[Reason, ...]:
    """What speaks against the mail as a whole, whatever it says."""
    verdicts = envelope.verdicts or mail.verdicts
    reasons = []
    if verdicts.virus == "FAIL":
        reasons.append(Reason(code="virus", text="the mail server found a virus"))
    if verdicts.spam == "FAIL":
        reasons.append(Reason(code="spam", text="the mail server took it for spam"))
    if verdicts.dmarc == "FAIL":
        reasons.append(Reason(code="forged", text="the sender's domain says it is not its mail"))
    domain = (mail.sender or "").rpartition("@")[2].lower()
    if source.trusted_senders and not (
        any(within(domain, trusted) for trusted in source.trusted_senders)
        and verdicts.dmarc in {"PASS", None}
    ):
        reasons.append(
            Reason(code="sender_not_trusted", text=f"“{domain or '?'}” is no sender of this source")
        )
    if mail.nature in {"bounce", "auto_reply"}:
        reasons.append(Reason(code=mail.nature, text="the mail answers one of ours by machine"))
    return tuple(reasons)


def _prospects(mail: Mail, source: MailSource) -> tuple[Prospect, ...]:
    markup = text_of_html(mail.markup)
    if source.format != "labels":
        for text in mail.documents:
            if is_adf(text):
                return read_adf(text)
        for text in (mail.plain, mail.markup, markup):
            if is_adf(text) and (source.format == "adf" or not _inside_fields(text)):
                return read_adf(text)
        if source.format == "adf":
            raise Unreadable("there is no ADF in the mail")
    return (_labelled(mail, source, markup),)


def _inside_fields(text: str) -> bool:
    """Whether labels come before the ADF: then it is a person's own words, not the vendor's."""
    return bool(read_labels(before_adf(text), {}).values)


def _labelled(mail: Mail, source: MailSource, markup: str) -> Prospect:
    """The plain text if it names somebody, else the HTML, which is often the fuller of the two."""
    own = {
        plain_label(label): full_name(name)
        for label, name in {**source.fields, **source.labels}.items()
    }
    plain = mail.plain.replace(CELL, " ")  # only a table makes cells
    readings = [read_labels(text, own) for text in (plain, markup) if text.strip()]
    if not readings:
        raise Unreadable("the mail has no text")
    best = max(readings, key=_understood)
    values = dict(best.values)
    _sort_out_addresses(values, mail)
    parts, faults = arrange(values)
    doubts = list(faults)
    if not best.values and not parts.contact.email:
        doubts.append(Reason(code="no_labels", text="no label that we know is in the text"))
    elif not _reachable(parts):
        doubts.append(Reason(code="nobody_to_reach", text="no e-mail and no phone of a person"))
        if best.planted:
            doubts.append(
                Reason(code="contact_in_message", text="an e-mail or phone stands in the message")
            )
    return Prospect(parts, labels.PARSER, tuple(doubts))


def _understood(labelled: Labelled) -> tuple[bool, int]:
    found = labelled.values.keys()
    return bool({"contact.email", "contact.phone"} & found), len(found)


def _reachable(parts: Parts) -> bool:
    relayed = "relay_email" in parts.fields and _named(parts)
    return bool(parts.contact.email or parts.contact.phone or relayed)


def _named(parts: Parts) -> bool:
    return bool(parts.contact.name or parts.contact.last_name)


def _sort_out_addresses(values: dict[str, str], mail: Mail) -> None:
    """A portal's relay address is kept as a way to answer, never as the person's own.

    Where no label gives an address, `Reply-To` is the person's if it is not the sender's house.
    """
    email = values.get("contact.email")
    if email is not None and is_relay(email):
        values["fields.relay_email"] = values.pop("contact.email")
    reply_to = mail.reply_to
    if email is not None or reply_to is None or MACHINES.match(reply_to):
        return
    ours, theirs = (_house(address) for address in (mail.sender or "", reply_to))
    if is_relay(reply_to) or ours == theirs:
        values["fields.relay_email"] = reply_to
    else:
        values["contact.email"] = reply_to


def is_relay(address: str) -> bool:
    """Whether a portal made this address up for one conversation."""
    return any(within(address.rpartition("@")[2].lower(), relay) for relay in RELAYS)


def within(domain: str, parent: str) -> bool:
    """The same domain or one below it."""
    return domain == parent.lower() or domain.endswith(f".{parent.lower()}")


def _house(address: str) -> str:
    return address.rpartition("@")[2].lower()
