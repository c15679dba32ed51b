"""What was packed once is read for ever: a deploy changes the code, and not what lies in the table.

`packed_items/README.md` says how the items were made.
"""

import base64
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import leadloop.decide  # noqa: F401 - with it comes every kind of entity
from leadloop.model.reference import entity_type
from leadloop.store.items import Item, to_entity
from leadloop.store.keys import Key

FOLDER = Path(__file__).with_name("packed_items")


class PackedItem(NamedTuple):
    """An item as it lay in the table, and the entity that the code of its time read from it."""

    file: Path
    item: Item
    entity: dict[str, Any]


def _read_items(file: Path) -> list[PackedItem]:
    return [
        PackedItem(file, _decode_item(row["item"]), row["entity"])
        for row in json.loads(file.read_text("utf-8"))
    ]


def _decode_item(row: dict[str, Any]) -> Item:
    return {
        name: base64.b64decode(value["base64"]) if isinstance(value, dict) else value
        for name, value in row.items()
    }


PACKED_ITEMS = [each for file in sorted(FOLDER.glob("*/*.json")) for each in _read_items(file)]


def test_there_is_an_item_of_every_kind() -> None:
    assert {each.file.stem for each in PACKED_ITEMS} == {
        "account",
        "claim",
        "delivery",
        "erasure_mark",
        "last_auto_response",
        "offer_usage",
        "pool",
        "record",
        "suppression",
        "timeline_entry",
        "visitor",
    }


@pytest.mark.parametrize("packed", PACKED_ITEMS, ids=lambda packed: str(packed.item["pk"]))
def test_an_item_that_was_packed_once_is_read_as_it_was_then(packed: PackedItem) -> None:
    entity = to_entity(packed.item)
    key = Key(str(packed.item["pk"]), str(packed.item["sk"]))
    assert type(entity) is entity_type(*key)
    assert json.loads(entity.model_dump_json(exclude_defaults=True)) == _as_today(packed.entity)


OF_PERSON = {
    "contact",
    "account",
    "touchpoints",
    "consents",
    "possible_matches",
    "attendance",
    "sends",
    "asked",
    "given",
}


def _as_today(entity: dict[str, Any]) -> dict[str, Any]:
    """What was read then, under the names of today.

    A lead's one sequence is in a list, and what is true of the person stands beside the lead.
    """
    if "lead" not in entity or "person" in entity:
        return entity
    lead = dict(entity["lead"])
    if "enrolment" in lead:
        enrolment = lead.pop("enrolment")
        for timer in lead.get("timers", ()):
            if timer["kind"] == "step":
                timer["key"] = enrolment["sequence"]
        lead["enrolments"] = [enrolment]
    since = lead.pop("since", {})
    person = {name: lead.pop(name) for name in OF_PERSON & lead.keys()}
    for part, values in ((person, _plain(since)), (lead, since.keys() - _plain(since).keys())):
        if values:
            part["since"] = {name: since[name] for name in values}
    return {**entity, "person": person, "lead": lead}


def _plain(since: dict[str, str]) -> dict[str, str]:
    """Those of the contact: the names of all others have a dot."""
    return {name: at for name, at in since.items() if "." not in name}
