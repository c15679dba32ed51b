"""The lake of a story on this machine: the events' lines, asked in Athena's SQL by DuckDB."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from leadloop.model.event import Event
from leadloop.model.events.catalogue import fill_defaults
from leadloop.model.lead import Record
from leadloop.store import queries
from leadloop.store.items import to_entity
from tests.stories.world import World

ROOT = Path(__file__).parents[2]
COLUMNS = json.loads((ROOT / "infra" / "kit" / "lake_columns.json").read_text())
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def lake_lines(world: World) -> list[str]:
    """Every event of the story as `relay` hands it to the lake."""
    records = [to_entity(item) for item in world.table.all_items() if item["sk"] == "S"]
    events: list[Event] = []
    for record in records:
        assert isinstance(record, Record)
        entries = queries.timeline(world.table, record.id, 1000).rows
        events += [*record.events, *(event for entry in entries for event in entry.events)]
    return [fill_defaults(event).model_dump_json(exclude_none=True) for event in events]


def write_lake(folder: Path, days: Mapping[str, Iterable[str]]) -> None:
    """The lines of each day as Firehose writes them."""
    for day, lines in days.items():
        path = folder / "events" / f"day={day}" / "lines"
        path.parent.mkdir(parents=True)
        path.write_text("".join(f"{line}\n" for line in lines))


def ask_lake(folder: Path, sql: str) -> list[dict[str, Any]]:
    """The rows that the lake below `folder` answers with, by the columns of the Glue table."""
    (translated,) = sqlglot.transpile(sql, read="athena", write="duckdb")
    types = {
        each["name"]: exp.DataType.build(each["type"], dialect="hive").sql("duckdb")
        for each in COLUMNS
    }
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in types.items())
    with duckdb.connect(config=OFFLINE) as lake:
        lake.execute("SET TimeZone='UTC'")
        lake.execute(
            f"CREATE VIEW events AS SELECT * FROM read_json('{folder}/events/*/*',"
            f" format='newline_delimited', hive_partitioning=true, columns={{{columns}}})"
        )
        answer = lake.execute(translated)
        names = [each[0] for each in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
