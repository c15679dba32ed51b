"""What a person answers to a mail of ours: their own words, without what they quote of ours."""

import re

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import LONGEST, normalise_whitespace
from leadloop.intake.formats.mail_lines import is_quoted_mail_start
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.read import build_rejection, machine_mail_reason
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.text.html_text import text_of_html
from leadloop.model.base import Reason
from leadloop.model.contact import Interest
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.submission import Submission

PARSER = "reply/1"
MOST_LINES = 2_000
LONGEST_LEAD_IN = 300  # characters of "On Monday Ada <ada@…> wrote:", also over two lines
ENVELOPE_LINE = re.compile(
    r"(?:to|sent|date|an|gesendet|datum|à|envoyé|do|a|enviado|aan)\W{0,3}:", re.IGNORECASE
)
HEADER_STARTS = ("from:", "von:", "de:", "od:", "da:", "van:", "*from:*", "*von:*")


def read_reply(envelope: Envelope, body: bytes, lead_id: str) -> Submission:
    """For the lead that its address names; in doubt with its reasons.

    Whoever wrote it had our mail, so what servers found out of the sender says nothing against it.
    """
    read = build_rejection(envelope, Reason(code="reply", text="")).but(parser=PARSER)
    try:
        mail = open_mail(body)
    except (TooLarge, Unreadable) as error:
        why = Reason(code="unreadable", text=str(error))
        return read.but(refused=(), unreadable=(why,), answers=lead_id)
    if answer := machine_mail_reason(mail):
        return read.but(refused=(answer,))
    verdicts = envelope.verdicts or mail.verdicts
    virus = Reason(code="virus", text="the mail server found a virus")
    said = mail.plain if mail.plain.strip() else text_of_html(mail.markup)
    return read.but(
        refused=(),
        unreadable=(virus,) if verdicts.virus == "FAIL" else (),
        answers=lead_id,
        interest=Interest(message=strip_quoted_text(said)[: LONGEST[True]] or None),
        message_id=mail.message_id,
    )


def strip_quoted_text(text: str) -> str:
    """Up to the mail that is quoted below, without lines that are quoted between and the signature.

    Where that leaves nothing, all of it: somebody may write below what he quotes.
    """
    text = replace_unstorable(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = text.split("\n")[:MOST_LINES]
    kept: list[str] = []
    for n, line in enumerate(lines):
        if line.rstrip() == "--" or _begins_a_quote(lines, n):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    own = normalise_whitespace("\n".join(kept), long=True)
    return own or normalise_whitespace(text, long=True)


def _begins_a_quote(lines: list[str], n: int) -> bool:
    line = lines[n].strip()
    if is_quoted_mail_start(line):
        return True
    if line.casefold().startswith(HEADER_STARTS):
        return any(ENVELOPE_LINE.match(after.lstrip(" *")) for after in lines[n + 1 : n + 5])
    following = lines[n + 1].strip() if n + 1 < len(lines) else ""
    return _introduces_quote(line) or (bool(line) and _introduces_quote(f"{line} {following}"))


def _introduces_quote(line: str) -> bool:
    return len(line) <= LONGEST_LEAD_IN and line.endswith(":") and "@" in line and "<" in line
