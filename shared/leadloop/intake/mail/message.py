"""A mail as it was received: its parts as text, its sender, and what sort of mail it is.

The standard library's old `compat32` policy is used on purpose. The new policy's header parser
raises all kinds of errors on hostile headers, and its `get_content` loses the letters of a wrongly
declared charset.

Sources: RFC 5322 (mail), RFC 2045 and 2046 (parts), RFC 2183 (attachments), RFC 2369 and
2919 (lists).
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from leadloop.intake.envelope import MailVerdicts
from leadloop.intake.mail.bounces import classify_mail
from leadloop.intake.mail.charset_guess import charset_by_labels
from leadloop.intake.mail.evidence import MailEvidence, Nature
from leadloop.intake.mail.headers import (
    decode_header_text,
    parse_addresses,
    read_address,
    read_header,
)
from leadloop.intake.mail.verdicts import read_verdicts
from leadloop.intake.text.decoding import Decoder
from leadloop.intake.text.html_text import text_of_html
from leadloop.intake.text.media_types import XML_TYPES
from leadloop.model.errors import TooLarge, Unreadable

MAIL_BYTES = 40 * 1024 * 1024
PARSED_BYTES = 12 * 1024 * 1024  # of a mail; beyond are attachments that nobody reads
HEAD_BYTES = 256 * 1024
MOST_PARTS, MOST_DEPTH, MOST_HEADERS = 1_000, 50, 500
MOST_BOUNDARIES = 4_000  # lines that may begin a part, before the parser is let at them
MOST_PARSE_COST = 20_000_000  # the parser looks at each line once for every multipart it is inside
LINE_COST = 8  # what a line costs besides, in such looks
TEXT_BYTES = 600_000  # of one text part; the rest is not read
MAIL_TEXT_BYTES = 1_500_000  # of all text parts of a mail together
TABLE_BYTES = 1_000_000  # of a CSV attachment; one of more rows than a mail may bring is refused
MOST_REPORT_TEXT = 40_000  # characters of a report that are looked at
RAW_TEXT_BYTES = 200_000  # of a mail, in which the lines of a returned mail are searched
TABLE_TYPES = frozenset({"text/csv", "text/tab-separated-values", "application/csv"})
KIND_BY_EXTENSION = {  # the end of a file name counts before the type
    ".xml": "xml", ".adf": "xml", ".json": "json", ".csv": "table", ".tsv": "table",
}  # fmt: skip
MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
SPAM_TAG = re.compile(
    r"\W{0,4}(?:\[|\{|\*{2,5}|\()\s?(?:potential |possible )?spam\W", re.IGNORECASE
)
DELIVERY = re.compile(  # on its line, or folded onto the next one (RFC 5322, 2.2.3)
    rb"(?im)^X-Leadloop-Delivery:[ \t]{0,20}(?:\r?\n[ \t]{1,20})?([!-~]{1,200})[ \t]{0,20}\r?$"
)
TEXT_KINDS = ("plain", "html", "xml", "json", "plain inside", "html inside")
ENCLOSED_KINDS = {"plain": "plain inside", "html": "html inside"}  # of an attached mail


class MailMessage(NamedTuple):
    """A mail's header fields and texts.

    `answers` are the message ids that it answers. `delivery` is the id of our own mail that came
    back inside it. `recipients` and `lasting` are those of `MailClassification`. `bulk`: it was
    sent to many. `list_mail`: a list's server sent it.
    """

    subject: str
    sender: str | None
    sender_name: str | None
    reply_to: str | None
    reply_name: str | None
    recipient_addresses: tuple[str, ...]  # of `To` and `Delivered-To`
    message_id: str | None
    verdicts: MailVerdicts
    nature: Nature
    recipients: tuple[str, ...]
    lasting: bool
    bulk: bool
    list_mail: bool
    invites: bool  # a part of it is an event for a calendar
    spam: bool  # a filter on its way says so; that a filter says no is not believed
    answers: tuple[str, ...]
    delivery: str | None
    plain: str
    inside: str  # the text of attached mails; empty where it is our own mail that came back
    markup: str
    documents: tuple[str, ...]  # XML attachments
    objects: tuple[str, ...]  # JSON attachments
    tables: tuple[bytes, ...]  # CSV attachments


class _PartContents(NamedTuple):
    """The texts by their kind, the tables, and the media types of all parts."""

    texts: dict[str, list[str]]
    tables: tuple[bytes, ...]
    types: frozenset[str]


def open_mail(body: bytes) -> MailMessage:
    """The mail of these bytes (RFC 5322).

    Raises:
        TooLarge: it has more bytes than a mail may have.
        Unreadable: it would cost too much to look at, or is one piece of several.
    """
    message = _parse_bounded(body)
    contents = _collect_contents(message)
    texts = contents.texts
    sender_name, sender = read_address(message, "From")
    reply_name, reply_to = read_address(message, "Reply-To")
    subject = read_header(message, "Subject")
    plain, markup = "\n".join(texts["plain"]), "\n".join(texts["html"])
    raw_text = _normalize_newlines(body[:RAW_TEXT_BYTES].decode("latin-1"))
    visible_text = plain if plain.strip() else text_of_html(markup[:MOST_REPORT_TEXT])
    visible_text = visible_text or raw_text.partition("\n\n")[2]  # its parts cannot be told apart
    classification = classify_mail(
        MailEvidence(
            message,
            contents.types,
            subject,
            _normalize_newlines(visible_text[:MOST_REPORT_TEXT]),
            raw_text,
        )
    )
    inside = "\n".join((*texts["plain inside"], *map(text_of_html, texts["html inside"][:1])))
    return MailMessage(
        subject=subject,
        sender=sender,
        sender_name=sender_name,
        reply_to=reply_to,
        reply_name=reply_name,
        recipient_addresses=_recipient_addresses(message),
        message_id=next(iter(MESSAGE_ID.findall(read_header(message, "Message-ID"))), None),
        verdicts=read_verdicts(message),
        nature=classification.nature,
        recipients=classification.recipients,
        lasting=classification.lasting,
        bulk=_is_bulk(message),
        list_mail=_is_list_mail(message),
        invites="text/calendar" in contents.types,
        spam=_is_spam(message, subject),
        answers=_answered_ids(message),
        delivery=next((match[1].decode() for match in DELIVERY.finditer(body[:TEXT_BYTES])), None),
        plain=plain,
        inside=inside if classification.nature == "lead" else "",
        markup=markup,
        documents=tuple(texts["xml"]),
        objects=tuple(texts["json"]),
        tables=contents.tables,
    )


def _parse_bounded(body: bytes) -> Message:
    if len(body) > MAIL_BYTES:
        raise TooLarge(f"the mail has more than {MAIL_BYTES} bytes")
    head = re.split(rb"\r?\n\r?\n", body[: HEAD_BYTES + 4], maxsplit=1)[0]
    if len(head) > HEAD_BYTES or head.count(b"\n") > MOST_HEADERS * 4:
        raise Unreadable("the mail's header is too long")
    parsed = body[:PARSED_BYTES]
    if parsed.count(b"\n--") + parsed.count(b"\r--") > MOST_BOUNDARIES:
        raise Unreadable("the mail has too many parts")
    lines = parsed.count(b"\n") + parsed.count(b"\r") - parsed.count(b"\r\n")
    if lines * (parsed.lower().count(b"boundary") + LINE_COST) > MOST_PARSE_COST:
        raise Unreadable("the mail has too many lines for its parts")
    try:
        return message_from_bytes(parsed)
    except RecursionError as error:
        raise Unreadable("the mail is nested too deep") from error


def _collect_contents(message: Message) -> _PartContents:
    """What the parts hold, against one budget of bytes for all texts."""
    texts: dict[str, list[str]] = {kind: [] for kind in TEXT_KINDS}
    tables: list[bytes] = []
    types: set[str] = set()
    decoder = Decoder()
    bytes_left = MAIL_TEXT_BYTES
    for part, is_enclosed in _parts(message):
        types.add(part.get_content_type())
        kind = None if part.is_multipart() else _kind(part)
        if is_enclosed:
            kind = ENCLOSED_KINDS.get(kind or "")
        if kind is None or bytes_left <= 0:
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            content = payload[: min(TEXT_BYTES, bytes_left)]
            bytes_left -= len(content)
            if kind == "table":
                tables.append(payload[:TABLE_BYTES])
            else:
                declared = _charset(part)
                charset = charset_by_labels(content, declared) or declared
                texts[kind].append(decoder.decode(content, charset))
    return _PartContents(texts, tuple(tables), frozenset(types))


def _parts(message: Message) -> Iterator[tuple[Message, bool]]:
    """All parts in order, each with whether it is inside a forwarded or returned mail."""
    if message.get_content_type() in {"message/partial", "message/external-body"}:
        raise Unreadable("the mail is one piece of several, or lies elsewhere: it is not joined")
    pending = [(message, 0, False)]
    count = 0
    while pending:
        part, depth, is_enclosed = pending.pop()
        count += 1
        if count > MOST_PARTS or depth > MOST_DEPTH:
            raise Unreadable("the mail has too many parts or is nested too deep")
        yield part, is_enclosed
        if part.is_multipart():
            child_enclosed = is_enclosed or part.get_content_maintype() != "multipart"
            children = [child for child in part.get_payload() if isinstance(child, Message)]
            pending.extend((child, depth + 1, child_enclosed) for child in reversed(children))


def _kind(part: Message) -> str | None:
    """What is read from this part: a text of `TEXT_KINDS`, a `table`, or nothing."""
    content_type = part.get_content_type()
    file_name = (_filename(part) or "").lower()
    by_name = KIND_BY_EXTENSION.get(file_name[file_name.rfind(".") :]) if "." in file_name else None
    if content_type in XML_TYPES or by_name == "xml":
        return "xml"
    if content_type == "application/json" or by_name == "json":
        return "json"
    if content_type in TABLE_TYPES or by_name == "table":
        return "table"
    if _disposition(part) == "attachment":
        return None
    return {"text/plain": "plain", "text/html": "html"}.get(content_type)


def _filename(part: Message) -> str | None:
    """The name as mail programs show it, also where encoded words stand in its quotes."""
    try:
        name = part.get_filename()
        return decode_header_text(name) if name else None
    except (LookupError, ValueError, TypeError):  # an RFC 2231 name that is none
        return None


def _disposition(part: Message) -> str:
    return read_header(part, "Content-Disposition").partition(";")[0].strip().lower()


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None


def _answered_ids(message: Message) -> tuple[str, ...]:
    ids = [
        message_id
        for name in ("In-Reply-To", "References")
        for message_id in MESSAGE_ID.findall(read_header(message, name))
    ]
    return tuple(dict.fromkeys(ids))


def _recipient_addresses(message: Message) -> tuple[str, ...]:
    lines = [read_header(message, name) for name in ("To", "Cc", "Delivered-To")]
    return tuple(address for line in lines for _, address in parse_addresses(line) if address)


def _normalize_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_bulk(message: Message) -> bool:
    return bool(read_header(message, "List-Unsubscribe")) or _is_list_mail(message)


def _is_list_mail(message: Message) -> bool:
    return bool(
        read_header(message, "List-Id")
        or read_header(message, "List-Post")
        or read_header(message, "Mailing-List")
        or read_header(message, "Precedence").lower() in {"bulk", "list", "junk"}
    )


def _is_spam(message: Message, subject: str) -> bool:
    flag = (
        read_header(message, "X-Spam-Flag").lower() or read_header(message, "X-Spam-Status").lower()
    )
    return flag.startswith("yes") or SPAM_TAG.match(subject) is not None
