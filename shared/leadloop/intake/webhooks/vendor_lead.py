"""One lead of a vendor's post, the same for all vendors, and helpers to read unknown JSON."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from leadloop.model.base import Reason

LONGEST_ID = 200  # characters
NAMELESS = "answer without a question"
JsonObject = Mapping[str, object]


class VendorLead(NamedTuple):
    """One lead. `id` is the vendor's, as text.

    `values` are the details by the vendor's names; None: the post names the lead and says no more.
    `hints` belong to the first touch (`utm_source`, `gclid`, …). `doubts` are what is odd about the
    lead, `ignored` the names that the source's row does not map. `other_names` are further names
    of a value: by the name in `values`, as a question has an id and a wording.
    """

    id: str | None
    values: Mapping[str, object] | None = None
    hints: Mapping[str, str] = {}
    test: bool = False
    deleted: bool = False
    doubts: tuple[Reason, ...] = ()
    ignored: tuple[str, ...] = ()
    other_names: Mapping[str, tuple[str, ...]] = {}


def name_values(
    answers: Iterable[tuple[Sequence[object], object]],
) -> tuple[dict[str, object], dict[str, tuple[str, ...]]]:
    """Values by the first name of each, and its other names.

    A known name keeps its first value; the second stands at `name (2)`, and one without a name at
    itself. `answers` are the names of each value, the most exact first, and the value itself.
    """
    values: dict[str, object] = {}
    others: dict[str, tuple[str, ...]] = {}
    for names, value in answers:
        texts = tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name))
        first, *more = texts or (f"{NAMELESS}: {value}",)
        if values.get(first) is None:
            values[first], others[first] = value, tuple(more)
        elif value is not None and value != values[first]:
            second = _free_name(first, values)
            values[second], others[second] = value, texts
    return values, others


def _free_name(name: str, taken: Container[str]) -> str:
    """`name (2)`, or the next number that is free."""
    return next(free for n in count(2) if (free := f"{name} ({n})") not in taken)


def first_value(document: JsonObject, names: Iterable[str]) -> object:
    """The first value that is there under one of these names, else None."""
    return next((document[name] for name in names if document.get(name) is not None), None)


def vendor_id_text(value: object) -> str | None:
    """A vendor's id as text: 7, 7.0, "7" and " 7 " are the same id. None if it is no id."""
    match value:
        case bool():
            return None
        case float() if value.is_integer():
            return str(int(value))
        case int() | str():
            return str(value).strip()[:LONGEST_ID] or None
        case _:
            return None


def join_scalars(value: object) -> object:
    """Several ticks of one question as one text; any other value as it is."""
    if not isinstance(value, list):
        return value
    items = (str(item) for item in value if isinstance(item, str | int | float) and item != "")
    return ", ".join(items) or None


def list_objects(document: JsonObject, name: str) -> Iterator[JsonObject]:
    """The objects of the list at `name`. Other items are skipped; no list has no objects."""
    items = document.get(name)
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, dict))


def inner_object(document: JsonObject, *names: str) -> JsonObject:
    """The object below these names, one level each; empty if there is none."""
    for name in names:
        value = document.get(name)
        if not isinstance(value, dict):
            return {}
        document = value
    return document


def odd_shape_reason(name: str) -> Reason:
    """The reason that a part does not have the shape that the vendor documents."""
    return Reason(code="odd_shape", text=f"{name}: is not as this vendor sends it")
