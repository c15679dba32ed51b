"""JSON: one object a line, or one array of them."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain, islice

from leadloop.intake.tables.model import About, Row, RowTable
from leadloop.intake.tables.text_table import MOST_COLUMNS
from leadloop.intake.text.character_references import replace_unstorable_json
from leadloop.model.base import Reason
from leadloop.model.errors import TooLarge, Unreadable

SAMPLE_OBJECTS = 300  # objects whose names become columns
ARRAY_CHARACTERS = 32_000_000  # an array cannot be streamed
NumberedObject = tuple[int, Mapping[str, object] | None]  # None: no object on that line


def read_object_table(lines: Iterator[str], charset: str) -> RowTable:
    """Raises: Unreadable, TooLarge."""
    first = next((line for line in lines if line.strip()), "")
    alone = isinstance(_parse_json(first), dict)
    found = _lines(first, lines) if alone else _document(first, lines)
    head = list(islice(found, SAMPLE_OBJECTS))
    columns = tuple(dict.fromkeys(name for _, each in head for name in each or ()))
    if not columns or len(columns) > MOST_COLUMNS:
        raise Unreadable(f"the JSON holds no objects of at most {MOST_COLUMNS} names")
    about = About(format="json", charset=charset)
    return RowTable(about, columns, _rows([*head], found, columns))


def _lines(first: str, rest: Iterator[str]) -> Iterator[NumberedObject]:
    """An object that is all of the file may be a list's envelope."""
    ahead = []
    for line in rest:
        ahead.append(line)
        if line.strip():
            break
    else:
        for number, each in enumerate(_list_in_document(_parse_json(first)) or (None,), 1):
            yield number, _flatten_object(each)
        return
    for number, line in enumerate(chain([first], ahead, rest), 1):
        if line.strip():
            yield number, _flatten_object(_parse_json(line))


def _document(first: str, rest: Iterator[str]) -> Iterator[NumberedObject]:
    """An array, or an object around one; else objects line by line, of which the first is none."""
    text, lines = first, [first]
    for line in rest:
        text += line
        lines.append(line)
        if len(text) > ARRAY_CHARACTERS:
            raise TooLarge("the array is too long; write one object a line")
    found = _list_in_document(_parse_json(text))
    if found is None and first.lstrip().startswith("["):
        raise Unreadable("the file begins as a JSON array and does not end as one")
    if found is None:
        yield from _lines(first, iter(lines[1:]))
    for number, each in enumerate(found or (), 1):
        yield number, _flatten_object(each)


def _list_in_document(document: object) -> list[object] | None:
    """A web service's answer is one list of people, with counts and pages beside it."""
    match document:
        case list():
            return document
        case dict():
            inside = [each for each in document.values() if _tells_of_people(each)]
            return inside[0] if len(inside) == 1 and isinstance(inside[0], list) else [document]
        case _:
            return None


def _tells_of_people(value: object) -> bool:
    return "@" in json.dumps(value, default=str)


def _parse_json(text: str) -> object:
    try:
        body = replace_unstorable_json(text.encode("utf-8", "replace"))
        return json.loads(body, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _flatten_object(document: object) -> dict[str, object] | None:
    """`person.mail` of an object inside."""
    if not isinstance(document, dict):
        return None
    flat: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": each for inner, each in value.items()})
        else:
            flat[name] = value
    return flat


def _rows(
    head: list[NumberedObject], rest: Iterator[NumberedObject], columns: tuple[str, ...]
) -> Iterator[Row]:
    for number, each in _chain_objects(head, rest):
        if each is None:
            text = f"line {number}: no JSON object"
            yield Row(number, (), (Reason(code="broken_line", text=text),))
            continue
        cells = tuple(_value_text(each.get(name)) for name in columns)
        strange = sorted(each.keys() - set(columns))
        if strange:
            text = f"line {number}: names that no object before had: {', '.join(strange)[:200]}"
            yield Row(number, cells, (Reason(code="mended_line", text=text),))
        elif any(cells):
            yield Row(number, cells)


def _chain_objects(
    head: list[NumberedObject], rest: Iterator[NumberedObject]
) -> Iterator[NumberedObject]:
    yield from head
    yield from rest


def _value_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
