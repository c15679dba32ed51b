"""Mails of "Label: value" lines, as website forms and portals send them.

A person's own words stand in the same text as the vendor's labels, so once the message has begun
no line of it can name a phone or an address any more: whoever writes "Phone: …" into a message
would have us call a third person. What a table cell holds is told apart by the table. And not
everybody named in a mail is the person: what follows "Agent: …" or stands below "Your dealer" is
somebody else's until a name or a heading of the person's comes.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    FOOTER,
    OTHER_PARTY_HEADING,
    OTHER_PARTY_LABEL,
    PERSON_HEADING,
    PERSON_LABELS,
    QUOTED_MAIL_START,
    field_for_label,
    plain_label,
)
from leadloop.intake.fields.mapping import NUMBER_FIELDS, parse_number, value_or_none
from leadloop.intake.formats import label_layouts, person_names
from leadloop.intake.formats.phone_in_text import find_phone
from leadloop.intake.text.html_text import CELL_SEPARATOR

PARSER = "labels/4"  # the next number whenever the same bytes would be read differently
MESSAGE = "interest.message"
TOWN = re.compile(r"[^\W\d][^:,\n]{1,60}, {0,2}[A-Z]{2},? {1,3}\d{5}(?:-\d{4})?")
MULTILINE_FIELDS = frozenset({"contact.street", "interest.product"})
ADDRESS_FIELDS = frozenset({"contact.email", "contact.phone", "contact.street"})
NAME_FIELDS = frozenset({"contact.name", "contact.first_name", "contact.last_name"})
ENVELOPE_LINE = re.compile(r"(?:to|sent|date|an|gesendet|datum|à|envoyé)\s*:", re.IGNORECASE)
QUOTATION = re.compile(r'["“].*["”]')
ENDS_SENTENCE = re.compile(r"[.!?,;]")
SENTENCE = re.compile(r"[.!?]\s")
MOST_LINES = 5_000
MOST_WORDS = 9  # in a label we do not know
MOST_INLINE = 20  # labels in one line; what comes after is a value


class SourceLabels(NamedTuple):
    """A source's own: labels anywhere, labels of table rows, and others' labels, all in plain form.

    `ends` are the beginnings of lines with which its mails go on after the person's message.
    """

    labels: Mapping[str, str] = {}
    rows: Mapping[str, str] = {}
    others: frozenset[str] = frozenset()
    ends: tuple[str, ...] = ()


class LabelledValues(NamedTuple):
    """Texts by our names; `by` tells which label of which line gave each.

    `planted` are contact labels found in the person's own words, `others` those of somebody else,
    `again` those that come a second time and say something else, and `unknown` what looks like a
    label and is none of ours.
    """

    values: Mapping[str, str]
    planted: frozenset[str]
    others: frozenset[str] = frozenset()
    by: Mapping[str, str] = {}
    unknown: tuple[str, ...] = ()
    again: frozenset[str] = frozenset()

    @property
    def has_several_persons(self) -> bool:
        """Somebody else stands here with a name and a way to reach them, as in a list of leads."""
        return bool(self.again & NAME_FIELDS) and bool(self.again & ADDRESS_FIELDS)


def read_labels(text: str, own: SourceLabels | Mapping[str, str]) -> LabelledValues:
    """`own` are the vendor's labels, lower-case, and our full names for them."""
    reader = _Reader(own if isinstance(own, SourceLabels) else SourceLabels(labels=own))
    for number, line in _lines(text):
        reader.read_line(number, line)
    return LabelledValues(
        reader.collect_values(),
        frozenset(reader.planted),
        frozenset(reader.others),
        reader.by,
        tuple(reader.unknown),
        frozenset(reader.again),
    )


def _lines(text: str) -> list[tuple[int, str]]:
    """Without quoted mails, without the last signature, without heads of forwarded mails."""
    kept: list[tuple[int, str]] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_LINES]
    for number, line in enumerate(lines, 1):
        if QUOTED_MAIL_START.match(line):
            break
        if not line.startswith(">"):
            kept.append((number, line))
    footers = [n for n, (_, line) in enumerate(kept) if line == "-- "]
    if footers:
        kept = kept[: footers[-1]]
    return [
        pair
        for n, pair in enumerate(kept)
        if not (_is_from_line(pair[1]) and _in_mail_head(kept, n))
    ]


def _is_from_line(line: str) -> bool:
    return line.lstrip().casefold().startswith(("from:", "von:", "de:", "od:", "da:", "van:"))


def _in_mail_head(lines: list[tuple[int, str]], at: int) -> bool:
    for _, line in lines[at + 1 : at + 5]:
        if not line.strip():
            return False
        if ENVELOPE_LINE.match(line.lstrip()):
            return True
    return False


