"""What a vendor's post tells of one lead, whatever the vendor; and looking at strange JSON."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from leadloop.model.base import Reason

JsonObject = Mapping[str, object]


class VendorLead(NamedTuple):
    """One lead. `id` is the vendor's, as text.

    `values` are its details by the vendor's names; None: the post says only that it is there.
    `hints` tell of the first touch (`utm_source`, `gclid`, …). `doubts` are what is odd about it,
    `ignored` the names of what the source's row does not take.
    """

    id: str | None
    values: Mapping[str, object] | None = None
    hints: Mapping[str, str] = {}
    test: bool = False
    deleted: bool = False
    doubts: tuple[Reason, ...] = ()
    ignored: tuple[str, ...] = ()


def vendor_id_text(value: object) -> str | None:
    """A vendor's id as text: 7, 7.0, "7" and " 7 " are one."""
    match value:
        case bool():
            return None
        case float() if value.is_integer():
            return str(int(value))
        case int() | str():
            return str(value).strip()[:200] or None
        case _:
            return None


def list_objects(document: JsonObject, name: str) -> Iterator[JsonObject]:
    """The objects of a list; what is no object, or no list, is passed over."""
    found = document.get(name)
    if isinstance(found, list):
        yield from (row for row in found if isinstance(row, dict))


def inner_object(document: JsonObject, *names: str) -> JsonObject:
    """The object at a path, or an empty one."""
    for name in names:
        found = document.get(name)
        if not isinstance(found, dict):
            return {}
        document = found
    return document


def odd_shape_reason(name: str) -> Reason:
    """A part is not of the shape that the vendor describes."""
    return Reason(code="odd_shape", text=f"{name}: is not as this vendor sends it")
