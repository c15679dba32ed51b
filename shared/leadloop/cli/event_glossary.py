"""What is generated from the event classes: the tables of docs/events.md, the lake's columns."""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from leadloop.insight.stage_moves import STAGE_EVENTS
from leadloop.model.event import Event
from leadloop.model.events.catalogue import EVENT_CLASSES, EventDetails

MEANINGS = Path("docs/event_fields.json")  # of each field, in words
QUERIES = Path("docs/queries")
LAKE_ONLY = ("TouchSeen", "DeliveryChanged")
READERS = ("shared/leadloop", "functions")
LAKE_TYPES = {str: "string", int: "bigint", bool: "boolean"}  # Hive's names
WORDS = {"string": "text", "bigint": "whole number", "boolean": "true or false"}


def event_table() -> str:
    """A Markdown table with a row for each event: when it happens, its fields, who reads it."""
    readers = _readers()
    rows = [
        f"| `{name}` | {_sentence(kind)} | {_field_list(kind)} | {', '.join(readers[name])} |"
        for name, kind in EVENT_CLASSES.items()
    ]
    head = ["| event | when it happens | fields | read by |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def field_table() -> str:
    """A Markdown table with a row for each field: its type in the lake and what it means."""
    meanings = read_meanings()
    rows = [
        f"| `{name}` | {WORDS[kind]} | {meanings[name]} |" for name, kind in _detail_types().items()
    ]
    return "\n".join(["| field | type | meaning |", "| --- | --- | --- |", *rows])


def read_meanings() -> dict[str, str]:
    """What each field of an event means, by its name; read in the project's folder."""
    meanings: dict[str, str] = json.loads(MEANINGS.read_text("utf-8"))
    return meanings


def lake_columns() -> str:
    """The columns of the lake's table, as JSON: name and Hive type of each."""
    details = ",".join(f"{name}:{kind}" for name, kind in _detail_types().items())
    columns = [
        {"name": name, "type": f"struct<{details}>" if name == "data" else _envelope_type(name)}
        for name in Event.model_fields
    ]
    return json.dumps(columns, indent=1) + "\n"


def _detail_types() -> dict[str, str]:
    """Each field of any event with its type in the lake, by name.

    Raises:
        ValueError: two classes give one name two types.

    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind in EVENT_CLASSES.values():
        for name, hint in get_type_hints(kind).items():
            found[name].add(_lake_type(hint))
    doubtful = sorted(name for name, kinds in found.items() if len(kinds) > 1)
    if doubtful:
        raise ValueError(f"of two types: {', '.join(doubtful)}")
    return {name: kinds.pop() for name, kinds in sorted(found.items())}


def _envelope_type(name: str) -> str:
    """A moment is text in JSON, and so in the lake."""
    hint = get_type_hints(Event)[name]
    return "bigint" if hint is int else "string"


def _lake_type(hint: Any) -> str:  # noqa: ANN401 - any annotation
    parts = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    (kind,) = (part for part in parts if part is not type(None))
    return LAKE_TYPES[str if issubclass(kind, StrEnum) else kind]


def _field_list(kind: type[EventDetails]) -> str:
    return ", ".join(f"`{name}`" for name in kind._fields)


def _sentence(kind: type[EventDetails]) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n", maxsplit=1)[0].split()).rstrip(".")


def _readers() -> dict[str, list[str]]:
    """Who reads each event: timeline, lake, the counts, modules, queries."""
    found = {
        name: ["lake"] if name in LAKE_ONLY else ["timeline", "lake"] for name in EVENT_CLASSES
    }
    for name in STAGE_EVENTS:
        found[name].append("tally")
    for path in (each for root in READERS for each in sorted(Path(root).rglob("*.py"))):
        for name in _names_read(ast.parse(path.read_text())):
            found[name].append(f"`{path.relative_to(Path(*path.parts[:1])).with_suffix('')}`")
    for path in sorted(QUERIES.glob("*.sql")):
        for name in EVENT_CLASSES:
            if f"'{name}'" in path.read_text():
                found[name].append(f"[{path.stem}](queries/{path.name})")
    return found


def _names_read(module: ast.Module) -> Iterator[str]:
    """The event classes that a module asks for: by a pattern, or by `isinstance`."""
    for node in ast.walk(module):
        match node:
            case ast.MatchClass(cls=ast.Name(id=name)) if name in EVENT_CLASSES:
                yield name
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Name(id=name)]) if (
                name in EVENT_CLASSES
            ):
                yield name
