"""A mail that somebody passed on: the mail that was passed on, apart from the words about it.

The colleague's own words and signature stand above, the vendor's mail below, often quoted. Between
them stands a line of `phrases/forwarded.txt`, or no more than a block of header lines.
"""

import re
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.formats.mail_heads import find_mail_head
from leadloop.intake.mail.address_kinds import domain_of, is_same_organisation
from leadloop.intake.mail.subject_phrases import forward_prefix_pattern, reply_prefix_pattern
from leadloop.intake.text.phrase_files import alternatives

FORWARD_SEPARATOR = "---------- Forwarded message ----------"  # as we mark an attached mail
MOST_LINES = 400  # above the mail that was passed on
LONGEST_LINE = 200  # characters of a line that are looked at
WORD = re.compile(r"[^\W\d_]+")


class Forward(NamedTuple):
    """`below` is the mail that was passed on, without its head and the quoting of the whole.

    `sender` is what its head says of who sent it. `is_marked`: it is certain that a mail was passed
    on; without a mark, the head alone tells that an older mail begins.
    """

    above: str
    below: str
    sender: str = ""
    is_marked: bool = True


@cache
def forward_line_pattern() -> re.Pattern[str]:
    """Matches the line above a mail that was passed on."""
    line = alternatives(__package__, "forwarded", "forward_line")
    return re.compile(
        rf"(?:-{{2,20}}\s{{0,4}})?{line}\s{{0,4}}:?(?:\s{{0,4}}-{{2,20}})?\s{{0,4}}$",
        re.IGNORECASE,
    )


@cache
def original_line_pattern() -> re.Pattern[str]:
    """Matches the line above a mail that was passed on, or that is answered."""
    line = alternatives(__package__, "forwarded", "original_line")
    return re.compile(
        rf"(?:-{{2,20}}\s{{0,4}}{line}\s{{0,4}}-{{2,20}}|_{{20,80}})\s{{0,4}}$", re.IGNORECASE
    )


def split_forward(text: str, subject: str) -> Forward | None:
    """The text above and below a mail program's line or head; None where no older mail stands.

    A head counts unless the subject is that of an answer, which quotes what it answers.
    """
    is_forward_subject = forward_prefix_pattern().match(subject) is not None
    is_answer = reply_prefix_pattern().match(subject) is not None and not is_forward_subject
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines[:MOST_LINES]):
        start = line.lstrip("> ")[:LONGEST_LINE]
        is_line = forward_line_pattern().match(start) is not None or (
            is_forward_subject and original_line_pattern().match(start) is not None
        )
        if is_line:
            below = _unquote_lines(lines[number + 1 :])
            return _forward_below(lines[:number], below, is_marked=True)
        if not is_answer and find_mail_head(lines, number) is not None:
            return _forward_below(
                lines[:number], _unquote_lines(lines[number:]), is_marked=is_forward_subject
            )
    return None


def names_party(text: str, name: str, address: str) -> bool:
    """Whether a text shows the address, the house or the name of this party.

    A first name alone counts as a line of its own. Other addresses speak against it: they may be of
    somebody else.
    """
    addresses = EMAIL_PATTERN.findall(text)
    if addresses:
        house = domain_of(address)
        return all(is_same_organisation(domain_of(each), house) for each in addresses)
    words = set(WORD.findall(text.casefold()))
    for known in (name, address.partition("@")[0]):
        parts = WORD.findall(known.casefold())
        if len(parts) > 1 and words.issuperset(parts):
            return True
    first_name = name.casefold().partition(" ")[0]
    lines = (line.strip(" ,.-–").casefold() for line in text.splitlines())
    return any(line == first_name for line in lines if line)


def _forward_below(above: list[str], below: list[str], *, is_marked: bool) -> Forward:
    """The forward with the head of the older mail cut off, where it has one."""
    first = next((n for n, line in enumerate(below) if line.strip()), None)
    head = None if first is None else find_mail_head(below, first)
    if head is not None:
        below = _unquote_lines(below[head.end :])
    sender = head.sender if head else ""
    return Forward("\n".join(above), "\n".join(below), sender, is_marked)


def _unquote_lines(lines: list[str]) -> list[str]:
    """The lines with one level of quoting less, if all of them are quoted."""
    nonblank = [line for line in lines if line.strip()]
    if not nonblank or not all(line.startswith(">") for line in nonblank):
        return lines
    return [line[1:].removeprefix(" ") for line in lines]
