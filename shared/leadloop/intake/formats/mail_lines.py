"""The lines of a mail's text: which of them count, and what kind of line each one is.

The kind is a pure function of the line and of what the lines above it mean. What a reader does with
a line of that kind is the table in `labelled_text`.
"""

import re
from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_heading,
    is_other_party_label,
    is_person_heading,
    is_person_label,
    plain_label,
)
from leadloop.intake.fields.mapping import consent_answer
from leadloop.intake.formats import label_layouts, person_names
from leadloop.intake.formats.label_state import LabelState, Section
from leadloop.intake.formats.mail_heads import parse_head_line
from leadloop.intake.formats.phone_in_text import find_phone
from leadloop.intake.formats.vendor_lines import vendor_sentence
from leadloop.intake.text.phrase_files import alternatives
from leadloop.intake.text.text_marks import CELL_SEPARATOR
from leadloop.model.contact import MESSAGE_FIELD

PACKAGE = "leadloop.intake.formats"
ENDS_SENTENCE = re.compile(r"[.!?,;]")
SENTENCE = re.compile(r"[.!?]\s")
SIGNATURE_LINE = "-- "  # RFC 3676, section 4.3
MOST_LINES = 5_000
SENTENCE_ENDS = ".!?…。！？؟"
QUESTION_MARKS = ("?", "？", "؟")
LEAST_WORDS = 3  # of a sentence that ends with a full stop
LABELS_OF_LAYOUT = 3  # directly below each other, that make a layout
MOST_WORDS = 9  # in a label we do not know
LINES_OF_MAIL_HEAD = 5


class LineKind(Enum):
    """What a line is; a label is “known” if it names one of our fields."""

    BLANK = auto()
    ROW = auto()  # of a table: a known label and its value
    UNKNOWN_ROW = auto()
    HEADER_ROW = auto()  # of a table: labels only
    FOOTER = auto()  # what the vendor prints below the details
    PERSON_HEADING = auto()
    OTHER_PARTY_HEADING = auto()
    SECTION_HEADING = auto()  # of labels that stand directly below
    GOODBYE = auto()  # of the vendor who sends the mail
    CONTACT_LABEL = auto()  # a known label of the contact, and its value
    LABEL = auto()  # another known label and its value
    UNKNOWN_LABEL = auto()
    LABEL_OR_WORDS = auto()  # a known label inside the message that the person may have written
    BARE_CONTACT_LABEL = auto()  # alone in its line; the value may stand in the next
    BARE_LABEL = auto()
    TEXT = auto()


class MailLine(NamedTuple):
    """A line with its kind; `name` is our full name for its label, such as `contact.email`."""

    kind: LineKind
    text: str
    label: str = ""
    value: str = ""
    name: str | None = None


class LineLabels(NamedTuple):
    """Labels in plain form → full names, and the beginnings of lines that end a message."""

    anywhere: Mapping[str, str]
    in_rows: Mapping[str, str]
    ends: tuple[str, ...]


def numbered_lines(text: str) -> list[tuple[int, str]]:
    """The lines that count, with their numbers from 1.

    Quoted mails, the last signature and the heads of forwarded mails are left out.
    """
    lines: list[tuple[int, str]] = []
    every = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_LINES]
    for number, line in enumerate(every, 1):
        if is_quoted_mail_start(line):
            break
        if not line.startswith(">"):
            lines.append((number, line))
    signatures = [n for n, (_, line) in enumerate(lines) if line == SIGNATURE_LINE]
    if signatures:
        lines = lines[: signatures[-1]]
    return [
        pair
        for n, pair in enumerate(lines)
        if not (_is_from_line(pair[1]) and _is_in_mail_head(lines, n))
    ]


def readable_lines(text: str) -> list[str]:
    """The lines of a text up to the last that counts; those that do not count are blank."""
    counted = dict(numbered_lines(text))
    return [counted.get(number, "") for number in range(1, max(counted, default=0) + 1)]


def is_quoted_mail_start(line: str) -> bool:
    """Whether an older mail begins here that is only quoted."""
    return _quoted_mail_start().match(line) is not None


