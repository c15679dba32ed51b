"""How one line holds a label and its value, or several of them.

A colon alone makes a label. All other signs (dots, dashes, brackets, a gap) stand in prose as well
and count only behind a label that we know.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.label_vocabulary import (
    field_by_joined_label,
    field_by_label,
    field_for_label,
    is_other_party_label,
    plain_label,
)

COLON = re.compile(
    r"[^\w>\"“]{0,8}(?P<label>\w[^:：\x1f]{0,80}?)\s{0,8}(?::(?:\s+(?P<value>.*))?|：\s*(?P<wide>.*))$"
)
OTHER_SIGNS = (
    re.compile(
        r"[^\w>\"“]{0,8}(?P<label>\w[^:=;\t|→>…\x1f–—]{0,60}?)"
        r"(?P<sign>\s{0,8}(?::|;|=>?|\t|\||→|->|\s[-–—]\s|\.{3,60}:?|[…_]{3,60}:?)|\s{3,60})"
        r"\s{0,60}(?P<value>\S.*)$"
    ),
    re.compile(
        r"[^\w\[【〔［<「]{0,8}[\[【〔［<「]\s?(?P<label>\w[^\[\]【】〔〕［］<>「」\n]{0,60}?)\s?"
        r"[\]】〕］>」]\s{0,8}[:：]?\s{0,8}(?P<value>.*)$"
    ),
)
INLINE = re.compile(r":\s")
COLUMN = re.compile(r"\s{3}(?=\w)")  # before a second column's label, whatever it is called
WORD = re.compile(r"[^\s,;|]+\s{0,3}$")
EDGE_CHARACTERS, MARK_CHARACTERS = " \t|", "*_"  # round a value: “| Name | Ada |”, “*Name:* Ada”
INLINE_FIELDS = frozenset(  # labels that go on in the line of another
    {"contact.email", "contact.phone", "contact.last_name", "interest.message"}
    | {"contact.postcode", "fields.accepts_marketing"}
)
MORE_INLINE_FIELDS = frozenset(  # in a line that is a run of labels
    {"contact.company", "contact.job_title", "contact.city", "interest.product"}
    | {"interest.employees", "interest.budget", "interest.timeframe"}
)
LABELS_OF_RUN, LONGEST_RUN = 2, 2_000
MOST_COLONS, MOST_WORDS = 40, 3  # of a line, and of a label inside it
LONGEST_INLINE = 40  # characters of a label inside a line


EMPTY_BOX = re.compile(r"\[ ?\]|[☐□▢⬜]")
TICK = re.compile(r"\[[xX*✓✔]\]|[☑☒✓✔■▣⊠]")


class LabelLine(NamedTuple):
    """A label and its value, perhaps ""."""

    label: str
    value: str


class InlineLabel(NamedTuple):
    """A label inside another label's value.

    `start` is where the value before it ends, `end` where its own value begins: indexes.
    """

    start: int
    label: str
    end: int


def parse_label_line(line: str) -> LabelLine | None:
    """The label before a colon and its value, or None."""
    match = COLON.match(line)
    return match and LabelLine(match["label"], match["value"] or match["wide"] or "")


def parse_loose_label_line(line: str, labels: Mapping[str, str]) -> LabelLine | None:
    """A known label before another sign, or before a colon without a blank, or None.

    Labels of other parties are known, too. A header row of a table is none.
    """
    for layout in OTHER_SIGNS:
        match = layout.match(line)
        if match is None or not (
            field_for_label(match["label"], labels)
            or is_other_party_label(plain_label(match["label"]))
        ):
            continue
        sign = match.groupdict().get("sign") or "\0"
        cell = match["value"].split(sign.strip() or sign, 1)[0]
        if field_for_label(strip_marks(cell), labels) is None:
            return LabelLine(match["label"], match["value"])
    return None


def find_inline_label(value: str, labels: Mapping[str, str]) -> InlineLabel | None:
    """The first further label in a value such as “Ada Byron, Phone: 202…”, or None."""
    fields = INLINE_FIELDS
    if len(INLINE.findall(value[:LONGEST_RUN])) >= LABELS_OF_RUN:
        fields = INLINE_FIELDS | MORE_INLINE_FIELDS
    for n, colon in enumerate(INLINE.finditer(value)):
        if n == MOST_COLONS:
            break
        start = end = len(value[: colon.start()].rstrip())
        gaps = list(COLUMN.finditer(value, max(0, end - LONGEST_INLINE), end))
        if gaps and gaps[-1].start():
            label = value[gaps[-1].end() : end]
            return InlineLabel(len(value[: gaps[-1].start()].rstrip()), label, colon.end())
        if not _may_end_a_label(value[max(0, end - LONGEST_INLINE) : end], labels):
            continue
        known: int | None = None
        for _ in range(MOST_WORDS):
            word = WORD.search(value, max(0, end - LONGEST_INLINE), start)
            if word is None or word.start() == 0:
                break
            start = word.start()
            if field_for_label(value[start:end], labels) in fields:
                known = start  # the longest counts: “Work Email”, not “Email”
        if known is not None:
            before = value[:known].rstrip(" \t\r\n,;|")
            return InlineLabel(len(before), value[known:end], colon.end()) if before else None
    return None


def _may_end_a_label(text: str, labels: Mapping[str, str]) -> bool:
    """Whether the last word of a text ends a label.

    Asking for each text before a colon whether it is a label would cost seconds.
    """
    last = plain_label(text).rpartition(" ")[2]
    return last in _inline_last_words() or any(label.endswith(last) for label in labels)


@cache
def _inline_last_words() -> frozenset[str]:
    """The last words of the labels of `INLINE_FIELDS`, and those labels in one word."""
    return frozenset(
        label.split()[-1]
        for label, name in field_by_label().items()
        if name in INLINE_FIELDS | MORE_INLINE_FIELDS
    ) | {label for label, name in field_by_joined_label().items() if name in INLINE_FIELDS}


def is_unticked(text: str) -> bool:
    """Whether a line offers boxes to tick, and nobody has ticked one: “[ ] yes [ ] no”."""
    return len(EMPTY_BOX.findall(text)) > 1 and TICK.search(text) is None


def strip_marks(value: str) -> str:
    """The value without blanks, bars and marks round it; stars at the end alone may be a mask."""
    text = value.strip(EDGE_CHARACTERS)
    return text.strip(EDGE_CHARACTERS + MARK_CHARACTERS) if text[:1] in MARK_CHARACTERS else text
