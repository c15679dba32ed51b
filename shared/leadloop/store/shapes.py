"""The shapes in which entities were stored, and how an older one becomes today's.

A shape has a number, from 1. It changes when a stored field moves or means something else; a new
field with a default changes no shape. Each item names its shape, so an older item is brought up to
date when it is read. A newer one was written by a newer function during a deploy: it is refused,
and its trigger waits for a function that knows it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from leadloop.model.lead import Record
from leadloop.model.reference import Entity

Document = dict[str, Any]
Upcast = Callable[[Document], Document]


class ShapeUnknown(Exception):
    """An item has a newer shape than this function knows: a deploy is under way."""


def current_shape(entity: type[Entity]) -> int:
    """The number of the shape in which entities of this type are stored now."""
    return 1 + len(_UPCASTS.get(entity, ()))


def upcast(entity: type[Entity], document: bytes, shape: int) -> bytes:
    """The JSON of an entity that was stored in `shape`, in the shape of today.

    Raises:
        ShapeUnknown: `shape` is newer than any that this code knows.

    """
    current = current_shape(entity)
    if shape == current:
        return document
    if shape > current:
        raise ShapeUnknown(
            f"a {entity.__name__} has shape {shape}, this function knows {current}: try again"
        )
    values: Document = json.loads(document)
    for step in _UPCASTS[entity][shape - 1 :]:
        values = step(values)
    return json.dumps(values).encode()


def _list_enrolments(record: Document) -> Document:
    """Shape 2: a lead may be in several sequences, and a step's timer names its sequence."""
    lead = record.get("lead")
    if not lead:
        return record
    enrolment = lead.pop("enrolment", None)
    if enrolment is None:
        return record
    timers = [
        {**timer, "key": enrolment["sequence"]} if timer["kind"] == "step" else timer
        for timer in lead.get("timers", ())
    ]
    return {**record, "lead": {**lead, "enrolments": [enrolment], "timers": timers}}


_PERSON_FIELDS = (
    "contact",
    "account",
    "touchpoints",
    "consents",
    "possible_matches",
    "attendance",
    "sends",
    "asked",
    "given",
)


def _part_person(record: Document) -> Document:
    """Shape 3: what is true of the person stands beside the lead, not in it."""
    lead = dict(record.get("lead") or {})
    if not lead:
        return record
    person = {name: lead.pop(name) for name in _PERSON_FIELDS if name in lead}
    since = lead.pop("since", {})
    # Values of the lead have a dotted name: `interest.<field>`, `fields.<own>`.
    if of_person := {name: at for name, at in since.items() if "." not in name}:
        person["since"] = of_person
    if of_lead := {name: at for name, at in since.items() if "." in name}:
        lead["since"] = of_lead
    return {**record, "person": person, "lead": lead}


# By entity: the step from shape 1 to 2, from 2 to 3, …
_UPCASTS: Mapping[type[Entity], tuple[Upcast, ...]] = {Record: (_list_enrolments, _part_person)}
