"""What a reader of labelled text has gathered so far: the texts of our fields, and all the rest.

Of each field the first text counts. A second phone, and answers to questions that no field of ours
is for, are kept as own fields. The address of what is offered is told from the person's.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import plain_label
from leadloop.intake.fields.mapping import LONGEST, value_or_none
from leadloop.intake.fields.postal_address import split_address
from leadloop.intake.formats import label_layouts, offer_address, person_names
from leadloop.intake.formats.answer_kinds import fields_of_answers, fuller_message
from leadloop.intake.formats.label_state import LabelState, Party
from leadloop.intake.formats.labelled_values import (
    ADDRESS_FIELDS,
    NAME_FIELDS,
    LabelledValues,
    normalise_values,
)
from leadloop.intake.formats.offer_address import (
    PARTS_OF_ADDRESS,
    PRODUCT,
    AddressSign,
    SignedLine,
    join_address,
)
from leadloop.intake.formats.own_answers import MORE_TEXT, OwnAnswers, join_lines
from leadloop.intake.formats.phone_in_text import find_phone
from leadloop.intake.text.quotation_marks import strip_quotes
from leadloop.intake.text.text_marks import INNER_BREAK
from leadloop.model.contact import MESSAGE_FIELD

OFFER_ADDRESS, DOUBTFUL_ADDRESS = "offer_address", "address"  # own fields
SECOND_ADDRESS = "other_address"
LETTERS = re.compile(r"[^\W\d_]{2}")
LOGIN = re.compile(r"user[ _-]?name")  # a person's name only if it has two words
FIRST_NAME, LAST_NAME, NAME = "contact.first_name", "contact.last_name", "contact.name"


def _find_email(text: str) -> str | None:
    match = EMAIL_PATTERN.search(text)
    return match[0] if match else None


SECOND_VALUES: Mapping[str, tuple[str, Callable[[str], str | None]]] = {
    "contact.phone": ("other_phones", find_phone),
    "contact.email": ("other_emails", _find_email),
}


class FieldTexts:
    """Gathers texts by the full names of fields."""

    def __init__(self) -> None:
        self.unknown: dict[str, None] = {}  # labels that name no field of ours
        self._texts: dict[str, list[str]] = {}  # full name → lines
        self._labels: dict[str, str] = {}  # full name → the label that gave its text
        self._origins: dict[str, str] = {}
        self._planted: set[str] = set()
        self._others: set[str] = set()
        self._repeated: set[str] = set()
        self._unsure: set[str] = set()
        self._answers = OwnAnswers()
        self._signs: list[SignedLine] = []

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def put(
        self, state: LabelState, name: str | None, value: str, label: str, origin: str
    ) -> LabelState:
        """Keep a field's first text, unless it is the other party's."""
        if name is None or value_or_none(value) is None:
            return state
        if state.part is Party.OTHER and name.startswith("contact."):
            self._others.add(name)
            return state
        if name == PRODUCT and not LETTERS.search(value):  # the number of a listing
            self._answers.add(label, value.strip())
            return state
        if name == NAME and LOGIN.fullmatch(plain_label(label)) and " " not in value.strip():
            self._answers.add(label, value.strip())
            return state
        if name == FIRST_NAME and self._has_family_name_alone(value):
            self._texts[LAST_NAME] = self._texts.pop(NAME)
            self._labels[LAST_NAME] = self._labels.pop(NAME)
            self._origins[LAST_NAME] = self._origins.pop(NAME)
        self._note_repeat(name, value)
        if name in NAME_FIELDS:
            is_other = self._differs_from_first(name, value)
            state = state._replace(block=Party.OTHER if is_other else Party.PERSON)
        is_offered = name == "contact.street" and self.is_of_offer(name)
        if state.block is Party.OTHER and name in ADDRESS_FIELDS and not is_offered:
            self._others.add(name)
            return state
        if name in PARTS_OF_ADDRESS:
            part = SignedLine(AddressSign.ADDRESS, name, label_layouts.strip_marks(value))
            self._signs.append(part)
        if name in self._texts:
            self._keep_second(state, name, value, label)
            return state
        text = value.strip() if name == MESSAGE_FIELD else label_layouts.strip_marks(value)
        text = text.replace(INNER_BREAK, "\n") if name == MESSAGE_FIELD else join_lines(text)
        self._texts[name], self._labels[name], self._origins[name] = [text], label, origin
        return state._replace(last_field=name, has_values=True)

    def _has_family_name_alone(self, first_name: str) -> bool:
        """Whether “Name” stands above without a first name that comes now: “Nom”, “Prénom”."""
        if FIRST_NAME in self._texts or LAST_NAME in self._texts or NAME not in self._texts:
            return False
        name = " ".join(self._texts[NAME])
        return len(name.split()) == 1 and first_name.strip().casefold() != name.casefold()

    def _keep_second(self, state: LabelState, name: str, value: str, label: str) -> None:
        """Below the same label, a second name or number may be of another person."""
        text = label_layouts.strip_marks(value)
        is_same_label = plain_label(label) == plain_label(self._labels[name])
        is_known = name in NAME_FIELDS or name in PARTS_OF_ADDRESS
        if state.row_of_other or is_known or not self._differs_from_first(name, value):
            return
        if is_same_label and name == PRODUCT:
            self._texts[name].append(text)
        elif is_same_label:
            self._answers.note(label)
        elif name in SECOND_VALUES:
            own_name, find = SECOND_VALUES[name]
            self._answers.add_named(own_name, find(text) or text, label)
        else:
            self._answers.add(label, text)

    def keep_answer(self, label: str, value: str, *, is_other: bool) -> None:
        """Keep the answer to a question that no field is for, unless it is another party's."""
        if is_other:
            self._answers.note(label)
        else:
            self._answers.add(label, label_layouts.strip_marks(value))

    def keep_more_text(self, line: str) -> None:
        """Keep a line below the message, of which nobody knows who wrote it."""
        self._answers.add_named(MORE_TEXT, line, line)

    def keep_first_message(self) -> None:
        """Keep a message of one line as an answer: below it stands one with its own label."""
        text = " ".join(self._texts.pop(MESSAGE_FIELD, []))
        self._answers.add(self._labels.pop(MESSAGE_FIELD, MESSAGE_FIELD), text)

    def note_unread(self, label: str) -> None:
        """Name a label that is not read at all."""
        self.unknown[label] = None
        self._answers.note(label)

    def append(self, name: str, line: str) -> None:
        """Add a line to the text of a field."""
        self._texts[name].append(line)
        if self._signs and self._signs[-1].name == name:
            part = self._signs.pop()
            self._signs.append(part._replace(text=f"{part.text}, {line}"))

    def note_planted(self, name: str | None, value: str) -> None:
        """Note a contact field that is named in the person's own words."""
        if name is not None:
            self._planted.add(name)
            self._note_repeat(name, value)

    def doubt_if_repeated(self, name: str | None) -> None:
        """Take neither of two texts of a field that reaches somebody."""
        if name is not None and name in self._repeated & ADDRESS_FIELDS:
            self._unsure.add(name)

    def sign(self, sign: AddressSign | None) -> None:
        """Note what a line tells of the addresses round it."""
        if sign is not None:
            self._signs.append(SignedLine(sign))

    def is_of_offer(self, name: str | None) -> bool:
        """Whether an address is the offer's: its sign stands above, nobody's between."""
        signs = [each.sign for each in self._signs if each.sign is not AddressSign.ADDRESS]
        is_below = bool(signs) and signs[-1] in {AddressSign.OFFER, AddressSign.LISTING}
        return is_below and name in PARTS_OF_ADDRESS

    def sign_label(self, name: str | None, label: str, value: str, *, is_other: bool) -> None:
        """Note what a label with its value tells of the addresses round it."""
        if is_other and name not in PARTS_OF_ADDRESS:
            return
        reaches = name in ADDRESS_FIELDS - {"contact.street"} and bool(value.strip())
        sign = offer_address.sign_of_label(label, name)
        if sign is None and (reaches or name in NAME_FIELDS):
            sign = AddressSign.PERSON
        if sign is not None:
            self._signs.append(SignedLine(sign))
        elif name in PARTS_OF_ADDRESS and offer_address.is_own_address_label(label):
            self._signs.append(SignedLine(AddressSign.PERSON))

    def has_person(self) -> bool:
        """Whether a name and a way to reach somebody stand above."""
        fields = self._texts.keys()
        return bool(NAME_FIELDS & fields) and bool(ADDRESS_FIELDS & fields)

    def names_other_person(self, line: str, *, is_below_blank: bool) -> bool:
        """Whether a line begins another party's block: a company, or a name below a blank line."""
        if is_below_blank and self.has_person():
            return True
        if person_names.is_company_line(line):
            return True
        names = [text for name in NAME_FIELDS & self._texts.keys() for text in self._texts[name]]
        return is_below_blank and bool(names) and person_names.is_other_name(line, names)

    def _note_repeat(self, name: str, value: str) -> None:
        if value_or_none(value) is not None and self._differs_from_first(name, value):
            self._repeated.add(name)

    def _differs_from_first(self, name: str, value: str) -> bool:
        first = self._texts.get(name)
        return first is not None and first[0].casefold() != value.strip().casefold()

    def collect(self) -> LabelledValues:
        """The frozen result, each text as its field wants it."""
        texts = {
            name: ", ".join(dict.fromkeys(lines))
            for name, lines in self._texts.items()
            if name not in self._unsure
        }
        if MESSAGE_FIELD in texts:
            texts[MESSAGE_FIELD] = strip_quotes("\n".join(self._texts[MESSAGE_FIELD]).strip())
        self._move_offer_address(texts)
        self._move_own_home(texts)
        self._move_answers(texts)
        own, ignored = self._answers.collect()
        return LabelledValues(
            normalise_values(texts, self._origins),
            frozenset(self._planted),
            frozenset(self._others | self._unsure),
            self._origins,
            tuple(self.unknown),
            frozenset(self._repeated),
            own,
            ignored,
        )

    def _move_own_home(self, texts: dict[str, str]) -> None:
        """A full address for the product is the person's home, unless a listing is told."""
        offered = {AddressSign.LISTING, AddressSign.MAYBE_OFFER}
        is_listed = any(each.sign in offered for each in self._signs)
        label = plain_label(self._labels.get(PRODUCT, ""))
        is_address = offer_address.is_address_label(label) and "street" in split_address(
            texts.get(PRODUCT, "")
        )
        is_row = self._origins.get(PRODUCT, "").startswith(
            "row"
        )  # of a form, as its program lays it
        is_free = is_row and not is_listed and not set(PARTS_OF_ADDRESS) & texts.keys()
        if is_address and is_free and self.has_person():
            texts["contact.street"] = texts.pop(PRODUCT)
            self._origins["contact.street"] = self._origins.get(PRODUCT, "")

    def _move_answers(self, texts: dict[str, str]) -> None:
        """Give the answers to questions that no list has to the fields for which they are."""
        doubtful = self._others | self._unsure | self._planted | self._repeated
        own = {MORE_TEXT, OFFER_ADDRESS, DOUBTFUL_ADDRESS, SECOND_ADDRESS}
        answers = [answer for answer in self._answers.answers() if answer.name not in own]
        moved = dict(fields_of_answers(answers, {*texts, *doubtful}))
        if fuller := fuller_message(texts.get(MESSAGE_FIELD, ""), answers):
            self._answers.add(self._labels.get(MESSAGE_FIELD, MESSAGE_FIELD), texts[MESSAGE_FIELD])
            moved[MESSAGE_FIELD] = fuller
        for field, answer in moved.items():
            if field == MESSAGE_FIELD:
                texts[field] = strip_quotes(answer.text.replace(INNER_BREAK, "\n"))
            elif field == "contact.name" and "," in answer.text:
                texts[field], _, texts["contact.job_title"] = answer.text.partition(",")
            else:
                texts[field] = join_lines(answer.text)
            self._origins[field] = f"question “{answer.label.strip()}”"
            self._answers.drop(answer.name)

    def _move_offer_address(self, texts: dict[str, str]) -> None:
        """Give the offer's address to the product, and one in doubt to an own field."""
        parts = offer_address.tell_owners(self._signs)
        if parts.of_offer or parts.doubtful:
            for name in PARTS_OF_ADDRESS:
                texts.pop(name, None)
        for part in reversed(parts.of_person):
            texts[part.name] = part.text
        seconds = [
            part for part in parts.of_person if texts[part.name].casefold() != part.text.casefold()
        ]
        offered = join_address(parts.of_offer)
        if offered and PRODUCT not in texts and len(offered) <= LONGEST[False]:
            texts[PRODUCT] = offered
            self._origins[PRODUCT] = "the address of what is offered"
        elif offered:
            self._answers.add_named(OFFER_ADDRESS, offered, OFFER_ADDRESS)
        for name, lines in ((DOUBTFUL_ADDRESS, parts.doubtful), (SECOND_ADDRESS, seconds)):
            self._answers.add_named(name, join_address(lines), name)


def label_of_lines(lines: Iterable[str]) -> Iterable[str]:
    """The labels of lines, without their values."""
    pairs = (label_layouts.parse_label_line(line) for line in lines)
    return (pair.label.strip() for pair in pairs if pair is not None)
