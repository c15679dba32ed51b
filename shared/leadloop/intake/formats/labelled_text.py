"""Mails of "Label: value" lines, as website forms and portals send them.

A person's own words stand in the same text as the vendor's labels. So once the message has begun,
no line of it can name a phone or an address any more: a person who writes "Phone: …" into a message
would have us call a third person. The cells of a table are kept apart by the table. And not
everybody named in a mail is the person: what follows "Agent: …" or stands below "Your dealer"
belongs to the other party, until a name or a heading of the person comes.

Each line has a kind (`mail_lines`), the text has a section, and the table `ACTIONS` says what a
line of that kind does in that section.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_label,
    plain_label,
)
from leadloop.intake.fields.mapping import NUMBER_FIELDS, parse_number, value_or_none
from leadloop.intake.formats import label_layouts, person_names
from leadloop.intake.formats.label_state import LabelState, Party, Section, WaitingLabel
from leadloop.intake.formats.mail_lines import (
    LineKind,
    LineLabels,
    MailLine,
    classify_line,
    has_colon_at_end,
    numbered_lines,
)
from leadloop.intake.formats.phone_in_text import find_phone

PARSER = "labels/5"  # the next number whenever the same bytes would be read differently
MESSAGE = "interest.message"
TOWN = re.compile(r"[^\W\d][^:,\n]{1,60}, {0,2}[A-Z]{2},? {1,3}\d{5}(?:-\d{4})?")
MULTILINE_FIELDS = frozenset({"contact.street", "interest.product"})
ADDRESS_FIELDS = frozenset({"contact.email", "contact.phone", "contact.street"})
NAME_FIELDS = frozenset({"contact.name", "contact.first_name", "contact.last_name"})
QUOTATION = re.compile(r'["“].*["”]')
MOST_INLINE = 20  # labels in one line; what comes after is a value


class SourceLabels(NamedTuple):
    """A source's own labels, all in plain form: of lines, of table rows, of other parties.

    `labels` and `rows` map to full names such as `contact.email`. `ends` are the beginnings of
    lines with which its mails go on after the person's message.
    """

    labels: Mapping[str, str] = {}
    rows: Mapping[str, str] = {}
    others: frozenset[str] = frozenset()
    ends: tuple[str, ...] = ()


def build_source_labels(labels: Mapping[str, str], rows: Mapping[str, str], others: Collection[str],
             ends: tuple[str, ...]) -> SourceLabels:  # fmt: skip
    """The labels of a playbook, brought to the plain form in which they are compared."""
    return SourceLabels(
        {plain_label(label): name for label, name in labels.items()},
        {plain_label(label): name for label, name in rows.items()},
        frozenset(plain_label(label) for label in others),
        ends,
    )


class LabelledValues(NamedTuple):
    """Texts by full names such as `contact.email`, and what else the labels tell.

    `by` names the label and line that gave each text. `planted` are contact fields named in the
    person's own words, `others` contact fields of another party, and `repeated` fields that came a
    second time with another text. `unknown` are labels that name no field of ours.
    """

    values: Mapping[str, str]
    planted: frozenset[str]
    others: frozenset[str] = frozenset()
    by: Mapping[str, str] = {}
    unknown: tuple[str, ...] = ()
    repeated: frozenset[str] = frozenset()

    @property
    def has_several_persons(self) -> bool:
        """Whether a second name and a second way to reach somebody stand here, as in a list."""
        return bool(self.repeated & NAME_FIELDS) and bool(self.repeated & ADDRESS_FIELDS)


def read_labels(text: str, labels: SourceLabels | Mapping[str, str]) -> LabelledValues:
    """Read a text's labels and values; of each field the first value counts.

    `labels` are the source's labels, or a mapping of labels in plain form to full names.
    """
    source = labels if isinstance(labels, SourceLabels) else SourceLabels(labels=labels)
    reader = _LabelReader(source)
    state = LabelState()
    for number, text_line in numbered_lines(text):
        line = classify_line(text_line, state, reader.labels)
        action = ACTIONS[state.section, line.kind]
        state = action(reader, state._replace(line_number=number), line)
        is_blank = line.kind is LineKind.BLANK
        state = state._replace(after_blank=is_blank, has_text=state.has_text or not is_blank)
    return reader.collect()


class _LabelReader:
    """Gathers values; each action takes the state and a line, and returns the next state."""

    def __init__(self, source: SourceLabels) -> None:
        self.labels = LineLabels(source.labels, {**source.labels, **source.rows}, source.ends)
        self._labels_of_others = source.others
        self._texts: dict[str, list[str]] = {}  # full name → lines
        self._origins: dict[str, str] = {}
        self._planted: set[str] = set()
        self._others: set[str] = set()
        self._repeated: set[str] = set()
        self._unsure: set[str] = set()
        self._unknown: dict[str, None] = {}

    def end_block(self, state: LabelState, _: MailLine) -> LabelState:
        """A blank line ends the wait for a value, but for a message's."""
        waits_for_message = state.waiting_label and state.waiting_label.name == MESSAGE
        label = state.waiting_label if waits_for_message else None
        return state._replace(block=Party.PERSON, waiting_label=label)

    def add_blank(self, state: LabelState, _: MailLine) -> LabelState:
        self._texts[MESSAGE].append("")
        return state._replace(block=Party.PERSON)

    def end_value(self, state: LabelState, _: MailLine) -> LabelState:
        return state.without_open_value()

    def begin_other_part(self, state: LabelState, line: MailLine) -> LabelState:
        """A heading inside a block, without a colon, speaks of that block alone."""
        begins = state.after_blank or has_colon_at_end(line.text)
        part = Party.OTHER if begins else state.part
        return state.without_open_value()._replace(part=part, block=Party.OTHER)

    def begin_person_part(self, state: LabelState, _: MailLine) -> LabelState:
        return state.without_open_value()._replace(part=Party.PERSON)

    def begin_signature(self, state: LabelState, _: MailLine) -> LabelState:
        """Below the good-bye stands the sender of the mail, not the person."""
        return state.without_open_value()._replace(part=Party.OTHER)

    def read_row(self, state: LabelState, line: MailLine) -> LabelState:
        """Of two columns that reach somebody, one may be another party's: neither is taken."""
        state = self._put(state.without_open_value(), line.name, line.value, f"row “{line.label}”")
        if state.row_of_other and line.name in self._repeated & ADDRESS_FIELDS:
            self._unsure.add(line.name)
        return state

    def read_unknown_row(self, state: LabelState, line: MailLine) -> LabelState:
        self._unknown[line.label] = None
        is_other = state.block is Party.OTHER or self._is_other_party(line.label, line.value)
        return state.without_open_value()._replace(
            block=Party.OTHER if is_other else Party.PERSON,
            row_of_other=state.row_of_other or is_other,
        )

    def read_label(self, state: LabelState, line: MailLine) -> LabelState:
        return self._read_values(state, line.name, line.label, line.value)

    def read_unknown_label(self, state: LabelState, line: MailLine) -> LabelState:
        self._unknown[line.label.strip()] = None
        is_other = (
            state.block is Party.OTHER
            or self._is_other_party(line.label, line.value)
            or self._begins_other_person(state, line.value)
        )
        state = state._replace(block=Party.OTHER if is_other else Party.PERSON)
        return self._read_values(state, None, line.label, line.value)

    def await_value(self, state: LabelState, line: MailLine) -> LabelState:
        """A label alone in its line; below another one that waits, it is that one's value."""
        if state.waiting_label is not None or line.name is None:
            return self.read_text(state, line)
        return state._replace(waiting_label=WaitingLabel(line.name, line.label))

    def read_planted(self, state: LabelState, line: MailLine) -> LabelState:
        self._note_planted(line)
        return self.continue_value(state, line)

    def add_planted(self, state: LabelState, line: MailLine) -> LabelState:
        """A contact label inside the message is part of the message, and a doubt."""
        self._note_planted(line)
        return self.add_line(state, line)

    def add_line(self, state: LabelState, line: MailLine) -> LabelState:
        self._texts[MESSAGE].append(line.text.strip())
        return state

    def read_text(self, state: LabelState, line: MailLine) -> LabelState:
        """Before the message a line may begin another party's block; later the person writes."""
        if state.waiting_label is None and self._names_other_person(state, line.text):
            return state._replace(block=Party.OTHER)
        return self.continue_value(state, line)

    def continue_value(self, state: LabelState, line: MailLine) -> LabelState:
        """Give a line to the label that waits for it, or to an address of several lines."""
        if state.waiting_label is not None:
            name, label = state.waiting_label
            return self._read_values(state, name, label, line.text)
        text = line.text.strip()
        last = state.last_field
        if last in MULTILINE_FIELDS and not state.after_blank and TOWN.fullmatch(text):
            self._texts[last].append(text)
            return state._replace(last_field=None)
        return state

    # Parts of actions

    def _read_values(
        self, state: LabelState, name: str | None, label: str, value: str
    ) -> LabelState:
        """The value of a label, and those of further labels in the same line."""
        state = state.without_open_value()
        for _ in range(MOST_INLINE):
            inside = (
                None
                if name == MESSAGE
                else label_layouts.find_inline_label(value, self.labels.anywhere)
            )
            if inside is None:
                break
            state = self._put(state, name, value[: inside.start], _describe_origin(state, label))
            name, label = field_for_label(inside.label, self.labels.anywhere), inside.label
            value = value[inside.end :]
        if not value.strip():
            return state._replace(waiting_label=WaitingLabel(name, label) if name else None)
        is_first = MESSAGE not in self._texts
        state = self._put(state, name, value, _describe_origin(state, label))
        if name == MESSAGE:
            goes_on = is_first and MESSAGE in self._texts and not QUOTATION.fullmatch(value.strip())
            return state._replace(section=Section.MESSAGE if goes_on else Section.AFTER_MESSAGE)
        return state

    def _put(self, state: LabelState, name: str | None, value: str, origin: str) -> LabelState:
        """Keep a field's first text, unless it is the other party's."""
        if name is None or value_or_none(value) is None:
            return state
        if state.part is Party.OTHER and name.startswith("contact."):
            self._others.add(name)
            return state
        self._note_repeat(name, value)
        if name in NAME_FIELDS:
            is_other = self._differs_from_first(name, value)
            state = state._replace(block=Party.OTHER if is_other else Party.PERSON)
        if state.block is Party.OTHER and name in ADDRESS_FIELDS:
            self._others.add(name)
            return state
        if name in self._texts:
            return state
        text = value.strip() if name == MESSAGE else label_layouts.strip_marks(value)
        self._texts[name], self._origins[name] = [text], origin
        return state._replace(last_field=name, has_values=True)

    def _note_planted(self, line: MailLine) -> None:
        if line.name is not None:
            self._planted.add(line.name)
            self._note_repeat(line.name, line.value)

    def _note_repeat(self, name: str, value: str) -> None:
        if value_or_none(value) is not None and self._differs_from_first(name, value):
            self._repeated.add(name)

    def _differs_from_first(self, name: str, value: str) -> bool:
        first = self._texts.get(name)
        return first is not None and first[0].casefold() != value.strip().casefold()

    def _is_other_party(self, label: str, value: str) -> bool:
        plain = plain_label(label)
        if plain in self.labels.in_rows or (value and person_names.is_yes_or_no(value)):
            return False
        return plain in self._labels_of_others or is_other_party_label(plain)

    def _begins_other_person(self, state: LabelState, value: str) -> bool:
        """Below the person's part another begins with a name, however its label is called."""
        name = value.strip()
        may_be_name = not name or person_names.may_be_name(name)
        return state.after_blank and may_be_name and self._has_person()

    def _names_other_person(self, state: LabelState, line: str) -> bool:
        """Whether a line begins another party's block: a company, or a name below a blank line."""
        if state.after_blank and self._has_person():
            return True
        if person_names.is_company_line(line):
            return True
        names = [text for name in NAME_FIELDS & self._texts.keys() for text in self._texts[name]]
        return state.after_blank and bool(names) and person_names.is_other_name(line, names)

    def _has_person(self) -> bool:
        """Whether a name and a way to reach somebody stand above."""
        fields = self._texts.keys()
        return bool(NAME_FIELDS & fields) and bool(ADDRESS_FIELDS & fields)

    def collect(self) -> LabelledValues:
        """The frozen result, each text as its field wants it."""
        texts = {
            name: ", ".join(lines)
            for name, lines in self._texts.items()
            if name not in self._unsure
        }
        if MESSAGE in texts:
            texts[MESSAGE] = "\n".join(self._texts[MESSAGE]).strip().strip('"“”')
        return LabelledValues(
            normalise_values(texts, self._origins),
            frozenset(self._planted),
            frozenset(self._others | self._unsure),
            self._origins,
            tuple(self._unknown),
            frozenset(self._repeated),
        )


