"""The field for the answer to a question that no list of labels has: by the question's words.

“Which company are you with?” asks for the company, whatever stands round the word. The words are in
`phrases/answer_kinds.txt`. An answer that is an address is the address.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import plain_label
from leadloop.intake.fields.mapping import parse_amount
from leadloop.intake.fields.postal_address import split_address
from leadloop.intake.formats import person_names
from leadloop.intake.formats.mail_heads import parse_head_line
from leadloop.intake.formats.message_headings import announces_message, is_message_name
from leadloop.intake.formats.phone_in_text import find_phone
from leadloop.intake.text.joined_scripts import JOINED_LETTERS
from leadloop.intake.text.phrase_files import alternatives, load_phrases
from leadloop.model.contact import MESSAGE_FIELD

PACKAGE = "leadloop.intake.formats"
LONGEST_LABEL, LONGEST_SHORT = (
    200,
    120,
)  # characters of a question, and of an answer that is no text
LEAST_DIGITS = 8
SHORT_MESSAGE, FULLER = 60, 1.5  # characters, and how many times longer the real message is
MOST_WORDS = 14  # of a question
MANY_DIGITS = re.compile(r"\d[\d ()-]{6}")


class FormAnswer(NamedTuple):
    """A question and its answer; `name` is the name of its own field."""

    name: str
    label: str
    text: str


def fields_of_answers(
    answers: Iterable[FormAnswer], known: Iterable[str]
) -> Mapping[str, FormAnswer]:
    """The answers by the full names of our fields; none for a field that is known."""
    taken = set(known)
    found: dict[str, FormAnswer] = {}
    if taken & {"contact.first_name", "contact.last_name"}:
        taken.add("contact.name")
    listed = list(answers)
    used: set[str] = set()
    for field in _fields():
        if field in taken:
            continue
        for answer in listed:
            if answer.name in used or not _asks_for(field, answer):
                continue
            found[field] = answer
            used.add(answer.name)
            break
    return found


def fuller_message(message: str, answers: Iterable[FormAnswer]) -> FormAnswer | None:
    """The answer that is the message rather than a short one: a subject, ticked wishes."""
    if not message or len(message) > SHORT_MESSAGE:
        return None
    asked = (answer for answer in answers if _asks_for(MESSAGE_FIELD, answer))
    longest = max(asked, key=lambda answer: len(answer.text), default=None)
    is_fuller = longest is not None and len(longest.text) > FULLER * len(message)
    return longest if is_fuller else None


def _asks_for(field: str, answer: FormAnswer) -> bool:
    plain = plain_label(answer.label[:LONGEST_LABEL])
    if _others().search(plain) is not None or parse_head_line(f"{plain}:") is not None:
        return False
    text = answer.text.strip()
    if field == "contact.email":
        return EMAIL_PATTERN.fullmatch(text) is not None
    if field == MESSAGE_FIELD:
        is_asked = is_message_name(plain) or _pattern(field).search(plain) is not None
        return is_asked and not announces_message(plain)
    if (
        len(plain.split()) > MOST_WORDS
        or len(text) > LONGEST_SHORT
        or _pattern(field).search(plain) is None
    ):
        return False
    is_value = VALUE_TESTS.get(field)
    return is_value(text) if is_value else EMAIL_PATTERN.search(text) is None


def _is_phone(text: str) -> bool:
    phone = find_phone(text)
    return phone is not None and sum(map(str.isdigit, phone)) >= LEAST_DIGITS


def _is_name(text: str) -> bool:
    return person_names.may_be_name(person_names.strip_titles(text.partition(",")[0]))


def _is_amount(text: str) -> bool:
    return parse_amount(text) is not None


def _is_company(text: str) -> bool:
    return EMAIL_PATTERN.search(text) is None and MANY_DIGITS.search(text) is None


VALUE_TESTS: Mapping[str, Callable[[str], bool]] = {
    "contact.phone": _is_phone,
    "contact.name": _is_name,
    "contact.company": _is_company,
    "contact.street": lambda text: bool(split_address(text)),
    "interest.budget": _is_amount,
    "interest.employees": _is_amount,
}


@cache
def _pattern(field: str) -> re.Pattern[str]:
    words = alternatives(PACKAGE, "answer_kinds", field).casefold()
    edge = rf"(?:(?<![\w])|(?<=[{JOINED_LETTERS}]))"
    return re.compile(rf"{edge}{words}(?:(?![\w])|(?=[{JOINED_LETTERS}]))")


@cache
def _others() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w]){alternatives(PACKAGE, 'answer_kinds', 'of_others')}(?![\w])")


@cache
def _fields() -> tuple[str, ...]:
    return tuple(name for name in load_phrases(PACKAGE, "answer_kinds") if name != "of_others")
