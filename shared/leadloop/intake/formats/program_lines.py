"""The lines that a form's own program writes below a person's words: date, page, browser, IP.

They are no part of the message. A line of dashes, or a label that no form asks for, tells where
they begin; from there to the end of the mail nothing else may stand.
"""

import re
from collections.abc import Sequence
from functools import cache

from leadloop.intake.formats.boilerplate import boilerplate_pattern
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.text.phrase_files import alternatives
from leadloop.intake.text.text_marks import CELL_SEPARATOR

PACKAGE = "leadloop.intake.formats"
SEPARATOR = re.compile(
    r"(?:[-_=*~—–―‐─━═┄┈＝－＊☆★◆◇■□●・·•.¯￣]\s?){3,}|[-_=*~—–―─━═¯￣┌┐└┘├┤╔╗╚╝╭╮╰╯]{2,}"
)
MOST_LINES = 60  # at the end of a mail
LONGEST_LINE = 2_000  # characters


def program_lines_start(lines: Sequence[str]) -> int:
    """The index of the first of the program's lines; the number of lines where there are none."""
    start = number = len(lines)
    is_certain = False
    while number > max(0, len(lines) - MOST_LINES):
        number -= 1
        line = lines[number].strip()
        if not line:
            continue
        if SEPARATOR.fullmatch(line):
            has_lines = any(each.strip() for each in lines[number + 1 :])
            start = number if has_lines else start
            is_certain = is_certain or has_lines
        elif len(line) > LONGEST_LINE:
            break
        elif _certain().match(line) or _is_certain_label(line):
            start, is_certain = number, True
        elif not _is_possible_label(line):
            above = _label_above(lines, number)
            if above is None:
                break
            start, number, is_certain = above, above, True
        else:
            start = number
    return _below_blank(lines, start) if is_certain else len(lines)


def is_separator(line: str) -> bool:
    """Whether a line is a rule of dashes, stars or the like."""
    return SEPARATOR.fullmatch(line.strip()) is not None


def is_program_line(line: str) -> bool:
    """Whether no person writes such a line: “This e-mail was sent …”, “View results”."""
    text = line.strip()
    if not text or len(text) > LONGEST_LINE:
        return False
    return _certain().match(text) is not None or boilerplate_pattern().match(text) is not None


def _label_above(lines: Sequence[str], number: int) -> int | None:
    """The index of a certain label that stands alone above this line, or None."""
    above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
    is_label = above is not None and _certain_label().fullmatch(lines[above].strip(" :*\t"))
    return above if is_label else None


def _below_blank(lines: Sequence[str], start: int) -> int:
    """The first index from `start` that stands below a blank line or is a line of dashes.

    Two lines of a program stand close below a message as well.
    """
    if sum(bool(line.strip()) for line in lines[start:]) > 1:
        return start
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


def is_certain_label(label: str) -> bool:
    """Whether a label is a program's, which no form asks for: “IP address”."""
    return _certain_label().fullmatch(label.strip(" :*\t")) is not None


def _is_certain_label(line: str) -> bool:
    return is_certain_label(_label(line))


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