def _describe_origin(state: LabelState, label: str) -> str:
    return f"label “{label.strip()}”, line {state.line_number}"


_Action = Callable[[_LabelReader, LabelState, MailLine], LabelState]
_ALWAYS: Mapping[LineKind, _Action] = {
    LineKind.ROW: _LabelReader.read_row,
    LineKind.UNKNOWN_ROW: _LabelReader.read_unknown_row,
    LineKind.HEADER_ROW: _LabelReader.end_value,
    LineKind.FOOTER: _LabelReader.end_value,
    LineKind.LABEL: _LabelReader.read_label,
    LineKind.UNKNOWN_LABEL: _LabelReader.read_unknown_label,
}
_BY_SECTION: Mapping[Section, Mapping[LineKind, _Action]] = {
    Section.DETAILS: {
        LineKind.BLANK: _LabelReader.end_block,
        LineKind.PERSON_HEADING: _LabelReader.begin_person_part,
        LineKind.OTHER_PARTY_HEADING: _LabelReader.begin_other_part,
        LineKind.GOODBYE: _LabelReader.begin_signature,
        LineKind.CONTACT_LABEL: _LabelReader.read_label,
        LineKind.BARE_CONTACT_LABEL: _LabelReader.await_value,
        LineKind.BARE_LABEL: _LabelReader.await_value,
        LineKind.TEXT: _LabelReader.read_text,
    },
    Section.MESSAGE: {
        LineKind.BLANK: _LabelReader.add_blank,
        LineKind.CONTACT_LABEL: _LabelReader.add_planted,
        LineKind.BARE_CONTACT_LABEL: _LabelReader.add_line,
        LineKind.BARE_LABEL: _LabelReader.add_line,
        LineKind.TEXT: _LabelReader.add_line,
    },
    Section.AFTER_MESSAGE: {
        LineKind.BLANK: _LabelReader.end_block,
        LineKind.CONTACT_LABEL: _LabelReader.read_planted,
        LineKind.BARE_CONTACT_LABEL: _LabelReader.continue_value,
        LineKind.BARE_LABEL: _LabelReader.await_value,
        LineKind.TEXT: _LabelReader.continue_value,
    },
}
ACTIONS: Mapping[tuple[Section, LineKind], _Action] = {
    (section, kind): action
    for section, actions in _BY_SECTION.items()
    for kind, action in {**_ALWAYS, **actions}.items()
}


