"""JSON in a mail: names of any casing, nested groups, lists of questions and answers."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_label,
    plain_label,
)
from leadloop.intake.fields.mapping import build_parts_leniently, value_or_none
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.formats.labelled_values import SourceLabels, normalise_values
from leadloop.intake.text.character_references import replace_unstorable_json
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

PARSER = "json/2"  # the next number whenever the same bytes would be read differently
MOST_LEADS = 50
MOST_VALUES = 2_000
MOST_DEPTH = 12
WORDS = re.compile(r"[_\-.\s]+|(?<=[a-z0-9])(?=[A-Z])")
LIST_NAMES = (
    "leads",
    "prospects",
    "inquiries",
    "items",
    "submissions",
    "records",
    "data",
    "entries",
)
JsonScalar = str | bool | int | float
PLAIN_PARTS = frozenset({"number", "value", "address"})  # of `phones: [{type, number}]`
# A person inside one of these groups offers the thing; the lead is somebody else.
OFFER_GROUPS = frozenset(
    {"listing", "property", "vehicle", "car", "ad", "advert", "advertisement", "unit", "inventory"}
    | {"objekt", "inserat", "fahrzeug", "annonce", "bien", "anuncio", "inmueble", "immobile"}
)
# How vendors spell a question and its answer: {"name": …, "value": …}
QUESTION_KEYS = ("label", "question", "title", "column_name", "column_id", "field", "key", "name")
ANSWER_KEYS = ("value", "answer", "string_value", "values", "text", "response")


def is_json_text(text: str) -> bool:
    """Whether a text is one JSON object or list and nothing else."""
    stripped = text.strip()
    return (
        stripped[:1] in ("{", "[")
        and stripped[-1:] in ("}", "]")
        and _load_json(stripped) is not None
    )


def read_json_leads(text: str, source_labels: SourceLabels) -> tuple[Prospect, ...]:
    """One prospect for each object of a list, or one for a single object.

    Raises:
        Unreadable: no object, or too many.

    """
    document = _load_json(text.strip())
    leads = _leads(document)
    if leads is None:
        raise Unreadable("the JSON holds no object")
    if len(leads) > MOST_LEADS:
        raise Unreadable(f"more than {MOST_LEADS} leads in one mail")
    return tuple(_prospect(lead, source_labels) for lead in leads)


def _load_json(text: str) -> object:
    try:
        return json.loads(replace_unstorable_json(text.encode("utf-8", "replace")))
    except (ValueError, RecursionError):
        return None


def _leads(document: object) -> list[Mapping[str, object]] | None:
    if isinstance(document, dict):
        for name in LIST_NAMES:
            inner = document.get(name)
            if _is_list(inner) and not _is_answers(inner):
                return inner
        return [document]
    if _is_list(document):
        return [{"fields": document}] if _is_answers(document) else document
    return None


def _is_list(value: object) -> TypeGuard[list[Mapping[str, object]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)


def _prospect(lead: Mapping[str, object], source_labels: SourceLabels) -> Prospect:
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    doubts: list[Reason] = []
    for path, value in _values(lead):
        name, text = _name(path, source_labels), _value_text(value)
        if name is not None and name not in values and value_or_none(text) is not None:
            values[name], origins[name] = text, f"JSON {'.'.join(path)}"
            if name == "contact.phone" and not isinstance(value, str):
                fault = "phone: came as a number, which has no plus and no zero before it"
                doubts.append(Reason(code="phone_as_number", text=fault))
    parts, faults = build_parts_leniently(normalise_values(values, origins))
    doubts += faults
    if not parts.contact.email and not parts.contact.phone:
        doubts.append(Reason(code="nobody_to_reach", text="no e-mail and no phone of a person"))
    return Prospect(parts, PARSER, tuple(doubts), origins)


def _name(path: tuple[str, ...], source_labels: SourceLabels) -> str | None:
    """Our full name for the path of a value: by the whole path, else by its last part.

    A contact inside another party's group (`dealer.email`) is not the person.
    """
    if dotted := source_labels.labels.get(".".join(path).casefold()):
        return dotted
    groups = [_label(part) for part in path[:-1]]
    last = groups[-1] if groups and _label(path[-1]) in PLAIN_PARTS else path[-1]
    name = field_for_label(last, source_labels.labels) or field_for_label(
        _label(last), source_labels.labels
    )
    if name and name.startswith("contact.") and any(_is_other_party(group) for group in groups):
        return None
    return name


def _label(part: str) -> str:
    return " ".join(WORDS.split(part)).casefold().strip()


def _is_other_party(group: str) -> bool:
    plain = plain_label(group)
    return plain in OFFER_GROUPS or is_other_party_label(plain)


def _value_text(value: JsonScalar) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _values(lead: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], JsonScalar]]:
    """At most `MOST_VALUES` values with their paths, the outer ones before the inner ones."""
    pending: list[tuple[tuple[str, ...], object]] = [((name,), v) for name, v in lead.items()]
    for n, (path, value) in enumerate(pending):
        if n == MOST_VALUES:
            return
        match value:
            case str() | bool() | int() | float():
                yield path, value
            case dict() if len(path) < MOST_DEPTH:
                pending += [((*path, str(name)), inner) for name, inner in value.items()]
            case list() if len(path) < MOST_DEPTH:
                pending += list(_expand_list(path, value))
            case _:
                pass


def _expand_list(
    path: tuple[str, ...], values: list[object]
) -> Iterator[tuple[tuple[str, ...], object]]:
    for value in values:
        answer = _answer(value)
        if answer is not None:
            yield (*path, answer[0]), answer[1]
        elif isinstance(value, str | int | dict) and len(values) == 1:
            yield path, value
        elif isinstance(value, dict):
            yield from (((*path, str(name)), inner) for name, inner in value.items())


def _is_answers(values: Sequence[object]) -> bool:
    return all(_answer(value) is not None for value in values)


def _answer(value: object) -> tuple[str, object] | None:
    if not isinstance(value, dict):
        return None
    question = next(
        (value[name] for name in QUESTION_KEYS if isinstance(value.get(name), str)), None
    )
    answers = [value[name] for name in ANSWER_KEYS if name in value]
    if question is None or not answers:
        return None
    first = answers[0]
    return question, first[0] if isinstance(first, list) and first else first
