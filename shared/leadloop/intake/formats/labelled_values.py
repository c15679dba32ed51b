"""The values that a labelled text gives, and a source's own labels for them."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import plain_label
from leadloop.intake.fields.mapping import (
    NUMBER_FIELDS,
    parse_amount,
    parse_number,
    value_or_none,
)
from leadloop.intake.formats import person_names
from leadloop.intake.formats.phone_in_text import find_phone

ADDRESS_FIELDS = frozenset({"contact.email", "contact.phone", "contact.street"})
NAME_FIELDS = frozenset({"contact.name", "contact.first_name", "contact.last_name"})


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
    second time with another text. `unknown` are labels that name no field of ours. `own` are
    answers to them by the names of own fields, `ignored` labels whose answers are not kept.
    """

    values: Mapping[str, str]
    planted: frozenset[str]
    others: frozenset[str] = frozenset()
    by: Mapping[str, str] = {}
    unknown: tuple[str, ...] = ()
    repeated: frozenset[str] = frozenset()
    own: Mapping[str, str] = {}
    ignored: tuple[str, ...] = ()

    @property
    def has_several_persons(self) -> bool:
        """Whether a second name and a second way to reach somebody stand here, as in a list."""
        return bool(self.repeated & NAME_FIELDS) and bool(self.repeated & ADDRESS_FIELDS)


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
    _move_number_of_caller(texts, origins)
    for name in NAME_FIELDS & texts.keys():
        if person_names.is_generic_name(texts[name]):
            del texts[name]
    emails = set(EMAIL_PATTERN.findall(texts.pop("contact.email", "")))
    if len(emails) == 1:
        texts["contact.email"] = emails.pop().rstrip(".")
    if phone := find_phone(texts.pop("contact.phone", "")):
        texts["contact.phone"] = phone
    _normalise_numbers(texts, origins)
    return {name: text for name, text in texts.items() if value_or_none(text)}


def _move_number_of_caller(texts: dict[str, str], origins: dict[str, str]) -> None:
    """Where a number stands for the name, as in “From: +49 30 …”, it is the phone."""
    called = texts.get("contact.name", "")
    if "contact.phone" not in texts and find_phone(called) == called.strip() != "":
        texts["contact.phone"] = texts.pop("contact.name")
        origins["contact.phone"] = origins.get("contact.name", "")


def _normalise_numbers(texts: dict[str, str], origins: dict[str, str]) -> None:
    """Leave a number in each number field; another text goes to an own field."""
    for name in NUMBER_FIELDS & texts.keys():
        amount = parse_amount(texts[name])
        if amount is not None:
            texts[name] = str(amount)
        elif parse_number(texts[name]) is None:
            source_field = f"fields.{name.partition('.')[2]}"
            texts[source_field] = texts.pop(name)
            origins[source_field] = origins.get(name, "")
