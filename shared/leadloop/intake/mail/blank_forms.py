"""Forms that nobody has filled in: one label below the other, with no answer between.

Below a label, an answer may stand in a line of its own. In a blank form the next label stands
there.
"""

import re
from collections.abc import Mapping

from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.formats.labelled_values import NAME_FIELDS
from leadloop.model.contact import MESSAGE_FIELD

LABELLED = NAME_FIELDS | {"contact.company", "contact.street", "contact.city"}  # no label is one
FEWEST_ANSWERS = 2  # a form with fewer tells nothing about itself
EVIDENCE = re.compile(r"[@\d]")  # an address or a number, which no label has
QUESTION_MARK = re.compile(r"[?？؟]")
QUESTION = re.compile(r"[^?？؟\n]{0,200}[?？؟]|[^:：\n]{0,200}[:：]\s{0,9}$")


def drop_blank_form(
    values: Mapping[str, str], text: str, *, has_contact: bool
) -> Mapping[str, str]:
    """The values without those that are labels of a blank form; all where somebody filled it in.

    `has_contact`: the person can be reached, so that a form of two lines is enough of an answer.
    """
    values = {
        name: value
        for name, value in values.items()
        if name not in LABELLED or field_for_label(value, {}) is None
    }
    lines = {line.strip() for line in text.splitlines()}
    below = {name for name, value in values.items() if value in lines}
    if any(EVIDENCE.search(values[name]) for name in below):
        return values
    asks = any(QUESTION.match(values[name]) for name in below - {MESSAGE_FIELD})
    if asks or (len(below) >= FEWEST_ANSWERS and not has_contact):
        return {name: value for name, value in values.items() if name not in below}
    return values


def drop_blank_answers(answers: Mapping[str, str], text: str) -> Mapping[str, str]:
    """The answers without those that are the next question: “Roses or apples? R A”."""
    lines = {line.strip() for line in text.splitlines()}
    return {
        name: answer
        for name, answer in answers.items()
        if not (answer in lines and QUESTION_MARK.search(answer))
    }
