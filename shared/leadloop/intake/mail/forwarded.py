"""A mail that somebody passed on: the mail that was passed on, apart from the words about it.

The colleague's own words and signature stand above, the vendor's mail below, often quoted. The
lines between them are in `phrases/forwarded.txt`.
"""

import re
from functools import cache
from typing import NamedTuple

from leadloop.intake.mail.subject_phrases import forward_prefix_pattern
from leadloop.intake.text.phrase_files import alternatives

FORWARD_SEPARATOR = "---------- Forwarded message ----------"  # as we mark an attached mail
MOST_LINES = 400  # above the mail that was passed on
LONGEST_LINE = 200  # characters of a line that are looked at


class Forward(NamedTuple):
    """`below` is the mail that was passed on, without the quoting of the whole."""

    above: str
    below: str


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
    """The text above and below the line of a mail program; None where nothing was passed on."""
    is_forward_subject = forward_prefix_pattern().match(subject) is not None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines[:MOST_LINES]):
        start = line.lstrip("> ")[:LONGEST_LINE]
        if forward_line_pattern().match(start) or (
            is_forward_subject and original_line_pattern().match(start)
        ):
            below = _unquote_lines(lines[number + 1 :])
            return Forward("\n".join(lines[:number]), "\n".join(below))
    return None


def _unquote_lines(lines: list[str]) -> list[str]:
    """The lines with one level of quoting less, if all of them are quoted."""
    nonblank = [line for line in lines if line.strip()]
    if not nonblank or not all(line.startswith(">") for line in nonblank):
        return lines
    return [line[1:].removeprefix(" ") for line in lines]
