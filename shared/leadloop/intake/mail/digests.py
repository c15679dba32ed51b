"""Mails that tell of several persons, one below the other, each with the same labels.

Each part is read as a mail of its own, where the subject tells how many there are: “2 new leads”.
A mail that cannot be parted stays one, in doubt.
"""

import re
from collections.abc import Iterator

from leadloop.intake.fields.label_vocabulary import field_for_label, plain_label
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.label_signs import read_label_signs
from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.formats.labelled_values import NAME_FIELDS, LabelledValues
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.text.text_marks import CELL_SEPARATOR

NUMBERED = re.compile(  # “Lead 1 of 2 – E-mail”, “2) Ada Byron”
    r"\s{0,9}(?:[^\W\d_]{1,20} ?#?)?(?P<number>\d{1,2})"
    r"(?:\)|\.(?=\s)|:(?=\s)"
    r"| ?(?:of|/|von|de|di|van|av|af|z|iz|sur) ?\d{1,2}.{0,40}$)\s{0,3}"
)
MOST_PERSONS = 50
ADDRESSES = frozenset({"contact.email", "contact.phone"})


def split_digest(opened: OpenedMail) -> tuple[str, ...]:
    """The texts of the persons; empty where the mail is no list of persons."""
    for text in (opened.mail.plain, opened.markup_text):
        parts = tuple(_parts(text, opened))
        is_told = re.search(rf"(?<!\d){len(parts)}(?!\d)", opened.mail.subject) is not None
        if is_told and 1 < len(parts) <= MOST_PERSONS:
            found = [read_labels(part, opened.source_labels) for part in parts]
            emails = {each.values.get("contact.email") for each in found}
            if all(map(_names_one_person, found)) and len(emails) == len(parts):
                return parts
        if numbered := _numbered_parts(text, opened):
            return numbered
    return ()


LONGEST_NUMBER = 200  # characters in which “Lead 1 of 2” stands


def _without_number(line: str) -> str:
    head = NUMBERED.sub("", line[:LONGEST_NUMBER], count=1)
    return head + line[LONGEST_NUMBER:]


def _numbered_parts(text: str, opened: OpenedMail) -> tuple[str, ...]:
    """The parts below “Lead 1 of 2” or “1) Ada”, each with an address; else empty."""
    lines = _lines(text)
    starts: list[int] = []
    for n, line in enumerate(lines):
        match = NUMBERED.match(line[:LONGEST_NUMBER])
        if match and int(match["number"]) == len(starts) + 1:
            starts.append(n)
    is_told = re.search(rf"(?<!\d){len(starts)}(?!\d)", opened.mail.subject) is not None
    if not (is_told and 1 < len(starts) <= MOST_PERSONS):
        return ()
    parts = [
        "\n".join((_without_number(lines[start]), *lines[start + 1 : end]))
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    found = [read_labels(part, opened.source_labels).values for part in parts]
    reached = {each.get("contact.email") or each.get("contact.phone") for each in found}
    return tuple(parts) if None not in reached and len(reached) == len(parts) else ()


def _lines(text: str) -> list[str]:
    """The lines, with a colon behind each label."""
    return "\n".join(read_label_signs(text.replace("\r\n", "\n").split("\n"))).split("\n")


def _parts(text: str, opened: OpenedMail) -> Iterator[str]:
    """The text from each place on where its first label of a person comes again."""
    lines = _lines(text)
    labels = [_contact_label(line, opened) for line in lines]
    first = next((label for label in labels if label), None)
    starts = [n for n, label in enumerate(labels) if label and label == first]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        yield "\n".join(lines[start:end])


def _contact_label(line: str, opened: OpenedMail) -> str:
    """The label in plain form of a line for a field of the person; empty for other lines."""
    label, mark, _ = line.partition(CELL_SEPARATOR)
    if not mark:
        pair = parse_label_line(line)
        label = pair.label if pair else ""
    name = field_for_label(label, opened.source_labels.labels) if label else None
    return plain_label(label) if name and name.startswith("contact.") else ""


def _names_one_person(labelled: LabelledValues) -> bool:
    fields = labelled.values.keys()
    is_reachable = bool(ADDRESSES & fields) and bool(NAME_FIELDS & fields)
    return is_reachable and not labelled.has_several_persons