class _Reader:
    """Goes down the lines; the first value of a name counts."""

    def __init__(self, own: SourceLabels) -> None:
        self._own = own
        self._in_rows = {**own.labels, **own.rows}
        self._values: dict[str, list[str]] = {}
        self._waiting: tuple[str, str] | None = None  # name and label; the value is on the next
        self._open = False  # the message goes on
        self._told = False  # the message has begun: what follows may be the person's own
        self._blank = True  # the line before was blank
        self._last: str | None = None  # the name that the line before gave a value to
        self._theirs = False  # somebody else has been named, and nothing of the person's since
        self._their_part = False  # below a heading that speaks of somebody else
        self._beside_others = False  # a row of the table has spoken of somebody else
        self._unsure: set[str] = set()
        self._said = False  # something that is no label
        self._number = 0
        self.again: set[str] = set()
        self.planted: set[str] = set()
        self.others: set[str] = set()
        self.by: dict[str, str] = {}
        self.unknown: dict[str, None] = {}

    def read_line(self, number: int, line: str) -> None:
        self._number = number
        if not line.strip():
            self._read_blank_line()
        elif CELL_SEPARATOR in line:
            label, _, value = line.partition(CELL_SEPARATOR)
            self._end_value()
            self._read_table_row(label.strip(" :*"), value)
        elif self._is_footer(line) or (not self._told and self._read_heading(line)):
            self._end_value()
        elif not self._told and self._is_goodbye(line):
            self._end_value()
            self._their_part = True  # whose mail it is, not whom it tells of
        else:
            self._read_text_line(line)
        self._blank = not line.strip()
        self._said = self._said or not self._blank

    def _is_goodbye(self, line: str) -> bool:
        if self._values and person_names.is_light_goodbye(line):
            return True
        return self._said and person_names.is_goodbye(line)

    def _is_footer(self, line: str) -> bool:
        return FOOTER.match(line) is not None or line.strip().startswith(self._own.ends)

    def _read_table_row(self, label: str, value: str) -> None:
        name = field_for_label(label, self._in_rows)
        if name is None:
            self._theirs = self._theirs or self._is_other_party(label, value)
            self._beside_others = self._beside_others or self._theirs
            self.unknown[label] = None
        elif field_for_label(value, self._in_rows) is None:  # else the head of a table
            self._set_value(name, value, f"row “{label}”")
            if self._beside_others and name in self.again & ADDRESS_FIELDS:
                self._unsure.add(name)  # two columns, and one of them is somebody else's

    def _read_blank_line(self) -> None:
        """A blank line ends the wait for a value, but for a message's."""
        self._theirs = False
        if self._open:
            self._values[MESSAGE].append("")
        elif self._waiting is not None and self._waiting[0] != MESSAGE:
            self._waiting = None

    def _end_value(self) -> None:
        self._open, self._waiting = False, None

    def _read_heading(self, line: str) -> bool:
        """Whose part of the mail begins; a label that we know is no heading."""
        plain = plain_label(line)
        if plain not in PERSON_LABELS and field_for_label(plain, self._in_rows) is not None:
            return False
        opens = line.rstrip().endswith(":")
        last = plain_label(SENTENCE.split(line)[-1]) if opens else plain
        if OTHER_PARTY_HEADING.fullmatch(last) and self._waiting is None:
            self._their_part = self._their_part or self._blank or opens
            self._theirs = True
            return True
        if PERSON_HEADING.fullmatch(plain):
            self._their_part = False
            return True
        return False

    def _is_other_party(self, label: str, value: str) -> bool:
        plain = plain_label(label)
        if plain in self._in_rows or (value and person_names.is_yes_or_no(value)):
            return False
        return plain in self._own.others or OTHER_PARTY_LABEL.fullmatch(plain) is not None

    def _read_text_line(self, line: str) -> None:
        label, value = self._split_label(line)
        name = field_for_label(label, self._own.labels)
        if name and self._told and name.startswith("contact."):
            if value is not None:
                self.planted.add(name)
                self._note_repeat(name, value)
            self._continue_value(line)
        elif value is not None and (name or not self._open or self._ends_message(label)):
            self._read_label(name, label, value)
        elif name and value is None and not self._open and self._waiting is None:
            self._waiting = name, label
        else:
            self._continue_value(line)

    def _split_label(self, line: str) -> tuple[str, str | None]:
        said = label_layouts.parse_label_line(line)
        if said is None or field_for_label(said.label, self._own.labels) is None:
            loose = (
                None if self._open else label_layouts.parse_loose_label_line(line, self._own.labels)
            )
            said = loose or said
        return said or (line, None)

    def _ends_message(self, label: str) -> bool:
        """A label we do not know looks like one only after a blank line."""
        short = len(label.split()) <= MOST_WORDS and not ENDS_SENTENCE.search(label)
        return self._blank and short and not label[0].islower()

    def _continue_value(self, line: str) -> None:
        if self._open:
            self._values[MESSAGE].append(line.strip())
        elif self._waiting is not None:
            (name, label), self._waiting = self._waiting, None
            self._read_label(name, label, line)
        elif self._names_other_person(line):
            self._theirs = True
        elif self._last in MULTILINE_FIELDS and not self._blank and TOWN.fullmatch(line.strip()):
            self._values[self._last].append(line.strip())
            self._last = None

    def _names_other_person(self, line: str) -> bool:
        """Where a part of the mail begins, somebody but the person.

        Once they are told, whoever goes on in words of their own goes on about themselves.
        """
        if self._told:
            return False
        if self._blank and self._has_person():
            return True
        known_names = [
            text for name in NAME_FIELDS & self._values.keys() for text in self._values[name]
        ]
        return person_names.is_company_line(line) or (
            self._blank and bool(known_names) and person_names.is_other_name(line, known_names)
        )

    def _begins_other_person(self, value: str) -> bool:
        """Below the person's part another begins with a name, whatever it is called there."""
        said = value.strip()
        return self._has_person() and self._blank and (not said or person_names.may_be_name(said))

    def _has_person(self) -> bool:
        return bool(NAME_FIELDS & self._values.keys()) and bool(
            ADDRESS_FIELDS & self._values.keys()
        )

    def _read_label(self, name: str | None, label: str, value: str) -> None:
        self._end_value()
        if name is None:
            self._theirs = (
                self._theirs
                or self._is_other_party(label, value)
                or self._begins_other_person(value)
            )
            self.unknown[label.strip()] = None
        for _ in range(MOST_INLINE):
            inside = (
                None
                if name == MESSAGE
                else label_layouts.find_inline_label(value, self._own.labels)
            )
            if inside is None:
                break
            self._set_value(name, value[: inside.start], self._describe_origin(label))
            name, label = field_for_label(inside.label, self._own.labels), inside.label
            value = value[inside.end :]
        if not value.strip():
            self._waiting = (name, label) if name else None
            return
        is_set = self._set_value(name, value, self._describe_origin(label))
        if name == MESSAGE:
            self._open, self._told = is_set and not QUOTATION.fullmatch(value.strip()), True

    def _describe_origin(self, label: str) -> str:
        return f"label “{label.strip()}”, line {self._number}"

    def _set_value(self, name: str | None, value: str, where: str) -> bool:
        if name is None or value_or_none(value) is None:
            return False
        if self._their_part and name.startswith("contact."):
            self.others.add(name)
            return False
        self._note_repeat(name, value)
        if name in NAME_FIELDS:
            self._theirs = self._differs_from_first(name, value)
        if self._theirs and name in ADDRESS_FIELDS:
            self.others.add(name)
            return False
        if name in self._values:
            return False
        said = value.strip() if name == MESSAGE else label_layouts.strip_marks(value)
        self._values[name], self._last = [said], name
        self.by[name] = where
        return True

    def _note_repeat(self, name: str, value: str) -> None:
        if value_or_none(value) is not None and self._differs_from_first(name, value):
            self.again.add(name)

    def _differs_from_first(self, name: str, value: str) -> bool:
        """A second name, and another one: what follows reaches somebody else."""
        before = self._values.get(name)
        return before is not None and before[0].casefold() != value.strip().casefold()

    def collect_values(self) -> dict[str, str]:
        """Each text as its field wants it; what does not fit is left out or an own field."""
        self.others |= self._unsure
        sure = {name: texts for name, texts in self._values.items() if name not in self._unsure}
        found = {name: ", ".join(lines) for name, lines in sure.items()}
        if MESSAGE in found:
            found[MESSAGE] = "\n".join(self._values[MESSAGE]).strip().strip('"“”')
        return normalise_values(found, self.by)


