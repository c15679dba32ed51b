import json
from pathlib import Path

import pytest

from leadloop.cli.event_glossary import event_table, field_table, lake_columns, read_meanings
from leadloop.model.events.catalogue import EVENT_CLASSES

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def row(name: str) -> str:
    (found,) = (line for line in event_table().splitlines() if line.startswith(f"| `{name}` |"))
    return found


def test_each_field_has_a_meaning_and_each_meaning_a_field() -> None:
    fields = {field for kind in EVENT_CLASSES.values() for field in kind._fields}
    assert read_meanings().keys() == fields
    assert all(f"| `{field}` |" in field_table() for field in fields)


def test_a_row_says_who_reads_the_event() -> None:
    assert row("LeadQualified").endswith("| timeline, lake, tally |")
    assert "`leadloop/edge/example_check`" in row("OwnerChanged")
    assert row("TouchSeen").endswith("| lake |")


def test_the_lake_has_a_typed_column_for_each_field() -> None:
    columns = {each["name"]: each["type"] for each in json.loads(lake_columns())}
    assert (columns["lead_id"], columns["version"]) == ("string", "bigint")
    details = columns["data"].removeprefix("struct<").removesuffix(">").split(",")
    types = dict(each.split(":") for each in details)
    assert types.keys() == read_meanings().keys()
    assert (types["owner"], types["value"], types["direct"]) == ("string", "bigint", "boolean")
