"""The row of a heading above the person's message, and where that message ends."""

from collections.abc import Sequence

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_contact_heading,
    is_other_party_heading,
    is_person_heading,
    plain_label,
)
from leadloop.intake.formats.answer_layouts import UNDERLINED
from leadloop.intake.formats.message_headings import COLONS, is_message_heading
from leadloop.intake.formats.questions import (
    has_known_label,
    has_value,
    is_answers_heading,
    is_short_label,
    known_field,
    may_ask,
    next_line,
)
from leadloop.intake.formats.vendor_lines import LINK_MARK, VendorLines
from leadloop.intake.text.quotation_marks import QUOTES
from leadloop.intake.text.styled_lines import StyledLine
from leadloop.intake.text.text_marks import CELL_SEPARATOR
from leadloop.model.contact import MESSAGE_FIELD

CARD_LINES = 6  # below the heading of a card


def message_rows(
    lines: Sequence[StyledLine], taken: set[int], vendor: VendorLines
) -> dict[int, int]:
    """The row of a heading that announces the person's message, whatever its words."""
    for start, line in enumerate(lines):
        first = next_line(lines, start)
        if not line.text.strip() or start in taken or first is None or first in taken:
            continue
        if not _announces_message(lines, start):
            continue
        if has_known_label(lines[first].text) or are_labels(lines, first):
            continue
        stop = next(
            (
                n
                for n in range(first, len(lines))
                if _is_behind_message(lines, first, n, taken)
                or (line.text.isupper() and _is_capital_heading(lines, n))
            ),
            len(lines),
        )
        marked = [
            LINK_MARK + each.text if each.is_link else each.text for each in lines[first:stop]
        ]
        end = quotation_end(lines, first, stop) or first + vendor.find_end(marked)
        if end > first:
            return {start: end}
    return {}


def are_labels(lines: Sequence[StyledLine], first: int) -> bool:
    """Whether each line of the paragraph that begins here is a label with its value."""
    end = next((n for n in range(first, len(lines)) if not lines[n].text.strip()), len(lines))
    below = [line.text for line in lines[first:end]]
    return len(below) > 1 and all(
        has_value(text) and (is_short_label(text) or has_known_label(text)) for text in below
    )


def quotation_end(lines: Sequence[StyledLine], first: int, end: int) -> int | None:
    """The index behind the quotation that begins at `first`; None where none begins or ends."""
    closing = QUOTES.get(lines[first].text.strip()[:1])
    quoted = next(
        (n for n in range(first, end) if closing and lines[n].text.rstrip().endswith(closing)), None
    )
    is_sign_alone = quoted == first and len(lines[first].text.strip()) == 1
    return None if quoted is None or is_sign_alone else quoted + 1


def _announces_message(lines: Sequence[StyledLine], at: int) -> bool:
    line = lines[at]
    text = line.text.strip()
    if has_value(text):
        return False
    if known_field(text) == MESSAGE_FIELD and not is_answers_heading(text):
        # The reader of labels knows the others.
        is_apart = text.isupper() and _has_heading_below(lines, at)
        return line.style != 0 or is_apart or _has_card_below(lines, at)
    if field_for_label(text, {}) is not None or is_answers_heading(text):
        return False
    if not is_message_heading(text):
        return False
    return text.endswith(COLONS) or line.is_bold or line.style == UNDERLINED


def _has_heading_below(lines: Sequence[StyledLine], at: int) -> bool:
    """Whether below a heading in capitals another of the same look begins a part."""
    return any(_is_capital_heading(lines, n) for n in range(at + 1, len(lines)))


def _is_capital_heading(lines: Sequence[StyledLine], at: int) -> bool:
    text = lines[at].text.strip()
    is_apart = at == 0 or not lines[at - 1].text.strip()
    is_above = at + 1 < len(lines) and bool(lines[at + 1].text.strip())
    return text.isupper() and is_apart and is_above and may_ask(text)


def _has_card_below(lines: Sequence[StyledLine], at: int) -> bool:
    """Whether a heading with the person's address or number below it stands below a line."""
    for n in range(at + 1, len(lines)):
        is_heading = not lines[n - 1].text.strip() and is_contact_heading(
            plain_label(lines[n].text)
        )
        below = [line.text for line in lines[n + 1 : n + CARD_LINES]]
        if is_heading and any(EMAIL_PATTERN.search(text) for text in below):
            return True
    return False


def _is_behind_message(lines: Sequence[StyledLine], first: int, at: int, taken: set[int]) -> bool:
    """Whether the message has ended above a line: another row, heading or label begins."""
    line = lines[at]
    if not line.text.strip():
        return False
    if at in taken or CELL_SEPARATOR in line.text:
        return True
    look = lines[first].style
    if at > first and look and line.style not in {look, 0}:
        return True
    if at == first:
        return False
    plain = plain_label(line.text)
    is_heading = is_person_heading(plain) or is_other_party_heading(plain)
    is_label = has_value(line.text) and has_known_label(line.text)
    above_blank = not lines[at - 1].text.strip()
    is_look = line.is_bold and not lines[first].is_bold and above_blank
    return (is_heading and (above_blank or line.is_bold)) or (is_label and above_blank) or is_look
