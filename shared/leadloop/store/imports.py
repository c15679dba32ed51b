"""Files of rows on their way in: where each stands, and what became of its pages.

A page is counted once, when all of its rows have their outcome, whoever works on it and however
often: so progress is the sum of what is there, and never wrong.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from leadloop.intake.files.columns import Column
from leadloop.intake.tables.model import About
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact, Interest
from leadloop.store import keys
from leadloop.store.items import Item, binary_attribute, key_of, text_attribute
from leadloop.store.table import Put, Range, Table, query_all

PAGES_PER_QUERY = 500  # pages a query


class ImportState(StrEnum):
    """`awaited` until the file is there, `proposed` until a person confirms its columns.

    `failed` is our fault, `refused` the file's; the first may be confirmed once more.
    What a quiet source's import has brought may be released once it is done.
    """

    AWAITED = "awaited"
    PROPOSED = "proposed"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    RELEASING = "releasing"
    RELEASED = "released"


class PreviewRow(Model):
    """A row as it would be read, and what would keep it from being a lead at once."""

    line: int
    contact: Contact
    interest: Interest
    fields: dict[str, str]
    doubts: tuple[Reason, ...]


class FileImport(Model):
    """`by` is who brought it: `partner:<source>`, or the subject of a token.

    `mark` is of the bytes whose columns were read; `meaning` is column → our name, once agreed;
    `rows` and `sha256` are known once it was split into `pages`; `refused` says why there is
    nothing to read, or what failed. `outcomes` and `again` are known once it is done, `released`
    once all that was kept `quiet` is released, by `released_by`.
    """

    id: str
    version: int = 1
    source: str
    by: str
    name: str
    at: datetime
    state: ImportState = ImportState.AWAITED
    about: About | None = None
    columns: tuple[Column, ...] = ()
    preview: tuple[PreviewRow, ...] = ()
    meaning: dict[str, str] = {}
    mark: str = ""
    sha256: str = ""
    rows: int = 0
    pages: int = 0
    refused: str | None = None
    outcomes: dict[str, int] = {}
    again: int = 0
    quiet: bool = False
    released_by: Actor | None = None
    released: int = 0


class ImportProgress(NamedTuple):
    """What became of rows: how many by outcome, and how many an earlier import had brought."""

    pages: frozenset[int]
    outcomes: dict[str, int]
    again: int

    @property
    def rows(self) -> int:
        """With an outcome."""
        return sum(self.outcomes.values())


def get(table: Table, import_id: str) -> FileImport | None:
    """The import, or None."""
    return next(iter(get_all(table, [import_id])), None)


def get_all(table: Table, import_ids: Iterable[str]) -> tuple[FileImport, ...]:
    """Those that are there, in their order."""
    wanted = [keys.file_import(import_id) for import_id in import_ids]
    found = table.get(wanted)
    bodies = (binary_attribute(found[key], "body") for key in wanted if key in found)
    return tuple(map(FileImport.model_validate_json, bodies))


def put(table: Table, found: FileImport) -> bool:
    """Write it, one version on; False when somebody else did so meanwhile.

    A new one takes its place in the list of all.
    """
    key = keys.file_import(found.id)
    before = None if found.version == 1 and found.state is ImportState.AWAITED else found.version
    written = found if before is None else found.but(version=found.version + 1)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "version": written.version,
        "body": written.model_dump_json().encode(),
    }
    place = keys.import_listing(found.id)
    listed = Put({"pk": place.pk, "sk": place.sk, "version": 1}, None)
    return not table.put_all([Put(item, before), *([listed] if before is None else [])])


def count_page(
    table: Table, import_id: str, number: int, outcomes: Counter[str], again: int
) -> None:
    """All rows of a page have their outcome; said once more, it is the same."""
    key = keys.page(import_id, number)
    shown = " ".join(f"{name}={n}" for name, n in sorted(outcomes.items()))
    item: Item = {"pk": key.pk, "sk": key.sk, "version": 1, "outcomes": shown, "again": again}
    table.put_all([Put(item, None)])


def count_released_page(table: Table, import_id: str, number: int, leads: int) -> None:
    """All of a page that was kept quiet is released; said once more, it is the same."""
    key = keys.released_page(import_id, number)
    table.put_all([Put({"pk": key.pk, "sk": key.sk, "version": 1, "leads": leads}, None)])


def released_counts(table: Table, import_id: str) -> dict[int, int]:
    """How many leads by now, by page."""
    return {
        int(key_of(item).sk.removeprefix(keys.RELEASED)): int(item["leads"])
        for item in _pages(table, import_id, keys.RELEASED)
    }


def read_progress(table: Table, import_id: str) -> ImportProgress:
    """What is counted by now."""
    pages: set[int] = set()
    outcomes: Counter[str] = Counter()
    again = 0
    for item in _pages(table, import_id, keys.PAGE):
        pages.add(int(key_of(item).sk.removeprefix(keys.PAGE)))
        for each in text_attribute(item, "outcomes").split():
            name, _, number = each.partition("=")
            outcomes[name] += int(number)
        again += int(item["again"])
    return ImportProgress(frozenset(pages), dict(outcomes), again)


def _pages(table: Table, import_id: str, begins: str) -> Iterator[Item]:
    wanted = Range(keys.file_import(import_id).pk, begins=begins, fresh=True)
    return query_all(table, wanted, PAGES_PER_QUERY)
