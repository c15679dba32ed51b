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
from leadloop.edge.wiring import wired
from leadloop.model.submission import Submission
from leadloop.store import imports, keys
from leadloop.store.imports import FileImport
from leadloop.store.items import Item, key_of
from leadloop.store.keys import Key
from leadloop.store.memory_table import MemoryTable
from leadloop.store.table import Put
from tests.bench.imports import SOURCE, file_of
from tests.bench.units import CONTEXT, quiet
from tests.functions.aws_fixture import house
from tests.stories.world import acme

MANY = 1_000  # rows from which pages and batches are as deployed; fewer are cut smaller
IMPORT = "01K000000000000000000IMPRT"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone: nothing of ours may catch it."""


class Left(NamedTuple):
    """What an import leaves: the table but for its own item, its result, and how often it died."""

    items: dict[Key, Item]
    result: bytes
    counted: imports.Done
    killed: int


class Fate:
    """Says at each moment whether the process dies there; each of `moments` kills once."""

    def __init__(self, moments: Collection[int] = ()) -> None:
        self._moments = frozenset(moments)
        self._begun = False
        self.passed = 0

    def begin(self) -> None:
        self._begun = True

    def end(self) -> None:
        self._begun = False

    def moment(self, *_: object, **__: object) -> None:
        self.passed += self._begun
        if self._begun and self.passed in self._moments:
            raise Killed(self.passed)


class MortalTable(MemoryTable):
    """Its caller may die before a write, and after it before the answer is read."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    def put_all(self, puts: Sequence[Put]) -> tuple[Key, ...]:
        self._fate.moment()
        lost = super().put_all(puts)
        self._fate.moment()
        return lost


def play(rows: int, fate: Fate, bug: Callable[[pytest.MonkeyPatch], None] | None = None) -> Left:
    """To its end: whoever dies is followed by somebody who confirms the import once more."""
    with pytest.MonkeyPatch.context() as changed, _standing(changed, fate, rows) as table:
        if bug is not None:
            bug(changed)
        word, killed = "files", 0
        while not _to_its_end(word):
            word, killed = "confirmed", killed + 1
        body = wired().s3.get_object(Bucket="raw", Key=f"results/{IMPORT}.csv")["Body"].read()
        own = keys.file_import(IMPORT)
        items = {key: item for item in table.everything() if (key := key_of(item)) != own}
        return Left(items, body, imports.done(table, IMPORT), killed)


@contextmanager
def _standing(changed: pytest.MonkeyPatch, fate: Fate, rows: int) -> Iterator[MortalTable]:
    """The sample company, the file at its place, and a process that may die."""
    table = MortalTable(fate)
    with house(changed) as home, quiet(), time_machine.travel(NOW, tick=False):
        home.publish(acme().playbook)
        changed.setattr(act, "_table", lambda _: table)
        if rows < MANY:
            changed.setattr(opening, "ROWS", 50)
            changed.setattr(page, "BATCH", 8)
        home.aws.s3.put_object(Bucket="raw", Key=f"files/{IMPORT}", Body=file_of(rows))
        imports.put(table, FileImport(id=IMPORT, source=SOURCE, by="u-1", name="", at=NOW))

        def mortal(*row: Any) -> Submission:
            fate.moment()
            return read_row(*row)

        changed.setattr(page, "read_row", mortal)
        for when in ("before-parameter-build", "after-call"):
            wired().s3.meta.events.register(f"{when}.s3.PutObject", fate.moment)
        fate.begin()
        yield table
        fate.end()


def _to_its_end(word: str) -> bool:
    """One run of the flow, up to where it dies."""
    try:
        found = handler({"task": "open", "key": f"{word}/{IMPORT}"}, CONTEXT)
        if found["next"] == "pages":
            listed = wired().s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
            for each in json.loads(listed["Body"].read()):
                handler({"task": "rows", **each}, CONTEXT)
        if found["next"] != "nothing":
            handler({"task": "close", "import": IMPORT}, CONTEXT)
    except Killed:
        return False
    return True
