"""`leadloop mail try FILE`: shows what becomes of a vendor's mail, and which row gave which field.

It helps people who write templates. The file is read as the door reads it; nothing is stored or
sent.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from leadloop.cli import sent_mails
from leadloop.cli.table import format_table
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.fields.mapping import SubmissionParts, missing_field_reasons
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.formats.labelled_values import SourceLabels
from leadloop.intake.mail.message import MailMessage, open_mail
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.mail.read import machine_mail_reason, mail_doubts
from leadloop.intake.policy import MailSource
from leadloop.intake.text.html_text import text_of_html
from leadloop.intake.text.text_marks import CELL_SEPARATOR
from leadloop.model.base import Reason
from leadloop.model.errors import PlaybookInvalid, TooLarge, Unreadable
from leadloop.model.submission import Channel
from leadloop.playbook.load import load_playbook

DEFAULT_PLAYBOOK = Path("shared/playbooks/acme")
DEFAULT_SOURCE = MailSource(
    kind="mail", id="-", product_line="-", country="US", language="en", address="-"
)  # the common reading, without anybody's rows
LONGEST_CELL = 70
OutputRow = tuple[str, ...]


class MailTrial(NamedTuple):
    """Blocks of rows about a mail; `good` when everybody in it would be a lead."""

    blocks: tuple[Sequence[OutputRow], ...]
    good: bool


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("mail", help="try a vendor's mail; list and show sent ones")
    actions = verb.add_subparsers(required=True, metavar="ACTION")
    tries = actions.add_parser(
        "try", help="what is understood of it, by which row, and what is not"
    )
    tries.add_argument("file", type=Path, metavar="FILE", help="a mail as it was received (.eml)")
    tries.add_argument(
        "--source", metavar="S", help="read by this source's rows, not just commonly"
    )
    tries.add_argument("--playbook", type=Path, default=DEFAULT_PLAYBOOK, metavar="FOLDER")
    tries.add_argument(
        "--text", action="store_true", help="show the text's lines with numbers, too"
    )
    tries.set_defaults(run=run)
    sent_mails.install(actions)


def run(options: argparse.Namespace) -> int:
    """Print what the mail becomes; exit code 0 when everybody in it would be a lead."""
    try:
        body = options.file.read_bytes()
        source = _source(options.playbook, options.source)
    except (OSError, PlaybookInvalid) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if source is None:
        sys.stderr.write(f"{options.playbook} has no mail source “{options.source}”\n")
        return 2
    trial = try_mail(body, source)
    print("\n\n".join(format_table(block) for block in trial.blocks))
    if options.text:
        print("\n" + "\n".join(_numbered_lines(body)))
    return 0 if trial.good else 1


def try_mail(body: bytes, source: MailSource) -> MailTrial:
    """What the reader understands of a mail at this source."""
    try:
        mail = open_mail(body)
    except (TooLarge, Unreadable) as error:
        return MailTrial(((("quarantined", "unreadable", str(error)),),), good=False)
    head = tuple(_head(mail, source))
    if answer := machine_mail_reason(mail):
        return MailTrial((head, (("rejected", answer.code, answer.text),)), good=False)
    try:
        prospects = read_prospects(mail, source)
    except Unreadable as error:
        return MailTrial((head, (("quarantined", "unreadable", str(error)),)), good=False)
    general = mail_doubts(_envelope(body, source), mail, source)
    blocks: list[Sequence[OutputRow]] = [head]
    good = True
    for n, prospect in enumerate(prospects, 1):
        lacks = missing_field_reasons(source.required, prospect.parts, source.fields)
        doubts = (*general, *prospect.doubts, *lacks)
        blocks.append(_prospect_rows(n, prospect, doubts))
        good = good and not doubts
    if unknown := tuple(_unknown_labels(mail)):
        blocks.append(unknown)
    return MailTrial(tuple(blocks), good)


def _source(folder: Path, name: str | None) -> MailSource | None:
    if name is None:
        return DEFAULT_SOURCE
    source = load_playbook(folder).sources.get(name)
    return source if isinstance(source, MailSource) else None


def _envelope(body: bytes, source: MailSource) -> Envelope:
    return Envelope(
        id=submission_id(source.id, sha256(body)),
        source=source.id,
        channel=Channel.MAIL,
        received_at=datetime(1970, 1, 1, tzinfo=UTC),
        sha256=sha256(body),
        size=len(body),
    )


def _head(mail: MailMessage, source: MailSource) -> Iterator[OutputRow]:
    yield "subject", mail.subject
    yield "from", " ".join(filter(None, (mail.sender_name, f"<{mail.sender}>")))
    if mail.reply_to:
        yield "reply to", " ".join(filter(None, (mail.reply_name, f"<{mail.reply_to}>")))
    yield "is", mail.nature + (" (to many)" if mail.bulk else "")
    if mail.recipients:
        yield "about", ", ".join(mail.recipients)
    verdicts = {k: v for k, v in mail.verdicts.model_dump().items() if v is not None}
    yield "verdicts", ", ".join(f"{name} {verdict}" for name, verdict in verdicts.items()) or "none"
    names = ", ".join(template.id for template in OpenedMail(mail, source).templates)
    yield "source", source.id + (f", with the templates {names}" if names else "")


def _prospect_rows(n: int, prospect: Prospect, doubts: Sequence[Reason]) -> list[OutputRow]:
    outcome = "quarantined" if doubts else "understood"
    rows: list[OutputRow] = [(f"{n}. {outcome}", "", f"by {prospect.parser}")]
    rows += [
        (f"   {name}", _shorten(text), prospect.by.get(name, ""))
        for name, text in _named_values(prospect.parts)
    ]
    rows += [(f" ! {doubt.code}", _shorten(doubt.text), "") for doubt in doubts]
    return rows


def _named_values(parts: SubmissionParts) -> Iterator[tuple[str, str]]:
    for group, model in (("contact", parts.contact), ("interest", parts.interest)):
        for name, value in model.model_dump(exclude_none=True).items():
            yield f"{group}.{name}", str(value)
    for name, text in parts.fields.items():
        yield f"fields.{name}", text


def _unknown_labels(mail: MailMessage) -> Iterator[OutputRow]:
    """Labels that no field has: the first place to look for a missing row."""
    labels = {
        label: None
        for text in (mail.plain, text_of_html(mail.markup))
        for label in read_labels(text, SourceLabels()).unknown
    }
    if labels:
        yield ("labels without a name of ours", "")
    for label in labels:
        yield f"   {_shorten(label)}", ""


def _numbered_lines(body: bytes) -> Iterator[str]:
    mail = open_mail(body)
    for title, text in (("plain", mail.plain), ("html", text_of_html(mail.markup))):
        if text.strip():
            yield f"── {title}"
            for number, line in enumerate(text.splitlines(), 1):
                yield f"{number:4}  {line.replace(CELL_SEPARATOR, ' ┆ ')}"


def _shorten(text: str) -> str:
    flat = " ⏎ ".join(text.splitlines())
    return flat if len(flat) <= LONGEST_CELL else f"{flat[: LONGEST_CELL - 1]}…"