def normalise_values(found: dict[str, str], by: dict[str, str]) -> dict[str, str]:
    """An address out of its decoration, one phone of a value, a number that is one."""
    name_and_address = EMAIL_PATTERN.search(found.get("contact.name", ""))
    if name_and_address:
        if "contact.email" not in found:
            found["contact.email"] = name_and_address[0]
            by["contact.email"] = by.get("contact.name", "")
        found["contact.name"] = found["contact.name"][: name_and_address.start()].strip(' <"(')
    for name in NAME_FIELDS & found.keys():
        if person_names.is_generic_name(found[name]):
            del found[name]
    emails = set(EMAIL_PATTERN.findall(found.pop("contact.email", "")))
    if len(emails) == 1:
        found["contact.email"] = emails.pop().rstrip(".")
    if phone := find_phone(found.pop("contact.phone", "")):
        found["contact.phone"] = phone
    for name in NUMBER_FIELDS & found.keys():
        if parse_number(found[name]) is None:
            own = f"fields.{name.partition('.')[2]}"
            found[own] = found.pop(name)
            by[own] = by.get(name, "")
    return {name: text for name, text in found.items() if value_or_none(text)}


def build_source_labels(labels: Mapping[str, str], rows: Mapping[str, str], others: Collection[str],
             ends: tuple[str, ...]) -> SourceLabels:  # fmt: skip
    """With labels in the plain form in which they are compared."""
    return SourceLabels(
        {plain_label(label): name for label, name in labels.items()},
        {plain_label(label): name for label, name in rows.items()},
        frozenset(plain_label(label) for label in others),
        ends,
    )
