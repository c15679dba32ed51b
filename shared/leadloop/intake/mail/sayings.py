"""A portal that writes in the person's name: “Ada Byron says:”, and what she says below it.

Who speaks must be who is named at `From` or `Reply-To`: anybody may be quoted in a mail. The words
are in `phrases/sayings.txt`.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.mapping import value_or_none
from leadloop.intake.formats import person_names
from leadloop.intake.formats.label_state import LabelState
from leadloop.intake.formats.mail_lines import (
    LineKind,
    LineLabels,
    classify_line,
    has_colon_at_end,
)
from leadloop.intake.text.phrase_files import alternatives
from leadloop.intake.text.quotation_marks import QUOTES

MOST_LINES = 400
LONGEST_LINE = 300  # characters of a line in which somebody may say something
MOST_HEADING_WORDS = 6
NON_NAME_SIGN = re.compile(r"[\[\]{}<>|=#%@\d]")


class Saying(NamedTuple):
    """`rest` is the text without it; its lines are blank, so that no line changes its number."""

    name: str
    message: str
    origin: str
    rest: str


@cache
def saying_pattern() -> re.Pattern[str]:
    """Matches a line that says who speaks: group 1 or 2 the name, group 3 what follows."""
    says = alternatives(__package__, "sayings", "says")
    message_from = alternatives(__package__, "sayings", "message_from")
    return re.compile(
        rf"[\s*_]{{0,9}}(?:{message_from}([^:：\n]{{1,60}}?)|([^:：\n]{{1,60}}?){says})"
        r"[*_\s]{0,9}[:：][*_\s]{0,9}(.*)",
        re.IGNORECASE,
    )


@cache
def portal_suffix_pattern() -> re.Pattern[str]:
    """Finds what a portal writes behind the person's name: “Ada Byron via Homes”."""
    via = alternatives(__package__, "sayings", "via")
    return re.compile(rf"\s{{1,4}}\(?{via}\s.{{0,80}}$", re.IGNORECASE)


def person_in_display_name(display_name: str | None) -> str | None:
    """The person's name in a display name, without the portal's; None where it is no name."""
    name = portal_suffix_pattern().sub("", (display_name or "").strip()[:LONGEST_LINE])
    if value_or_none(name) is None or NON_NAME_SIGN.search(name):
        return None
    return None if person_names.is_placeholder_name(name) else name


def find_saying(text: str, display_names: Sequence[str | None]) -> Saying | None:
    """What the person of one of these display names says in a text; None where nothing is said."""
    names = [name for each in display_names if (name := person_in_display_name(each))]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines[:MOST_LINES]):
        match = saying_pattern().match(line) if len(line) <= LONGEST_LINE else None
        speaker = (match[1] or match[2]).strip(" *_“”\"'") if match else ""
        name = next((name for name in names if speaker and are_same_name(speaker, name)), None)
        if match is None or name is None:
            continue
        message, end = _message_below(lines, number, match[3].strip())
        if message:
            rest = [*lines[:number], *[""] * (end - number), *lines[end:]]
            longer = max(speaker, name, key=len)
            return Saying(longer, message, f"“{line.strip()}”, line {number + 1}", "\n".join(rest))
    return None


def are_same_name(first: str, second: str) -> bool:
    """Whether one name begins the other, its last word perhaps as an initial: “Ada B.”."""
    shorter, longer = sorted((first.casefold().split(), second.casefold().split()), key=len)
    if not shorter:
        return False
    *whole, last = shorter
    *_, candidate = longer[: len(shorter)]
    is_initial = bool(whole) and len(last.rstrip(".")) == 1
    same_last = candidate.startswith(last.rstrip(".")) if is_initial else candidate == last
    if len(shorter) == len(longer) and not same_last and whole:
        same_last = len(candidate.rstrip(".")) == 1 and last.startswith(candidate.rstrip("."))
    return same_last and longer[: len(whole)] == whole


def _message_below(lines: list[str], number: int, begun: str) -> tuple[str, int]:
    """The message from the line with this number on, and the number of the line behind it."""
    first, end = begun, number + 1
    while not first and end < min(len(lines), MOST_LINES):
        first, end = lines[end].strip(), end + 1
    if first.startswith(">"):
        return "", end
    closing = QUOTES.get(first[:1])
    if closing and (quoted := _quotation(lines, first, end, closing)):
        return quoted
    message = [first]
    while end < len(lines) and not _ends_message(lines, end):
        message.append(lines[end].strip())
        end += 1
    return "\n".join(message).strip(), end


def _quotation(lines: list[str], first: str, end: int, closing: str) -> tuple[str, int] | None:
    """The words up to the closing sign, and the number of the line behind; None without one."""
    message = [first[1:]]
    while closing not in message[-1] and end < min(len(lines), MOST_LINES):
        message.append(lines[end].strip())
        end += 1
    if closing not in message[-1]:
        return None
    message[-1] = message[-1].rpartition(closing)[0]
    return "\n".join(message).strip(), end


def _ends_message(lines: list[str], number: int) -> bool:
    """A heading below a blank line, a footer of the vendor, or an older mail."""
    line = lines[number]
    if line.startswith(">") or line.rstrip() == "--":
        return True
    if classify_line(line, LabelState(), LineLabels({}, {}, ())).kind is LineKind.FOOTER:
        return True
    is_heading = has_colon_at_end(line) and len(line.split()) <= MOST_HEADING_WORDS
    return is_heading and not lines[number - 1].strip()
