"""A person's answer to a mail of ours: their own words, without the lines they quote."""

import re
from functools import cache

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import LONGEST, normalise_whitespace
from leadloop.intake.formats.mail_lines import is_quoted_mail_start
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.read import build_rejection, machine_mail_reason
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.text.html_text import text_of_html
from leadloop.intake.text.phrase_files import alternatives, load_phrases
from leadloop.model.base import Reason
from leadloop.model.contact import Interest
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.submission import Submission

PARSER = "reply/2"
MOST_LINES = 2_000
LONGEST_LEAD_IN = 300  # characters of "On Monday Ada <ada@…> wrote:", also over two lines
LONGEST_SENT_FROM = 90  # characters of "Sent from my phone"
MOST_HEADER_LINES = 4  # in which another header line follows that of the sender


@cache
def other_header_line_pattern() -> re.Pattern[str]:
    """Matches a header line of a quoted mail that is not about its sender."""
    names = alternatives(__package__, "replies", "other_line")
    return re.compile(rf"{names}\W{{0,3}}:", re.IGNORECASE)


@cache
def sent_from_pattern() -> re.Pattern[str]:
    """Matches a whole line in which a program names itself: “Sent from my phone”."""
    lines = alternatives(__package__, "replies", "sent_from")
    return re.compile(rf"[\s*_>-]{{0,9}}{lines}[.!*_\s]{{0,9}}$", re.IGNORECASE)


@cache
def device_pattern() -> re.Pattern[str]:
    """Finds a telephone or a mail program: “sent by courier” is a person's own word."""
    return re.compile(alternatives(__package__, "replies", "device"), re.IGNORECASE)


def read_reply(envelope: Envelope, body: bytes, lead_id: str) -> Submission:
    """A submission that answers `lead_id`; in doubt with its reasons.

    Its sender had our mail, so what servers found out about the sender is no reason against it.
    """
    submission = build_rejection(envelope, Reason(code="reply", text="")).but(
        parser=PARSER, answered_mail=envelope.answered_mail
    )
    try:
        mail = open_mail(body)
    except (TooLarge, Unreadable) as error:
        reason = Reason(code="unreadable", text=str(error))
        return submission.but(refused=(), unreadable=(reason,), answers=lead_id)
    if machine_reason := machine_mail_reason(mail):
        return submission.but(refused=(machine_reason,))
    verdicts = envelope.verdicts or mail.verdicts
    virus = Reason(code="virus", text="the mail server found a virus")
    text = mail.plain if mail.plain.strip() else text_of_html(mail.markup)
    return submission.but(
        refused=(),
        unreadable=(virus,) if verdicts.virus == "FAIL" else (),
        answers=lead_id,
        answered_by=mail.sender,
        interest=Interest(message=strip_quoted_text(text)[: LONGEST[True]] or None),
        message_id=mail.message_id,
    )


def strip_quoted_text(text: str) -> str:
    """The text down to the signature or the quoted mail, without quoted lines between.

    Where that leaves nothing, all of it: somebody may write below the lines they quote. The line of
    the telephone below their words is cut.
    """
    text = replace_unstorable(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = text.split("\n")[:MOST_LINES]
    own_lines: list[str] = []
    for number, line in enumerate(lines):
        if line.rstrip() == "--" or _begins_a_quote(lines, number):
            break
        if not line.lstrip().startswith(">"):
            own_lines.append(line)
    while own_lines and (not own_lines[-1].strip() or _names_a_program(own_lines[-1])):
        del own_lines[-1]
    own_text = normalise_whitespace("\n".join(own_lines), long=True)
    return own_text or normalise_whitespace(text, long=True)


def _names_a_program(line: str) -> bool:
    return (
        len(line) <= LONGEST_SENT_FROM
        and sent_from_pattern().match(line) is not None
        and device_pattern().search(line) is not None
    )


def _begins_a_quote(lines: list[str], number: int) -> bool:
    line = lines[number].strip()
    if is_quoted_mail_start(line):
        return True
    if line.casefold().startswith(load_phrases(__package__, "replies")["sender_line"]):
        following = lines[number + 1 : number + 1 + MOST_HEADER_LINES]
        return any(other_header_line_pattern().match(each.lstrip(" *")) for each in following)
    next_line = lines[number + 1].strip() if number + 1 < len(lines) else ""
    return _introduces_quote(line) or (bool(line) and _introduces_quote(f"{line} {next_line}"))


def _introduces_quote(line: str) -> bool:
    return len(line) <= LONGEST_LEAD_IN and line.endswith(":") and "@" in line and "<" in line