def normalise_values(texts: dict[str, str], origins: dict[str, str]) -> dict[str, str]:
    """Texts by full names, each as its field wants it; both arguments are changed in place.

    An address comes out of its decoration, of a phone only the number stays. A number field that
    holds no number becomes a field of the source's own, such as `fields.budget`.
    """
    name_and_address = EMAIL_PATTERN.search(texts.get("contact.name", ""))
    if name_and_address:
        if "contact.email" not in texts:
            texts["contact.email"] = name_and_address[0]
            origins["contact.email"] = origins.get("contact.name", "")
        texts["contact.name"] = texts["contact.name"][: name_and_address.start()].strip(' <"(')
    for name in NAME_FIELDS & texts.keys():
        if person_names.is_generic_name(texts[name]):
            del texts[name]
    emails = set(EMAIL_PATTERN.findall(texts.pop("contact.email", "")))
    if len(emails) == 1:
        texts["contact.email"] = emails.pop().rstrip(".")
    if phone := find_phone(texts.pop("contact.phone", "")):
        texts["contact.phone"] = phone
    for name in NUMBER_FIELDS & texts.keys():
        if parse_number(texts[name]) is None:
            source_field = f"fields.{name.partition('.')[2]}"
            texts[source_field] = texts.pop(name)
            origins[source_field] = origins.get(name, "")
    return {name: text for name, text in texts.items() if value_or_none(text)}
