"""A mail as it lies in the bucket: its parts as text, who it is from, and what sort of mail it is.

The old `compat32` policy on purpose: the new one's header parser raises whatever it stumbles over
on hostile headers, and its `get_content` loses the letters of a wrongly declared charset.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import Literal, NamedTuple

from leadloop.intake.adf import XML_TYPES
from leadloop.intake.charset import text_of_bytes
from leadloop.intake.envelope import Verdicts
from leadloop.intake.verdicts import verdicts_of
from leadloop.model.errors import TooLarge, Unreadable

Nature = Literal["lead", "bounce", "auto_reply", "reply"]

MAIL_BYTES = 40 * 1024 * 1024
HEAD_BYTES = 256 * 1024
MOST_PARTS, MOST_DEPTH, MOST_HEADERS = 200, 20, 500
MOST_BOUNDARIES = 1_000  # lines that may begin a part, before the parser is let at them
MOST_LOOKS = 20_000_000  # the parser looks at each line once for every multipart it is inside
LOOKS_A_LINE = 8  # what a line costs besides, in such looks
TEXT_BYTES = 1_000_000  # of one text part; the rest is not read
LONGEST_HEADER = 10_000
MAILERS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
UNDELIVERED = re.compile(
    r"undeliver|delivery (?:status|failure|has failed)|returned mail|mail delivery|failure notice"
    r"|unzustellbar|non remis|no se ha podido entregar|niedostarczona",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"^\s*(?:auto(?:matic|matische|mated)?[ -]?(?:reply|response|antwort)|out of (?:the )?office"
    r"|abwesen|ich bin (?:nicht im|außer)|réponse automatique|respuesta automática"
    r"|risposta automatica|automatische antwort|absence du bureau|autoodpowiedź"
    r"|odpowiedź automatyczna|fuera de (?:la )?oficina|afwezig)",
    re.IGNORECASE,
)
ANSWERED = re.compile(r"^\s*(?:re|aw|sv|vs|antw|odp|rif|res|ynt)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
BOUNDARY = re.compile(rb"(?i)boundary")
DELIVERY = re.compile(rb"(?im)^X-Leadloop-Delivery:[ \t]*([!-~]{1,200})[ \t]*\r?$")


class Mail(NamedTuple):
    """`answers` are the message ids it answers, `delivery` ours that came back inside it."""

    subject: str
    sender: str | None
    sender_name: str | None
    reply_to: str | None
    message_id: str | None
    verdicts: Verdicts
    nature: Nature
    answers: tuple[str, ...]
    delivery: str | None
    plain: str
    markup: str
    documents: tuple[str, ...]  # XML attachments


def open_mail(body: bytes) -> Mail:
    """Raises `TooLarge` or `Unreadable` for what would cost too much to look at."""
    message = _parsed(body)
    texts: dict[str, list[str]] = {"plain": [], "html": [], "xml": []}
    for part in _parts(message):
        kind = _kind(part)
        if kind is not None:
            texts[kind].append(_text(part))
    name, sender = _address(message, "From")
    return Mail(
        subject=header(message, "Subject"),
        sender=sender,
        sender_name=name,
        reply_to=_address(message, "Reply-To")[1],
        message_id=next(iter(MESSAGE_ID.findall(header(message, "Message-ID"))), None),
        verdicts=verdicts_of(message),
        nature=_nature(message, sender or ""),
        answers=tuple(
            dict.fromkeys(
                MESSAGE_ID.findall(header(message, "In-Reply-To"))
                + MESSAGE_ID.findall(header(message, "References"))
            )
        ),
        delivery=next((m[1].decode() for m in DELIVERY.finditer(body[:TEXT_BYTES])), None),
        plain="\n".join(texts["plain"]),
        markup="\n".join(texts["html"]),
        documents=tuple(texts["xml"]),
    )


def nature(mail: Mail) -> Nature:
    """What sort of mail it is; all but `lead` belong to something we sent."""
    return mail.nature


def _parsed(body: bytes) -> Message:
    if len(body) > MAIL_BYTES:
        raise TooLarge(f"the mail has more than {MAIL_BYTES} bytes")
    head = re.split(rb"\r?\n\r?\n", body[: HEAD_BYTES + 4], maxsplit=1)[0]
    if len(head) > HEAD_BYTES or head.count(b"\n") > MOST_HEADERS * 4:
        raise Unreadable("the mail's header is too long")
    if body.count(b"\n--") + body.count(b"\r--") > MOST_BOUNDARIES:
        raise Unreadable("the mail has too many parts")
    lines = body.count(b"\n") + body.count(b"\r") - body.count(b"\r\n")
    if lines * (len(BOUNDARY.findall(body)) + LOOKS_A_LINE) > MOST_LOOKS:
        raise Unreadable("the mail has too many lines for its parts")
    try:
        return message_from_bytes(body)
    except RecursionError as error:
        raise Unreadable("the mail is nested too deep") from error


def _parts(message: Message) -> Iterator[Message]:
    """The leaves in order, but not those of a forwarded or returned mail."""
    waiting = [(message, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MOST_PARTS or depth > MOST_DEPTH:
            raise Unreadable("the mail has too many parts or is nested too deep")
        if not part.is_multipart():
            yield part
        elif part.get_content_maintype() == "multipart":
            children = [child for child in part.get_payload() if isinstance(child, Message)]
            waiting.extend((child, depth + 1) for child in reversed(children))


def _kind(part: Message) -> str | None:
    content_type = part.get_content_type()
    file_name = (_filename(part) or "").lower()
    if content_type in XML_TYPES or file_name.endswith((".xml", ".adf")):
        return "xml"
    if _disposition(part) == "attachment":
        return None
    return {"text/plain": "plain", "text/html": "html"}.get(content_type)


def _filename(part: Message) -> str | None:
    try:
        return part.get_filename()
    except (LookupError, ValueError, TypeError):  # an RFC 2231 name that is none
        return None


def _disposition(part: Message) -> str:
    return header(part, "Content-Disposition").partition(";")[0].strip().lower()


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        declared = part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        declared = None
    return text_of_bytes(payload[:TEXT_BYTES], declared)


def header(message: Message, name: str) -> str:
    """The first one of this name, decoded, on one line; empty if there is none."""
    value = next((str(v) for n, v in message.raw_items() if n.lower() == name.lower()), "")
    value = value[:LONGEST_HEADER]
    if any("\udc80" <= letter <= "\udcff" for letter in value):
        value = text_of_bytes(value.encode("utf-8", "surrogateescape"), None)
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        pieces = [(value, None)]
    text = "".join(
        piece if isinstance(piece, str) else text_of_bytes(piece, charset)
        for piece, charset in pieces
    )
    return " ".join(text.replace("\0", "").split())


def addresses_of(text: str) -> list[tuple[str, str]]:
    """Display names and addresses of a header line, both as written; none where it is hostile."""
    try:
        return getaddresses([" ".join(text[:LONGEST_HEADER].split())])
    except RecursionError:  # comments in comments
        return []


def _address(message: Message, name: str) -> tuple[str | None, str | None]:
    """Display name and address, only if there is exactly one address and no doubt about it."""
    raw = next((str(v) for n, v in message.raw_items() if n.lower() == name.lower()), "")
    found = addresses_of(raw)
    if len(found) != 1 or found[0][1].count("@") != 1 or re.search(r"\s", found[0][1]):
        return None, None
    label = Message()
    label["X"] = found[0][0]
    return header(label, "X") or None, found[0][1]


def _nature(message: Message, sender: str) -> Nature:
    subject = header(message, "Subject")
    report = str(message.get_param("report-type", "")).lower() == "delivery-status"
    statuses = any(part.get_content_type() == "message/delivery-status" for part in message.walk())
    empty_path = header(message, "Return-Path") == "<>"
    if report or statuses or (MAILERS.match(sender) and UNDELIVERED.search(subject)):
        return "bounce"
    if empty_path and UNDELIVERED.search(subject):
        return "bounce"
    if (
        header(message, "Auto-Submitted").lower().startswith("auto-replied")
        or header(message, "Precedence").lower() in {"auto_reply", "auto-reply"}
        or any(header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponse"))
        or AWAY.match(subject)
    ):
        return "auto_reply"
    answers = header(message, "In-Reply-To") or header(message, "References")
    return "reply" if answers and ANSWERED.match(subject) else "lead"
