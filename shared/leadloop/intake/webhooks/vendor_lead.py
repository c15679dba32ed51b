"""One lead of a vendor's post, the same for all vendors, and helpers to read unknown JSON."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from leadloop.model.base import Reason

LONGEST_ID = 200  # characters
JsonObject = Mapping[str, object]


class VendorLead(NamedTuple):
    """One lead. `id` is the vendor's, as text.

    `values` are the details by the vendor's names; None: the post names the lead and says no more.
    `hints` belong to the first touch (`utm_source`, `gclid`, …). `doubts` are what is odd about the
    lead, `ignored` the names that the source's row does not map.
    """

    id: str | None
    values: Mapping[str, object] | None = None
    hints: Mapping[str, str] = {}
    test: bool = False
    deleted: bool = False
    doubts: tuple[Reason, ...] = ()
    ignored: tuple[str, ...] = ()


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