def _is_from_line(line: str) -> bool:
    head_line = parse_head_line(line)
    if head_line is None or head_line.kind != "from":
        return False
    return find_phone(head_line.value) != head_line.value.strip()  # a missed call is told this way


def _is_in_mail_head(lines: list[tuple[int, str]], at: int) -> bool:
    for _, line in lines[at + 1 : at + LINES_OF_MAIL_HEAD]:
        if not line.strip():
            return False
        head_line = parse_head_line(line)
        if head_line is not None and head_line.kind in {"to", "sent"}:
            return True
    return False


def classify_line(line: str, state: LabelState, labels: LineLabels) -> MailLine:
    """The line with its kind, and its label and value where it has them.

    Headings and good-byes count only before the message: the person writes such lines, too.
    """
    if not line.strip():
        return MailLine(LineKind.BLANK, line)
    if CELL_SEPARATOR in line:
        return _classify_row(line, labels)
    if _footer().match(line) or line.strip().startswith(labels.ends) or _is_vendors(line, state):
        return MailLine(LineKind.FOOTER, line)
    if state.section is Section.DETAILS:
        if heading := _heading_kind(line, state, labels):
            return MailLine(heading, line)
        if _is_goodbye(line, state):
            return MailLine(LineKind.GOODBYE, line)
    return _classify_text(line, state, labels)


LONGEST_SENTENCE = 500  # characters in which a vendor's sentence begins


def _is_vendors(line: str, state: LabelState) -> bool:
    """Whether a vendor's sentence stands outside the message, without a value of its own."""
    if state.section is Section.MESSAGE or vendor_sentence().match(line[:LONGEST_SENTENCE]) is None:
        return False
    pair = label_layouts.parse_label_line(line)
    return pair is None or not pair.value.strip() or "://" in pair.value


def _classify_row(line: str, labels: LineLabels) -> MailLine:
    cell, _, value = line.partition(CELL_SEPARATOR)
    label = cell.strip(" :*")
    name = field_for_label(label, labels.in_rows)
    if name is None:
        kind = LineKind.UNKNOWN_ROW
    elif field_for_label(value, labels.in_rows) is None:
        kind = LineKind.ROW
    else:
        kind = LineKind.HEADER_ROW
    return MailLine(kind, line, label, value, name)


def _heading_kind(line: str, state: LabelState, labels: LineLabels) -> LineKind | None:
    """Whose part of the mail begins here; a label that we know is no heading."""
    plain = plain_label(line)
    if not is_person_label(plain) and field_for_label(plain, labels.in_rows) is not None:
        return None
    if label_layouts.parse_loose_label_line(line, labels.anywhere) is not None:
        return None
    last = plain_label(SENTENCE.split(line)[-1]) if has_colon_at_end(line) else plain
    is_value = state.waiting_label is not None and not state.after_blank
    if is_other_party_heading(last) and not is_value:
        return LineKind.OTHER_PARTY_HEADING
    return LineKind.PERSON_HEADING if is_person_heading(plain) else None


def has_colon_at_end(line: str) -> bool:
    """Whether the line announces what stands below it."""
    return line.rstrip().endswith(":")


def _is_goodbye(line: str, state: LabelState) -> bool:
    if state.has_values and person_names.is_light_goodbye(line):
        return True
    return state.has_text and person_names.is_goodbye(line)


def _classify_text(line: str, state: LabelState, labels: LineLabels) -> MailLine:
    pair = _split_label(line, state, labels.anywhere)
    label, value = pair or (line, "")
    name = field_for_label(label, labels.anywhere)
    is_contact = name is not None and name.startswith("contact.")
    if name is None:
        is_label = pair is not None and _may_be_label(label, value, state)
        kind = LineKind.UNKNOWN_LABEL if is_label else LineKind.TEXT
    elif pair is None:
        kind = LineKind.BARE_CONTACT_LABEL if is_contact else LineKind.BARE_LABEL
    elif is_contact:
        kind = LineKind.CONTACT_LABEL
    elif state.section is Section.MESSAGE:
        kind = _kind_in_message(name, value, state)
    else:
        kind = LineKind.LABEL
    return MailLine(kind, line, label, value, name)


