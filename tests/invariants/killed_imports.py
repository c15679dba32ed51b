"""A file of rows whose function dies again and again: at rows, and before or after what it writes.

The real tasks work, on the table in memory and S3 by moto, with a clock that stands still: so what
is left of an import that was killed is compared byte for byte with one that never was.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
import time_machine

from imports import opening, page
from imports.handler import handler
from imports.rows import read_row
from leadloop.edge import act
from leadloop.edge.wiring import get_wiring
from leadloop.model.submission import Submission
from leadloop.store import imports, keys
from leadloop.store.imports import FileImport
from leadloop.store.items import Item, key_of
from leadloop.store.keys import Key
from leadloop.store.memory_table import MemoryTable
from leadloop.store.table import Write
from tests.bench.imports import SOURCE, build_file
from tests.bench.units import CONTEXT, capture_logs
from tests.functions.aws_fixture import open_aws_fixture
from tests.stories.world import compile_acme

MANY = 1_000  # rows from which pages and batches are as deployed; fewer are cut smaller
IMPORT = "01K000000000000000000IMPRT"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class ProcessKilled(BaseException):
    """The process is gone: nothing of ours may catch it."""


class ImportOutcome(NamedTuple):
    """What an import leaves: the table but for its own item, its result, and how often it died."""

    items: dict[Key, Item]
    result: bytes
    counted: imports.ImportProgress
    killed: int


class CrashPlan:
    """Says at each moment whether the process dies there; each of `moments` kills once."""

    def __init__(self, moments: Collection[int] = ()) -> None:
        self._moments = frozenset(moments)
        self._begun = False
        self.passed = 0

    def begin(self) -> None:
        self._begun = True

    def end(self) -> None:
        self._begun = False

    def crash_if_planned(self, *_: object, **__: object) -> None:
        self.passed += self._begun
        if self._begun and self.passed in self._moments:
            raise ProcessKilled(self.passed)


class CrashingTable(MemoryTable):
    """Its caller may die before a write, and after it before the answer is read."""

    def __init__(self, fate: CrashPlan) -> None:
        super().__init__()
        self._fate = fate

    def write_all(self, writes: Sequence[Write]) -> tuple[Key, ...]:
        self._fate.crash_if_planned()
        lost = super().write_all(writes)
        self._fate.crash_if_planned()
        return lost


def play_import(
    rows: int, fate: CrashPlan, bug: Callable[[pytest.MonkeyPatch], None] | None = None
) -> ImportOutcome:
    """To its end: whoever dies is followed by somebody who confirms the import once more."""
    with pytest.MonkeyPatch.context() as changed, _stage_import(changed, fate, rows) as table:
        if bug is not None:
            bug(changed)
        word, killed = "files", 0
        while not _run_flow(word):
            word, killed = "confirmed", killed + 1
        body = get_wiring().s3.get_object(Bucket="raw", Key=f"results/{IMPORT}.csv")["Body"].read()
        own = keys.file_import(IMPORT)
        items = {key: item for item in table.all_items() if (key := key_of(item)) != own}
        return ImportOutcome(items, body, imports.read_progress(table, IMPORT), killed)


@contextmanager
def _stage_import(
    changed: pytest.MonkeyPatch, fate: CrashPlan, rows: int
) -> Iterator[CrashingTable]:
    """The sample company, the file at its place, and a process that may die."""
    table = CrashingTable(fate)
    with open_aws_fixture(changed) as home, capture_logs(), time_machine.travel(NOW, tick=False):
        home.publish(compile_acme().playbook)
        changed.setattr(act, "open_table", lambda _: table)
        if rows < MANY:
            changed.setattr(opening, "PAGE_ROWS", 50)
            changed.setattr(page, "BATCH", 8)
        home.aws.s3.put_object(Bucket="raw", Key=f"files/{IMPORT}", Body=build_file(rows))
        imports.put(table, FileImport(id=IMPORT, source=SOURCE, by="u-1", name="", at=NOW))

        def mortal(*row: Any) -> Submission:
            fate.crash_if_planned()
            return read_row(*row)

        changed.setattr(page, "read_row", mortal)
        for when in ("before-parameter-build", "after-call"):
            get_wiring().s3.meta.events.register(f"{when}.s3.PutObject", fate.crash_if_planned)
        fate.begin()
        yield table
        fate.end()


def _run_flow(word: str) -> bool:
    """One run of the flow, up to where it dies."""
    try:
        found = handler({"task": "open", "key": f"{word}/{IMPORT}"}, CONTEXT)
        if found["next"] == "pages":
            listed = get_wiring().s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
            for each in json.loads(listed["Body"].read()):
                handler({"task": "rows", **each}, CONTEXT)
        if found["next"] != "nothing":
            handler({"task": "close", "import": IMPORT}, CONTEXT)
    except ProcessKilled:
        return False
    return True
