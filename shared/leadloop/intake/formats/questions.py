"""Which lines of a mail may be questions of a form, and which answers cannot hold."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_heading,
    is_other_party_label,
    is_person_heading,
    is_person_label,
    plain_label,
)
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.program_lines import is_program_line, is_separator
from leadloop.intake.text.phrase_files import alternatives
from leadloop.intake.text.styled_lines import StyledLine
from leadloop.intake.text.text_marks import CELL_SEPARATOR
from leadloop.model.contact import MESSAGE_FIELD

LONGEST_QUESTION, MOST_WORDS = 200, 25
MOST_LABEL_WORDS = 4
SIGNS = ("?", "？", "؟", ":", "：", "*")
SENTENCE_ENDS = (".", "!", ",", ";", "。", "…")


def next_line(lines: Sequence[StyledLine], at: int) -> int | None:
    return next((n for n in range(at + 1, len(lines)) if lines[n].text.strip()), None)


def is_alone(lines: Sequence[StyledLine], at: int) -> bool:
    above = at == 0 or not lines[at - 1].text.strip()
    return above and (at + 1 == len(lines) or not lines[at + 1].text.strip())


def paragraphs(lines: Sequence[StyledLine]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for n, line in enumerate(lines):
        if line.text.strip():
            start = n if start is None else start
        elif start is not None:
            yield start, n
            start = None
    if start is not None:
        yield start, len(lines)


def may_ask(line: str) -> bool:
    """Whether a line may be a question or a label: short, without a value, no heading."""
    text = line.strip()
    if not text or len(text) > LONGEST_QUESTION or len(text.split()) > MOST_WORDS:
        return False
    if CELL_SEPARATOR in text or EMAIL_PATTERN.search(text) or text.endswith(SENTENCE_ENDS):
        return False
    if has_value(text) or is_separator(text) or is_program_line(text):
        return False
    plain = plain_label(text)
    if not plain or (is_person_heading(plain) and not is_person_label(plain)):
        return False
    if text[-1] not in SIGNS and (text[0] in "\"“„«'>" or text[0].islower()):
        return False
    is_other = is_other_party_heading(plain) and not is_other_party_label(plain)
    return not is_other and sum(sign.isdigit() for sign in text) < 6


def has_value(line: str) -> bool:
    """Whether a label stands in a line together with its value."""
    pair = parse_label_line(line)
    return CELL_SEPARATOR in line or (pair is not None and bool(pair.value.strip()))


def is_short_label(line: str) -> bool:
    """Whether the label of a line has few words, and its value is no long sentence."""
    pair = parse_label_line(line)
    if pair is None:
        return False
    is_sentence = pair.value.rstrip().endswith(SENTENCE_ENDS[:2])
    return len(pair.label.split()) <= MOST_LABEL_WORDS and not (
        is_sentence and len(pair.value.split()) > MOST_LABEL_WORDS
    )


def known_field(line: str) -> str | None:
    return field_for_label(line.strip().rstrip("*"), {})


def asks_for_message(line: str) -> bool:
    return known_field(line) == MESSAGE_FIELD and not line.rstrip().endswith("?")


def has_known_label(line: str) -> bool:
    pair = parse_label_line(line)
    return pair is not None and field_for_label(pair.label, {}) is not None


def ends_answer(line: StyledLine) -> bool:
    return is_separator(line.text) or is_program_line(line.text)


def is_answers_heading(line: str) -> bool:
    return _answers_heading().fullmatch(plain_label(line)) is not None


@cache
def _answers_heading() -> re.Pattern[str]:
    return re.compile(alternatives("leadloop.intake.formats", "program_lines", "answers_heading"))


def is_button(text: str) -> bool:
    return not EMAIL_PATTERN.search(text) and "." not in text.split(" ", maxsplit=1)[0].strip(".")