def _kind_in_message(name: str, value: str, state: LabelState) -> LineKind:
    """A label of the vendor stands as its other labels do, and before no sentence."""
    if name == MESSAGE_FIELD:
        return LineKind.LABEL if state.has_inline_message and value.strip() else LineKind.TEXT
    is_in_layout = state.after_blank if state.is_spaced else True
    is_label = is_in_layout and not is_sentence(value)
    return LineKind.LABEL if is_label else LineKind.LABEL_OR_WORDS


def is_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    words = text.split()
    if not words or words[-1][-1] not in SENTENCE_ENDS:
        return False
    return len(words) >= LEAST_WORDS or words[-1][-1] not in ".。"


def _split_label(
    line: str, state: LabelState, labels: Mapping[str, str]
) -> label_layouts.LabelLine | None:
    """In a message only a colon makes a label: all other signs stand in prose as well."""
    pair = label_layouts.parse_label_line(line)
    if state.section is Section.MESSAGE or (pair and field_for_label(pair.label, labels)):
        return pair
    return label_layouts.parse_loose_label_line(line, labels) or pair


def _may_be_label(label: str, value: str, state: LabelState) -> bool:
    """Inside a message, a label we do not know must stand as the vendor's other labels do.

    What is none is the person's own line, such as “PS: …”.
    """
    is_outside = state.section is not Section.MESSAGE
    if is_outside or state.in_label_paragraph or _is_ticked_box(label, value, state):
        return True
    if state.has_inline_message and not state.after_blank:
        return _goes_on_with_labels(label, value, state)
    is_short = len(label.split()) <= MOST_WORDS and not ENDS_SENTENCE.search(label)
    if not state.after_blank or not is_short or label[0].islower():
        return False
    if is_other_party_label(plain_label(label)):
        return True
    if _postscript().fullmatch(label.strip()):
        return False
    if not value.strip():
        return state.before_blank or state.has_values_below
    is_prose = is_sentence(value) or (value[0].islower() and value.rstrip()[-1] in SENTENCE_ENDS)
    if state.is_spaced:
        return state.before_blank and not value.rstrip().endswith(QUESTION_MARKS) and not is_prose
    return not is_prose


def _is_ticked_box(label: str, value: str, state: LabelState) -> bool:
    """Whether a box of the form stands below the message: a label in its layout, and “on”."""
    is_layout = state.labels_together >= LABELS_OF_LAYOUT
    is_answer = bool(value.strip()) and consent_answer(value) is not None
    return is_layout and is_answer and label[0].isupper()


def _goes_on_with_labels(label: str, value: str, state: LabelState) -> bool:
    """Whether a vendor's label stands directly below a message of one line, as its others do."""
    is_layout = state.labels_together >= LABELS_OF_LAYOUT and not state.is_spaced
    is_label = label[0].isupper() and len(label.split()) <= LEAST_WORDS
    is_value = (
        bool(value.strip())
        and not is_sentence(value)
        and not value.rstrip().endswith(QUESTION_MARKS)
    )
    return is_layout and is_label and is_value and _postscript().fullmatch(label.strip()) is None


def may_be_question(line: str) -> bool:
    """Whether a line without a colon may be a label that we do not know: short, and no sentence."""
    text = line.strip()
    is_short = 0 < len(text.split()) <= MOST_WORDS
    return is_short and not ENDS_SENTENCE.search(text.rstrip("?？؟")) and not text[0].islower()


def _phrases(group: str) -> str:
    return alternatives(PACKAGE, "mail_lines", group)


@cache
def _footer() -> re.Pattern[str]:
    return re.compile(rf"^\W{{0,4}}{_phrases('footer')}", re.IGNORECASE)


@cache
def _quoted_mail_start() -> re.Pattern[str]:
    return re.compile(
        rf"^(?:-{{2,}}\s*{_phrases('quotation_separator')}"
        rf"|{_phrases('quotation_introduction')}\s*$"
        r"|_{20,}\s*$|\s{0,40}(?:received: (?:from|by)\b|return-path:|mime-version: 1"
        r"|message-id: {0,4}<))",
        re.IGNORECASE,
    )


@cache
def _postscript() -> re.Pattern[str]:
    return re.compile(_phrases("postscript"), re.IGNORECASE)
