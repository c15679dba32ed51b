"""How a stored event is read: by the class of its name.

What is stored stays as it is. A name or a field that this code does not know is kept and shown.
"""

from functools import cache
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from leadloop.model.event import Event, Scalar
from leadloop.model.events.catalogue import EVENT_CLASSES, EventDetails


class UnknownEvent(NamedTuple):
    """An event of earlier or later code, with its name and fields as they were stored."""

    name: str
    fields: dict[str, Scalar]


def read_details(event: Event) -> EventDetails | UnknownEvent:
    """The details of a stored event; an event that no class fits comes as it was stored."""
    adapter = _adapter(event.name)
    if adapter is None:
        return UnknownEvent(event.name, event.data)
    known = {
        name: event.data[name] for name in EVENT_CLASSES[event.name]._fields if name in event.data
    }
    try:
        return adapter.validate_python(known)
    except ValidationError:
        return UnknownEvent(event.name, event.data)


@cache
def _adapter(name: str) -> TypeAdapter[EventDetails] | None:
    """The reader of the class of this name, built when the first such event is read."""
    return TypeAdapter(EVENT_CLASSES[name]) if name in EVENT_CLASSES else None
