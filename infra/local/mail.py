"""Mail on the laptop: what comes in as SES would take it, what goes out as files to read.

Inbound: an SMTP server stores each mail as SES's S3 action does, SES's own headers on top, and only
then answers 250; the bucket's notification does the rest. Outbound: what the embedded SES relays
lands as `.eml` files, complete with the headers that say which delivery a mail was.
"""

import email
import email.policy
import itertools
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
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


class MailDrop:
    """Takes mail for the drop domains and refuses all other with 550.

    `keep` puts one object; what S3 and the network raise becomes 451, so that the sender tries
    again; anything else is a defect, and aiosmtpd answers it with 500. Nobody can check SPF, DKIM
    or DMARC on loopback: they pass, unless the mail's first header line says otherwise, as in
    `X-Drop-Verdicts: spf=fail dmarc=fail` (taken out before it is kept).
    """

    def __init__(
        self, port: int, *, domains: frozenset[str], keep: Callable[[str, bytes], object]
    ) -> None:
        self._domains = domains
        self._keep = keep
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
        kept = []
        for recipient in envelope.rcpt_tos:
            message_id = "".join(secrets.choice(ALPHABET) for _ in range(40))
            try:
                self._keep(
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
            kept.append(message_id)
        return f"250 2.0.0 OK {' '.join(kept)}"


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
    said = first.partition(b":")[2].decode("ascii", "replace").split()
    return {**VERDICTS, **dict(pair.split("=", 1) for pair in said)}, rest


def _author_domain(raw: bytes) -> str:
    header = email.message_from_bytes(raw, policy=email.policy.compat32).get("From", "")
    return parseaddr(str(header))[1].rpartition("@")[2]


@dataclass(frozen=True)
class SentMail:
    """One mail as one recipient got it."""

    path: Path
    recipient: str
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain text part, or all of the body if there is none."""
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()) if body else ""


class Outbox:
    """The sink that the embedded SES relays to; one file for each mail and recipient.

    `Delivered-To` is put on top; everything below is what SES was given, `X-Leadloop-…` included.
    """

    def __init__(self, port: int, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count()
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
        for recipient in envelope.rcpt_tos:
            name = f"{time.time_ns()}-{next(self._numbers)}.eml"
            draft = draft_path(self.folder, name)
            draft.write_bytes(
                f"Delivered-To: {recipient}\r\n".encode() + (envelope.original_content or b"")
            )
            draft.rename(self.folder / name)
        return "250 OK"


def draft_path(folder: Path, name: str) -> Path:
    """Where a mail stands until all of it is there."""
    return folder / f".{name}"


def read_sent_mails(folder: Path) -> Iterator[SentMail]:
    """Oldest first."""
    for path in sorted(folder.glob("[!.]*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        yield SentMail(path=path, recipient=str(message["Delivered-To"]), message=message)


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
