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
from collections.abc import Callable, Mapping

from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_label,
    plain_label,
)
from leadloop.intake.fields.postal_address import split_address
from leadloop.intake.formats import label_layouts, person_names
from leadloop.intake.formats.field_texts import FieldTexts, label_of_lines
from leadloop.intake.formats.label_state import LabelState, Party, Section, WaitingLabel
from leadloop.intake.formats.labelled_values import LabelledValues, SourceLabels
from leadloop.intake.formats.mail_lines import (
    LineKind,
    LineLabels,
    MailLine,
    classify_line,
    has_colon_at_end,
    may_be_question,
    numbered_lines,
)
from leadloop.intake.formats.mail_sections import label_paragraphs, section_headings
from leadloop.intake.formats.message_headings import is_title_of_request
from leadloop.intake.formats.offer_address import PRODUCT, AddressSign, sign_of_text
from leadloop.intake.formats.program_lines import program_lines_start
from leadloop.intake.text.text_marks import INNER_BREAK
from leadloop.model.contact import MESSAGE_FIELD

LABEL_KINDS = frozenset(
    {LineKind.CONTACT_LABEL, LineKind.LABEL, LineKind.UNKNOWN_LABEL}
    | {LineKind.BARE_CONTACT_LABEL, LineKind.BARE_LABEL}
)
HEADING_KINDS = frozenset({LineKind.TEXT, LineKind.BARE_LABEL})
PARSER = "labels/8"  # the next number whenever the same bytes would be read differently
TOWN = re.compile(r"[^\W\d][^:,\n]{1,60}, {0,2}[A-Z]{2},? {1,3}\d{5}(?:-\d{4})?")
MULTILINE_FIELDS = frozenset({"contact.street", "interest.product"})
QUOTATION = re.compile(r'["“].*["”]')
BULLET = re.compile(r"^\s{0,9}(?:[-–•*‣▪◦☑✓✔]|\[[xX ]\])\s")  # before one of several values
MOST_INLINE = 20  # labels in one line; what comes after is a value


def read_labels(text: str, labels: SourceLabels | Mapping[str, str]) -> LabelledValues:
    """Read a text's labels and values; of each field the first value counts.

    `labels` are the source's labels, or a mapping of labels in plain form to full names.
    """
    source = labels if isinstance(labels, SourceLabels) else SourceLabels(labels=labels)
    reader = _LabelReader(source)
    state = LabelState()
    lines = numbered_lines(text)
    end = program_lines_start([line for _, line in lines])
    texts = [line for _, line in lines[:end]]
    headings, paragraphs = section_headings(texts), label_paragraphs(texts, source.labels)
    for n, (number, text_line) in enumerate(lines[:end]):
        is_last = n + 1 == end
        state = state._replace(
            line_number=number,
            before_blank=is_last or not lines[n + 1][1].strip(),
            in_label_paragraph=(n in paragraphs and state.section is Section.MESSAGE)
            or (state.in_label_paragraph and not state.after_blank),
        )
        line = classify_line(text_line, state, reader.labels)
        if n in headings and state.section is Section.MESSAGE and line.kind in HEADING_KINDS:
            line = line._replace(kind=LineKind.SECTION_HEADING)
        is_blank = line.kind is LineKind.BLANK
        state = state.with_line(is_blank=is_blank, is_label=line.kind in LABEL_KINDS)
        state = ACTIONS[state.section, line.kind](reader, state, line)
        state = state._replace(after_blank=is_blank, has_text=state.has_text or not is_blank)
    for label in label_of_lines(line for _, line in lines[end:]):
        reader.texts.note_unread(label)
    return reader.texts.collect()


