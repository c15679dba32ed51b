"""Mail on the laptop: an SMTP server that receives as SES does, and a sink for sent mails.

Inbound: each mail is stored as SES's S3 action stores it, with SES's own headers on top; only then
it is answered with 250. The bucket's notification does the rest. Outbound: the embedded SES relays
to the sink, which writes `.eml` files with all headers, also those that name the delivery.
"""

import email
import email.policy
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.ports import HOST

MAX_BYTES = 40 * 1024 * 1024  # what SES takes
VERDICTS_HEADER = b"x-drop-verdicts:"
VERDICTS = {"spam": "PASS", "virus": "PASS", "spf": "pass", "dkim": "pass", "dmarc": "pass"}
STORE_ERRORS = (OSError, BotoCoreError, ClientError)
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
UNSAFE = re.compile(r"[^\w@.+-]+|^[.-]+|[.-]+$")  # in a file's name, on any file system
LONGEST_RECIPIENT, LONGEST_SUBJECT = 64, 80  # bytes; with the time well below 255


class MailDrop:
    """Takes mail for the drop domains and refuses all other with 550.

    `store` puts one object by its key. An error of S3 or the network becomes 451, so that the
    sender tries again; any other is a defect, and aiosmtpd answers it with 500. SPF, DKIM and DMARC
    cannot be checked on loopback: they pass, unless the mail's first header line says otherwise, as
    in `X-Drop-Verdicts: spf=fail dmarc=fail` (removed before the mail is stored).
    """

    def __init__(
        self, port: int, *, domains: frozenset[str], store: Callable[[str, bytes], object]
    ) -> None:
        self._domains = domains
        self._store = store
        self._server = _server(self, port)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(no_assert=True)

    async def handle_RCPT(  # noqa: N802  the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address.rpartition("@")[2].lower() not in self._domains:
            return "550 5.1.1 mailbox unavailable"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.original_content or b""
        message_ids = []
        for recipient in envelope.rcpt_tos:
            message_id = "".join(secrets.choice(ALPHABET) for _ in range(40))
            try:
                self._store(
                    f"in/{message_id}",
                    add_ses_headers(
                        raw,
                        sender=envelope.mail_from or "",
                        recipient=recipient,
                        message_id=message_id,
                        now=datetime.now(UTC),
                    ),
                )
            except STORE_ERRORS as error:
                return f"451 4.3.0 not stored: {type(error).__name__}"
            message_ids.append(message_id)
        return f"250 2.0.0 OK {' '.join(message_ids)}"


def add_ses_headers(
    raw: bytes, *, sender: str, recipient: str, message_id: str, now: datetime
) -> bytes:
    """The mail with SES's headers on top; the rest is untouched, byte for byte."""
    verdicts, raw = _split_verdicts(raw)
    domain = sender.rpartition("@")[2] or "localhost"
    author = _author_domain(raw) or domain
    client = f"client-ip={HOST}; envelope-from={sender}; helo={domain};"
    spf = verdicts["spf"]
    lines = (
        f"Return-Path: <{sender}>",
        f"Received: from {domain} (localhost [{HOST}])",
        f" by inbound-smtp.us-east-1.amazonaws.com with SMTP id {message_id}",
        f" for {recipient};",
        f" {format_datetime(now)} (UTC)",
        f"X-SES-Spam-Verdict: {verdicts['spam']}",
        f"X-SES-Virus-Verdict: {verdicts['virus']}",
        f"Received-SPF: {spf} (spfCheck: domain of {domain}) {client}",
        "Authentication-Results: amazonses.com;",
        f" spf={spf} (spfCheck: domain of {domain}) {client}",
        f" dkim={verdicts['dkim']} header.i=@{author};",
        f" dmarc={verdicts['dmarc']} header.from={author};",
    )
    return "".join(f"{line}\r\n" for line in lines).encode() + raw


def _split_verdicts(raw: bytes) -> tuple[Mapping[str, str], bytes]:
    first, _, rest = raw.partition(b"\n")
    if not first.lower().startswith(VERDICTS_HEADER):
        return VERDICTS, raw
    pairs = first.partition(b":")[2].decode("ascii", "replace").split()
    return {**VERDICTS, **dict(pair.split("=", 1) for pair in pairs)}, rest


def _author_domain(raw: bytes) -> str:
    header = email.message_from_bytes(raw, policy=email.policy.compat32).get("From", "")
    return parseaddr(str(header))[1].rpartition("@")[2]


class Outbox:
    """The sink that the embedded SES relays to; writes a file for each mail and recipient.

    `Delivered-To` is put on top; everything below is what SES was given, `X-Leadloop-…` included.
    """

    def __init__(self, port: int, folder: Path) -> None:
        self.folder = folder
        self._last = datetime.min.replace(tzinfo=UTC)
        self._server = _server(self, port)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(no_assert=True)

    async def handle_DATA(  # noqa: N802  the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.original_content or b""
        subject = email.message_from_bytes(raw, policy=email.policy.default)["Subject"]
        for recipient in envelope.rcpt_tos:
            self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
            name = mail_file_name(self._last, recipient, str(subject or ""))
            draft = draft_path(self.folder, name)
            draft.write_bytes(f"Delivered-To: {recipient}\r\n".encode() + raw)
            draft.rename(self.folder / name)
        return "250 OK"


def mail_file_name(at: datetime, recipient: str, subject: str) -> str:
    """Time (UTC), receiver and subject, safe on any file system; names sort by their time."""
    parts = (
        f"{at:%Y%m%d-%H%M%S.%f}",
        _safe_part(recipient, LONGEST_RECIPIENT),
        _safe_part(subject, LONGEST_SUBJECT),
    )
    return "_".join(filter(None, parts)) + ".eml"


def _safe_part(text: str, longest: int) -> str:
    """The text cut to so many bytes, with a dash for each run of unsafe letters."""
    short = UNSAFE.sub("-", text).encode()[:longest].decode(errors="ignore")
    return short.strip(".-")


def draft_path(folder: Path, name: str) -> Path:
    """The place of a mail until all of it is written."""
    return folder / f".{name}"


def _server(handler: object, port: int) -> Controller:
    return Controller(
        handler,
        hostname=HOST,
        port=port,
        ready_timeout=15,
        data_size_limit=MAX_BYTES,
        enable_SMTPUTF8=True,
        decode_data=False,
    )
