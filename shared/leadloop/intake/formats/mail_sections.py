"""Where a vendor goes on with labels below a message: a heading above them, or none.

A heading is short and stands right above labels with their values. Without one, a paragraph of
labels is the vendor's where it has a label that we know, or one that nobody has filled in.
"""

import itertools
import re
from collections.abc import Mapping, Sequence

from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.fields.mapping import value_or_none
from leadloop.intake.formats import label_layouts
from leadloop.intake.formats.mail_lines import (
    ENDS_SENTENCE,
    QUESTION_MARKS,
    SENTENCE_ENDS,
    has_colon_at_end,
    is_sentence,
)
from leadloop.intake.formats.person_names import is_yes_or_no
from leadloop.intake.formats.program_lines import is_certain_label, is_separator
from leadloop.intake.text.text_marks import CELL_SEPARATOR

LINK = re.compile(r"\W{0,4}(?:https?://|www\.)\S")
LONGEST_HEADING, MOST_HEADING_WORDS = 120, 6
MOST_LINES, MOST_WORDS = 20, 5


def section_headings(lines: Sequence[str]) -> frozenset[int]:
    """The indexes of lines that head a paragraph of labels and their values."""
    found = set()
    for at, line in enumerate(lines[:-1]):
        is_apart = at == 0 or not lines[at - 1].strip()
        is_announced = has_colon_at_end(line)
        if not is_apart or not _may_head(line.rstrip().rstrip(":：") if is_announced else line):
            continue
        if _heads_labels(lines, at + 1) and not (is_announced and not _is_known(lines[at + 1])):
            found.add(at)
    return frozenset(found)


def _is_known(line: str) -> bool:
    """Whether a label that we know, or that only a program writes, begins a line."""
    pair = label_layouts.parse_label_line(line)
    return pair is not None and (
        field_for_label(pair.label, {}) is not None or is_certain_label(pair.label)
    )


def _may_head(line: str) -> bool:
    text = line.strip()
    if not text or len(text) > LONGEST_HEADING or CELL_SEPARATOR in text:
        return False
    is_short = len(text.split()) <= MOST_HEADING_WORDS and text.strip("*_ ")[:1].isupper()
    return is_short and text[-1] not in f"{SENTENCE_ENDS},;:："


def _heads_labels(lines: Sequence[str], start: int) -> bool:
    """Whether the lines up to the next blank one are labels, perhaps with another line above."""
    end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
    while end > start and (LINK.match(lines[end - 1]) or is_separator(lines[end - 1])):
        end -= 1
    below = lines[start : min(end, start + MOST_LINES)]
    if not below or any(is_sentence(line) or len(line) > LONGEST_HEADING for line in below):
        return False
    above = next((n for n, line in enumerate(below) if _is_short_label_line(line)), len(below))
    return above < min(2, len(below)) and all(map(_is_short_label_line, below[above:]))


def label_paragraphs(lines: Sequence[str], labels: Mapping[str, str]) -> frozenset[int]:
    """The indexes of the first lines of paragraphs of labels, one of which we know or is empty."""
    found = set()
    for at, line in enumerate(lines):
        pair = label_layouts.parse_label_line(line)
        if pair is None or not pair.value.strip() or (at and lines[at - 1].strip()):
            continue
        end = next((n for n in range(at, len(lines)) if not lines[n].strip()), len(lines))
        pairs = [label_layouts.parse_label_line(each) for each in lines[at:end]][:MOST_LINES]
        rows = list(itertools.takewhile(lambda each: each is not None, pairs))
        is_certain = any(
            row
            and (
                value_or_none(row.value) is None
                or is_yes_or_no(row.value)
                or field_for_label(row.label, labels)
            )
            for row in rows
        )
        if len(rows) > 1 and is_certain and all(map(_is_short_pair, rows)):
            found.add(at)
    return frozenset(found)


def _is_short_pair(pair: label_layouts.LabelLine | None) -> bool:
    if pair is None or pair.value.rstrip().endswith(QUESTION_MARKS) or "://" in pair.value:
        return False
    return len(pair.label.split()) <= MOST_WORDS and not is_sentence(pair.value)


def _is_short_label_line(line: str) -> bool:
    pair = label_layouts.parse_label_line(line)
    if pair is None or not pair.value.strip() or CELL_SEPARATOR in line:
        return False
    is_short = len(pair.label.split()) <= MOST_WORDS and not pair.label[0].islower()
    return is_short and not ENDS_SENTENCE.search(pair.label)
