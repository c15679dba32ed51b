"""Other signs for labels become “label: value”: icons, arrows, quotation marks, tables of text.

A portal draws a telephone before the number, an arrow behind the label, or columns with a rule.
Every reader of labels then finds the one form that it knows. The icons are in
`phrases/label_icons.txt`.
"""

import re
from collections.abc import Sequence
from functools import cache

from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.text.phrase_files import load_phrases
from leadloop.intake.text.text_marks import CELL_SEPARATOR

PACKAGE = "leadloop.intake.formats"
MOST_LINES, LONGEST_LINE = 5_000, 2_000
ARROWS = "►▶▸➤➜⇒"
ARROW = re.compile(
    rf"(?P<label>\s{{0,9}}[^\W\d_][^:：{ARROWS}\x1f]{{0,60}}?)\s{{0,20}}(?:::|[{ARROWS}])(?:\s{{1,20}}|$)"
)
QUOTED_LABEL = re.compile(r">\s{1,3}(?P<label>[^\W\d_][^:>\x1f]{1,60})$")
RULE_OF_COLUMNS = re.compile(r"\s{0,9}[-=]{3,60}(?:\s{1,9}[-=]{3,60}){1,20}\s{0,9}")
COLUMN = re.compile(r"[-=]{3,60}")
FEWEST_LABELS = 2  # of a table, and of labels behind a quotation mark
ICON_EDGE = "\ufe0f\ufe0e\u200d \t:：|-–"


def read_label_signs(lines: Sequence[str]) -> list[str]:
    """The lines with a colon behind each label; every line keeps its number."""
    result = list(lines[:MOST_LINES])
    quoted = {n for n, line in enumerate(result) if _is_quoted_label(result, n, line)}
    result = [
        _read_line(line, is_quoted=len(quoted) >= FEWEST_LABELS and n in quoted)
        for n, line in enumerate(result)
    ]
    return [*_read_tables(result), *lines[MOST_LINES:]]


def _is_quoted_label(lines: Sequence[str], at: int, line: str) -> bool:
    """Whether an unquoted line stands below a quoted one, as a value below its label."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    return QUOTED_LABEL.match(line) is not None and below[:1].isspace() and bool(below.strip())


def _read_line(line: str, *, is_quoted: bool) -> str:
    if not line.strip() or len(line) > LONGEST_LINE:
        return line
    if is_quoted:
        return f"{line.lstrip('> ').rstrip()}:"
    match = ARROW.match(line)
    if match is not None:
        return f"{match['label'].rstrip()}: {line[match.end() :]}".rstrip()
    return _read_icon(line)


def _read_icon(line: str) -> str:
    """The line with a word for the icon before its value; a label behind it stays."""
    text = line.strip()
    label = icons().get(text[0])
    value = text[1:].strip(ICON_EDGE + CELL_SEPARATOR) if label else ""
    if not label or not value or field_for_label(value, {}) is not None:
        return line
    pair = parse_label_line(value)
    if CELL_SEPARATOR in value or (pair is not None and pair.value.strip()):
        return line
    return f"{label}: {value}"


@cache
def icons() -> dict[str, str]:
    """The icons, and a label for each."""
    return {
        icon: label
        for label, group in load_phrases(PACKAGE, "label_icons").items()
        for icon in group
    }


def _read_tables(lines: list[str]) -> list[str]:
    """Tables of text with a header of known labels: each row as lines of labels."""
    result: list[str] = []
    number = 0
    while number < len(lines):
        rows, end = _table_at(lines, number)
        if rows:
            result.append("\n".join(rows))
            result += [""] * (end - number - 1)
            number = end
        else:
            result.append(lines[number])
            number += 1
    return result


def _table_at(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """The rows of a table that begins at a line, as labelled lines, and the index behind it."""
    header = lines[at]
    below = lines[at + 1] if at + 1 < len(lines) else ""
    if header.count("|") > FEWEST_LABELS:
        labels, first = _cells(header), at + 1
        if not set(below) - set("|-+=: ") and below.strip():
            first += 1

        def split(line: str) -> list[str]:
            return _cells(line) if "|" in line else []
    elif len(below) <= LONGEST_LINE and RULE_OF_COLUMNS.fullmatch(below):
        starts = [match.start() for match in COLUMN.finditer(below)]
        first = at + 2

        def split(line: str) -> list[str]:
            ends = [*starts[1:], len(line)]
            return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]

        labels = split(header)
    else:
        return [], at
    known = [label for label in labels if field_for_label(label, {}) is not None]
    if len(known) < FEWEST_LABELS or parse_label_line(header) is not None:
        return [], at
    rows, end = [], first
    while end < len(lines) and lines[end].strip():
        cells = split(lines[end])
        if len(cells) != len(labels) or not cells[0]:
            break
        rows += [f"{label}: {cell}" for label, cell in zip(labels, cells, strict=True) if cell]
        rows.append("")
        end += 1
    return rows, end


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
