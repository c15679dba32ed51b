"""The lines that a form's own program writes below a person's words: date, page, browser, IP.

They are no part of the message. A line of dashes, or a label that no form asks for, tells where
they begin; from there to the end of the mail nothing else may stand.
"""

import re
from collections.abc import Sequence
from functools import cache

from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.text.html_text import CELL_SEPARATOR
from leadloop.intake.text.phrase_files import alternatives

PACKAGE = "leadloop.intake.formats"
SEPARATOR = re.compile(r"[-_=*~—–]{2,}")
MOST_LINES = 60  # at the end of a mail
LONGEST_LINE = 2_000  # characters


def program_lines_start(lines: Sequence[str]) -> int:
    """The index of the first of the program's lines; the number of lines where there are none."""
    start = len(lines)
    is_certain = False
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - MOST_LINES), -1):
        line = lines[number].strip()
        if not line:
            continue
        if SEPARATOR.fullmatch(line):
            has_label = any(each.strip() for each in lines[number + 1 :])
            start = number if has_label else start
            is_certain = is_certain or has_label
        elif len(line) <= LONGEST_LINE and (_certain().match(line) or _is_certain_label(line)):
            start, is_certain = number, True
        elif len(line) > LONGEST_LINE or not _is_possible_label(line):
            break
        elif is_certain or number < start:
            start = number
    return _below_blank(lines, start) if is_certain else len(lines)


def _below_blank(lines: Sequence[str], start: int) -> int:
    """The first index from `start` that stands below a blank line or is a line of dashes."""
    for number in range(start, len(lines)):
        is_below = number == 0 or not lines[number - 1].strip()
        if is_below or SEPARATOR.fullmatch(lines[number].strip()):
            return number
    return len(lines)


def _label(line: str) -> str:
    row_label, mark, _ = line.partition(CELL_SEPARATOR)
    pair = parse_label_line(line)
    label = row_label if mark else pair.label if pair else ""
    return label.strip(" :*\t")


def _is_certain_label(line: str) -> bool:
    return _certain_label().fullmatch(_label(line)) is not None


def _is_possible_label(line: str) -> bool:
    return _possible_label().fullmatch(_label(line)) is not None


def _phrases(group: str) -> str:
    return alternatives(PACKAGE, "program_lines", group)


@cache
def _certain() -> re.Pattern[str]:
    return re.compile(
        rf"\W{{0,4}}(?:{_phrases('sentence')}|{alternatives(PACKAGE, 'mail_lines', 'footer')})",
        re.IGNORECASE,
    )


@cache
def _certain_label() -> re.Pattern[str]:
    return re.compile(_phrases("certain"), re.IGNORECASE)


@cache
def _possible_label() -> re.Pattern[str]:
    return re.compile(_phrases("possible"), re.IGNORECASE)
