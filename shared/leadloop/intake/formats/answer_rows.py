"""Questions with the answer below become rows, as a table has them: `question`, mark, `answer`.

Form programs write a question that no word list knows, and the answer in the next line, paragraph
or cell. Which lines are questions is told by their layout: they look alike and the answers look
otherwise, or they stand alone with a sign at the end, or every second line is one.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    is_person_heading,
    is_person_label,
    plain_label,
)
from leadloop.intake.formats.answer_layouts import (
    UNDERLINED,
    alternate_rows,
    paragraph_rows,
    question_rows,
    rows_by_look,
    spaced_rows,
    underlined_rows,
)
from leadloop.intake.formats.message_headings import is_message_heading
from leadloop.intake.formats.message_rows import are_labels, message_rows, quotation_end
from leadloop.intake.formats.program_lines import is_separator
from leadloop.intake.formats.questions import (
    MOST_WORDS,
    asks_for_message,
    has_known_label,
    has_value,
    is_button,
    known_field,
    next_line,
)
from leadloop.intake.formats.vendor_lines import LINK_MARK, VendorLines
from leadloop.intake.text.styled_lines import StyledLine
from leadloop.intake.text.text_marks import CELL_SEPARATOR, INNER_BREAK

MOST_LINES = 5_000
INLINE_QUESTION = re.compile(r"([^?\x1f]{3,80}\?)\s{1,9}([^?\x1f]{1,200})")
FRAMED_HEADING = re.compile(
    r"\s{0,9}[-=*_~#>─━【\[〔]{1,60}\s{0,9}(\w[^-=*_~#─━】\]〕]{1,50}?)\s{0,9}[-=*_~#<─━】\]〕]{1,60}\s{0,9}"
)
BLANK_LINES = re.compile(f"{INNER_BREAK}{{3,}}")  # more than one


def arrange_answers(
    lines: Sequence[StyledLine], vendor: VendorLines, sayings: Collection[int] = ()
) -> str:
    """The text with its questions as rows; every line keeps its number.

    `sayings` are the indexes of lines in which somebody is quoted: they head no message.
    """
    lines = _drop_underlines(lines[:MOST_LINES])
    rows = underlined_rows(lines) or rows_by_look(lines) or spaced_rows(lines)
    if not rows:
        rows = alternate_rows(lines)
    messages = message_rows(lines, {*_covered(rows), *sayings}, vendor)
    rows = _merge_rows(messages, rows)
    rows = _merge_rows(paragraph_rows(lines, _covered(rows)), rows)
    rows = _merge_rows(question_rows(lines, _covered(rows)), rows)
    texts = _with_inline_rows(lines, rows)
    rows = {start: _last_line(lines, start, end, vendor) for start, end in rows.items()}
    rows = {
        start: end
        for start, end in rows.items()
        if end > start + 1
        and not vendor.is_certain(lines[start].text)
        and not _holds_labels(lines, start, end)
    }
    for start, end in rows.items():
        answer = INNER_BREAK.join(text.strip() for text in texts[start + 1 : end])
        answer = BLANK_LINES.sub(2 * INNER_BREAK, answer.strip(INNER_BREAK))
        answer = answer.lstrip("→➔➝⟶ ")
        question = "Message" if start in messages else texts[start].strip().rstrip("*: ")
        texts[start:end] = [f"{question}{CELL_SEPARATOR}{answer}", *[""] * (end - start - 1)]
    texts = [_open_card(text) for text in texts]
    return "\n".join(
        LINK_MARK + text if line.is_link and text == line.text and is_button(text) else text
        for line, text in zip(lines, texts, strict=True)
    )


def _open_card(text: str) -> str:
    """A row with the person's card in it, such as “Contact”, as lines of their own."""
    label, mark, value = text.partition(CELL_SEPARATOR)
    plain = plain_label(label)
    is_card = is_person_heading(plain) or is_person_label(plain)
    if not mark or INNER_BREAK not in value or not is_card:
        return text
    return "\n".join((label, *value.split(INNER_BREAK)))


def _with_inline_rows(lines: Sequence[StyledLine], rows: Mapping[int, int]) -> list[str]:
    """The texts, with questions that have the answer behind them as rows: “How many? 3”."""
    texts = [line.text for line in lines]
    taken = _covered(rows)
    matches = {
        n: match
        for n, text in enumerate(texts)
        if n not in taken and not text.strip()[:1].islower()
        if (match := INLINE_QUESTION.fullmatch(text.strip()))
    }
    for n, match in matches.items():
        if n - 1 in matches or n + 1 in matches:
            texts[n] = f"{match[1]}{CELL_SEPARATOR}{match[2]}"
    return texts


def _last_line(lines: Sequence[StyledLine], start: int, end: int, vendor: VendorLines) -> int:
    """The index behind the answer, without the vendor's lines at its end."""
    first = next_line(lines, start)
    if first is None:
        return start
    if quoted := quotation_end(lines, first, end):
        return quoted
    marked = [LINK_MARK + each.text if each.is_link and is_button(each.text) else each.text
              for each in lines[first:end]]  # fmt: skip
    return first + vendor.find_end(marked)


def _holds_labels(lines: Sequence[StyledLine], start: int, end: int) -> bool:
    """Whether labels with their values, or a card, stand below a line: it is their heading."""
    first = next_line(lines, start)
    if first is not None and first < end and are_labels(lines[:end], first):
        return True
    if is_message_heading(lines[start].text) or asks_for_message(lines[start].text):
        return False
    below = lines[start + 1 : end]
    is_card = len(below) > 1 and known_field(lines[start].text) is None
    if is_card and any(EMAIL_PATTERN.search(line.text) for line in below):
        return True
    values = [line for line in below if has_value(line.text)]
    return len(values) > 1 or any(has_known_label(line.text) for line in values)


def _without_frame(line: StyledLine) -> StyledLine:
    """A heading in a frame, such as “--- Message ---” or “【Message】”, without the frame."""
    match = FRAMED_HEADING.fullmatch(line.text)
    if match is None or line.style or has_value(line.text):
        return line
    return StyledLine(match[1].strip(), UNDERLINED, is_bold=True)


def _covered(rows: Mapping[int, int]) -> set[int]:
    return {n for start, end in rows.items() for n in range(start, end)}


def _merge_rows(more: Mapping[int, int], rows: Mapping[int, int]) -> dict[int, int]:
    taken = _covered(rows)
    free = {
        start: end for start, end in more.items() if not any(n in taken for n in range(start, end))
    }
    return {**free, **rows}


def _drop_underlines(lines: Sequence[StyledLine]) -> list[StyledLine]:
    """The lines, those above a rule marked as bold and the rule blank."""
    result = [_without_frame(line) for line in lines]
    for n in range(1, len(lines)):
        above = lines[n - 1].text.strip()
        is_heading = (
            is_separator(lines[n].text)
            and bool(above)
            and not is_separator(above)
            and (n < 2 or not lines[n - 2].text.strip() or is_separator(lines[n - 2].text))
            and n + 1 < len(lines)
            and not has_value(above)
            and len(above.split()) <= MOST_WORDS
        )
        if is_heading and next_line(lines, n) == n + 1:
            result[n - 1] = lines[n - 1]._replace(style=UNDERLINED, is_bold=True)
            result[n] = StyledLine("")
    return result