class _LabelReader:
    """Each action takes the state and a line, and returns the next state."""

    def __init__(self, source: SourceLabels) -> None:
        self.labels = LineLabels(source.labels, {**source.labels, **source.rows}, source.ends)
        self.texts = FieldTexts()
        self._labels_of_others = source.others

    def end_block(self, state: LabelState, _: MailLine) -> LabelState:
        """A label goes on waiting: its value may be the next paragraph."""
        return state._replace(block=Party.PERSON, last_answer=None)

    def add_blank(self, state: LabelState, _: MailLine) -> LabelState:
        self.texts.append(MESSAGE_FIELD, "")
        return state._replace(block=Party.PERSON)

    def end_value(self, state: LabelState, _: MailLine) -> LabelState:
        return state.without_open_value()

    def begin_section(self, state: LabelState, line: MailLine) -> LabelState:
        """The vendor goes on with labels: its heading is no word of the person's."""
        self.texts.sign(sign_of_text(line.text))
        self.texts.keep_more_text(line.text.strip())
        return state.without_open_value()._replace(section=Section.AFTER_MESSAGE)

    def begin_footer(self, state: LabelState, _: MailLine) -> LabelState:
        """What stands below the vendor's footer is the vendor's."""
        return state.without_open_value()._replace(is_below_vendor=True)

    def begin_other_part(self, state: LabelState, line: MailLine) -> LabelState:
        """A heading inside a block, without a colon, speaks of that block alone."""
        begins = state.after_blank or has_colon_at_end(line.text)
        part = Party.OTHER if begins else state.part
        return state.without_open_value()._replace(part=part, block=Party.OTHER)

    def begin_person_part(self, state: LabelState, _: MailLine) -> LabelState:
        self.texts.sign(AddressSign.PERSON)
        return state.without_open_value()._replace(part=Party.PERSON)

    def begin_signature(self, state: LabelState, _: MailLine) -> LabelState:
        """Below the good-bye stands the sender of the mail, not the person."""
        return state.without_open_value()._replace(part=Party.OTHER, is_below_signature=True)

    def read_row(self, state: LabelState, line: MailLine) -> LabelState:
        """Of two columns that reach somebody, one may be another party's: neither is taken."""
        state = state.without_open_value()
        if state.is_below_signature:  # the person's own good-bye: nobody signs with a table
            state = state._replace(part=Party.PERSON, is_below_signature=False)
        self._sign_label(state, line.name, line.label, line.value)
        is_address = "postcode" in split_address(line.value)
        if line.name == PRODUCT and INNER_BREAK in line.value and not is_address:
            first, _, rest = line.value.partition(INNER_BREAK)
            line = line._replace(value=first)
            self._keep_answer(state, line.label, rest)
        origin = f"row “{line.label}”"
        name = self._field_of_title(line.name, line.label, line.value)
        state = self.texts.put(state, name, line.value, line.label, origin)
        if state.row_of_other:
            self.texts.doubt_if_repeated(line.name)
        return state

    def read_unknown_row(self, state: LabelState, line: MailLine) -> LabelState:
        self.texts.unknown[line.label] = None
        if state.is_below_signature:
            state = state._replace(part=Party.PERSON, is_below_signature=False)
        is_other = state.block is Party.OTHER or self._is_other_party(line.label, line.value)
        state = state.without_open_value()._replace(
            block=Party.OTHER if is_other else Party.PERSON,
            row_of_other=state.row_of_other or is_other,
        )
        self._sign_label(state, None, line.label, line.value)
        self._keep_answer(state, line.label, line.value)
        return state

    def read_label(self, state: LabelState, line: MailLine) -> LabelState:
        if line.name == MESSAGE_FIELD and state.section is Section.MESSAGE:
            self.texts.keep_first_message()
        return self._read_values(state, line.name, line.label, line.value)

    def read_unknown_label(self, state: LabelState, line: MailLine) -> LabelState:
        self.texts.unknown[line.label.strip()] = None
        is_other = (
            state.block is Party.OTHER
            or self._is_other_party(line.label, line.value)
            or self._begins_other_person(state, line.value)
        )
        state = state._replace(block=Party.OTHER if is_other else Party.PERSON)
        return self._read_values(state, None, line.label, line.value)

    def read_label_or_words(self, state: LabelState, line: MailLine) -> LabelState:
        """The field gets the value, and the line stays in the message."""
        if line.name is not None and line.name not in self.texts:
            self._take(state, line.name, line.label, line.value)
        return self.add_line(state, line)

    def await_value(self, state: LabelState, line: MailLine) -> LabelState:
        """A label alone in its line; directly below one that waits, it is that one's value."""
        waiting = state.waiting_label
        is_value = waiting is not None and waiting.name is not None and not state.after_blank
        if is_value or line.name is None:
            return self.read_text(state, line)
        self.texts.sign(sign_of_text(line.text))
        return state._replace(waiting_label=WaitingLabel(line.name, line.label))

    def read_planted(self, state: LabelState, line: MailLine) -> LabelState:
        if self.texts.is_of_offer(line.name):
            return self.texts.put(state, line.name, line.value, line.label, line.label)
        self.texts.note_planted(line.name, line.value)
        return self.continue_value(state, line)

    def add_planted(self, state: LabelState, line: MailLine) -> LabelState:
        """A contact label inside the message is part of it, and a doubt; a card ends it."""
        self.texts.note_planted(line.name, line.value)
        if state.in_label_paragraph:
            self.texts.keep_more_text(line.text.strip())
            return state.without_open_value()._replace(section=Section.AFTER_MESSAGE)
        return self.add_line(state, line)

    def add_line(self, state: LabelState, line: MailLine) -> LabelState:
        self.texts.append(MESSAGE_FIELD, line.text.strip())
        return state._replace(has_inline_message=False)

    def read_text(self, state: LabelState, line: MailLine) -> LabelState:
        """Before the message a line may begin another party's block; later the person writes."""
        self.texts.sign(sign_of_text(line.text))
        waiting = state.waiting_label
        is_free = waiting is None or waiting.name is None
        if not is_free or not self.texts.names_other_person(
            line.text, is_below_blank=state.after_blank
        ):
            return self.continue_value(state, line)
        state = state._replace(block=Party.OTHER)
        if waiting is not None and state.after_blank and self._may_be_value(state):
            return self.continue_value(state, line)
        state = self._await_answer(state._replace(waiting_label=None), line)
        is_loose = state.waiting_label is None and self.texts.has_person()
        if is_loose and not state.is_below_vendor:
            self.texts.keep_more_text(line.text.strip())
        return state

    def continue_value(self, state: LabelState, line: MailLine) -> LabelState:
        """Give a line to the label that waits for it, or to an address of several lines."""
        if state.waiting_label is not None and self._may_be_value(state):
            name, label = state.waiting_label
            state = state._replace(has_values_below=True)
            return self._read_values(state, name, label, line.text)
        text = line.text.strip()
        last = state.last_field
        if not state.after_blank and state.last_answer is not None:
            self._keep_answer(state, state.last_answer, BULLET.sub("", text))
            return state
        if not state.after_blank and last is not None:
            if last in MULTILINE_FIELDS and TOWN.fullmatch(text):
                self.texts.append(last, text)
                return state._replace(last_field=None)
            if last == PRODUCT and BULLET.match(text):
                self.texts.append(last, BULLET.sub("", text))
                return state
        if self._may_be_of_person(state):
            self.texts.keep_more_text(text)
        return self._await_answer(state._replace(waiting_label=None), line)

    def _may_be_of_person(self, state: LabelState) -> bool:
        """Whether text without a label may be the person's: below their details, or a message."""
        if state.is_below_vendor:
            return False
        if state.section is Section.AFTER_MESSAGE:
            return True
        is_of_other = Party.OTHER in (state.part, state.block)
        return not is_of_other and self.texts.has_person()

    def _await_answer(self, state: LabelState, line: MailLine) -> LabelState:
        """Where values stand below their labels, a short line is a label, too."""
        is_label = (
            state.section is Section.DETAILS
            and state.has_values_below
            and state.after_blank
            and may_be_question(line.text)
        )
        return state._replace(waiting_label=WaitingLabel(None, line.text)) if is_label else state

    def _may_be_value(self, state: LabelState) -> bool:
        """Below a blank line, a paragraph of one line is the value, if all labels stand apart.

        Any paragraph may be a message.
        """
        waiting = state.waiting_label
        if waiting is None or not state.after_blank or waiting.name == MESSAGE_FIELD:
            return True
        return state.before_blank and state.is_spaced

    # Parts of actions

    def _read_values(
        self, state: LabelState, name: str | None, label: str, value: str
    ) -> LabelState:
        """The value of a label, and those of further labels in the same line."""
        state = state.without_open_value()
        for _ in range(MOST_INLINE):
            inside = (
                None
                if name == MESSAGE_FIELD
                else label_layouts.find_inline_label(value, self.labels.anywhere)
            )
            if inside is None:
                break
            state = self._take(state, name, label, value[: inside.start])
            name, label = field_for_label(inside.label, self.labels.anywhere), inside.label
            value = value[inside.end :]
        if not value.strip():
            self._sign_label(state, name, label, value)
            self.texts.sign(sign_of_text(label) if name is None else None)
            return state._replace(waiting_label=WaitingLabel(name, label))
        name = self._field_of_title(name, label, value)
        is_first = MESSAGE_FIELD not in self.texts
        state = self._take(state, name, label, value)
        if name == MESSAGE_FIELD:
            is_quoted = QUOTATION.fullmatch(value.strip()) is not None
            goes_on = is_first and MESSAGE_FIELD in self.texts and not is_quoted
            return state._replace(
                section=Section.MESSAGE if goes_on else Section.AFTER_MESSAGE,
                is_below_vendor=is_quoted,
                has_inline_message=goes_on and not state.has_values_below,
            )
        return state

    def _field_of_title(self, name: str | None, label: str, value: str) -> str | None:
        """The product, where “Request” has no message behind it but what is asked for."""
        is_title = name == MESSAGE_FIELD and is_title_of_request(label, value)
        return PRODUCT if is_title and PRODUCT not in self.texts else name

    def _take(self, state: LabelState, name: str | None, label: str, value: str) -> LabelState:
        """Give a value to its field, or keep it as an answer to an unknown question."""
        self._sign_label(state, name, label, value)
        if name != MESSAGE_FIELD and label_layouts.is_unticked(value):
            self.texts.note_unread(label)
            return state
        if name is None:
            self._keep_answer(state, label, BULLET.sub("", value))
            return state._replace(last_answer=label)
        text = BULLET.sub("", value) if name == PRODUCT else value
        return self.texts.put(state, name, text, label, _describe_origin(state, label))

    def _sign_label(self, state: LabelState, name: str | None, label: str, value: str) -> None:
        if state.part is not Party.OTHER:
            self.texts.sign_label(name, label, value, is_other=state.block is Party.OTHER)

    def _keep_answer(self, state: LabelState, label: str, value: str) -> None:
        is_other = state.part is Party.OTHER or self._is_other_party(label, value)
        self.texts.keep_answer(label, value, is_other=is_other)

    def _is_other_party(self, label: str, value: str) -> bool:
        plain = plain_label(label)
        if plain in self.labels.in_rows or (value and person_names.is_yes_or_no(value)):
            return False
        return plain in self._labels_of_others or is_other_party_label(plain)

    def _begins_other_person(self, state: LabelState, value: str) -> bool:
        """Below the person's part another begins with a name, however its label is called."""
        name = value.strip()
        may_be_name = not name or person_names.may_be_name(name)
        return state.after_blank and may_be_name and self.texts.has_person()


def _describe_origin(state: LabelState, label: str) -> str:
    return f"label “{label.strip()}”, line {state.line_number}"


_Action = Callable[[_LabelReader, LabelState, MailLine], LabelState]
_ALWAYS: Mapping[LineKind, _Action] = {
    LineKind.ROW: _LabelReader.read_row,
    LineKind.UNKNOWN_ROW: _LabelReader.read_unknown_row,
    LineKind.HEADER_ROW: _LabelReader.end_value,
    LineKind.FOOTER: _LabelReader.begin_footer,
    LineKind.SECTION_HEADING: _LabelReader.begin_section,
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
        LineKind.LABEL_OR_WORDS: _LabelReader.read_label_or_words,
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
