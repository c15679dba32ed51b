"""Reads JSON as a table: one object on each line, or one list of objects.

Source: RFC 8259 (JSON), jsonlines.org.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from leadloop.intake.tables.model import About, Row, RowTable
from leadloop.intake.tables.text_table import MOST_COLUMNS
from leadloop.intake.text.character_references import replace_unstorable_json
from leadloop.model.base import Reason
from leadloop.model.errors import TooLarge, Unreadable

SAMPLE_OBJECTS = 300  # whose names become columns
ARRAY_CHARACTERS = 32_000_000  # of a list, which cannot be streamed
NAMES_CHARACTERS = 200  # of the unknown names in a doubt
NumberedObject = tuple[int, Mapping[str, object] | None]  # line or place from 1; None: no object


def read_object_table(lines: Iterator[str], charset: str) -> RowTable:
    """The table of a JSON file; `charset` is that of the file.

    Raises:
        Unreadable: there are no objects in it. TooLarge: a list has too many characters.

    """
    first = next((line for line in lines if line.strip()), "")
    is_line_of_objects = isinstance(_parse_json(first), dict)
    objects = _lines(first, lines) if is_line_of_objects else _document(first, lines)
    sample = list(islice(objects, SAMPLE_OBJECTS))
    columns = tuple(dict.fromkeys(name for _, item in sample for name in item or ()))
    if not columns or len(columns) > MOST_COLUMNS:
        raise Unreadable(f"the JSON holds no objects of at most {MOST_COLUMNS} names")
    about = About(format="json", charset=charset)
    return RowTable(about, columns, _rows(chain(sample, objects), columns))


def _lines(first: str, rest: Iterator[str]) -> Iterator[NumberedObject]:
    """The object of each line. If the file is one object, it may contain the list."""
    ahead = []
    for line in rest:
        ahead.append(line)
        if line.strip():
            break
    else:
        for number, item in enumerate(_list_in_document(_parse_json(first)) or (None,), 1):
            yield number, _flatten_object(item)
        return
    for number, line in enumerate(chain([first], ahead, rest), 1):
        if line.strip():
            yield number, _flatten_object(_parse_json(line))


def _document(first: str, rest: Iterator[str]) -> Iterator[NumberedObject]:
    """The objects of a list, or of a list in an object; else the object of each line."""
    text, lines = first, [first]
    for line in rest:
        text += line
        lines.append(line)
        if len(text) > ARRAY_CHARACTERS:
            raise TooLarge("the array is too long; write one object a line")
    items = _list_in_document(_parse_json(text))
    if items is None and first.lstrip().startswith("["):
        raise Unreadable("the file begins as a JSON array and does not end as one")
    if items is None:
        yield from _lines(first, iter(lines[1:]))
    for number, item in enumerate(items or (), 1):
        yield number, _flatten_object(item)


def _list_in_document(document: object) -> list[object] | None:
    """The list of a document: itself, or the one value of an object that contains people.

    A web service answers with a list of people, and counts and pages beside it.
    """
    match document:
        case list():
            return document
        case dict():
            lists = [value for value in document.values() if _contains_people(value)]
            return lists[0] if len(lists) == 1 and isinstance(lists[0], list) else [document]
        case _:
            return None


def _contains_people(value: object) -> bool:
    return "@" in json.dumps(value, default=str)


def _parse_json(text: str) -> object:
    try:
        body = replace_unstorable_json(text.encode("utf-8", "replace"))
        return json.loads(body, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _flatten_object(document: object) -> dict[str, object] | None:
    """The object with names such as `person.mail` for the values of an inner object."""
    if not isinstance(document, dict):
        return None
    flat: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": item for inner, item in value.items()})
        else:
            flat[name] = value
    return flat


def _rows(objects: Iterable[NumberedObject], columns: tuple[str, ...]) -> Iterator[Row]:
    for number, item in objects:
        if item is None:
            text = f"line {number}: no JSON object"
            yield Row(number, (), (Reason(code="broken_line", text=text),))
            continue
        cells = tuple(_value_text(item.get(name)) for name in columns)
        unknown_names = sorted(item.keys() - set(columns))
        if unknown_names:
            names = ", ".join(unknown_names)[:NAMES_CHARACTERS]
            text = f"line {number}: names that no object before had: {names}"
            yield Row(number, cells, (Reason(code="mended_line", text=text),))
        elif any(cells):
            yield Row(number, cells)


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
