"""Imports of files of rows: the state of each, and what became of its pages.

A page is counted once, when all of its rows have their outcome, even if it is worked on twice. So
progress is the sum of the counted pages, and is never wrong.
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

PAGES_PER_QUERY = 500


class ImportState(StrEnum):
    """The state of an import.

    `awaited` until the file has arrived, `proposed` until a person confirms its columns. `failed`
    is our fault, and the import may be confirmed once more; `refused` is the file's fault. The
    leads of a quiet import may be released once it is done.
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
    """A row as it would be read; `doubts` would send it to quarantine."""

    line: int
    contact: Contact
    interest: Interest
    fields: dict[str, str]
    doubts: tuple[Reason, ...]


class FileImport(Model):
    """One import.

    - `by`: who brought it, `partner:<source>` or the subject of a token.
    - `mark`: the ETag of the bytes whose columns were read.
    - `meaning`: column → full name such as `contact.email`, once agreed.
    - `rows`, `sha256`: known once the file is split into `pages`.
    - `refused`: why there is nothing to read, or what failed.
    - `outcomes`, `again`: number of rows by outcome, and of rows that an earlier import had
      brought; known once it is done.
    - `released`: number of leads, known once all leads of a `quiet` import are released.
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
    """The counted `pages`, rows by outcome, and rows of an earlier import (`again`)."""

    pages: frozenset[int]
    outcomes: dict[str, int]
    again: int

    @property
    def rows(self) -> int:
        """How many rows have an outcome."""
        return sum(self.outcomes.values())


def get(table: Table, import_id: str) -> FileImport | None:
    """The import of that id, or None."""
    return next(iter(get_all(table, [import_id])), None)


def get_all(table: Table, import_ids: Iterable[str]) -> tuple[FileImport, ...]:
    """The imports of those ids that exist, in the order of the ids."""
    import_keys = [keys.file_import(import_id) for import_id in import_ids]
    items = table.get(import_keys)
    bodies = (binary_attribute(items[key], "body") for key in import_keys if key in items)
    return tuple(map(FileImport.model_validate_json, bodies))


def put(table: Table, file_import: FileImport) -> bool:
    """Write it as the next version; False if another did so meanwhile.

    A new import also enters the list of all.
    """
    key = keys.file_import(file_import.id)
    is_new = file_import.version == 1 and file_import.state is ImportState.AWAITED
    before = None if is_new else file_import.version
    next_version = file_import if is_new else file_import.but(version=file_import.version + 1)
    item: Item = {
        "pk": key.pk,
        "sk": key.sk,
        "version": next_version.version,
        "body": next_version.model_dump_json().encode(),
    }
    listing = keys.import_listing(file_import.id)
    listing_put = Put({"pk": listing.pk, "sk": listing.sk, "version": 1}, None)
    return not table.write_all([Put(item, before), *([listing_put] if is_new else [])])


def count_page(
    table: Table, import_id: str, number: int, outcomes: Counter[str], again: int
) -> None:
    """Count a page whose rows all have their outcome; counting it twice is harmless."""
    key = keys.page(import_id, number)
    counts = " ".join(f"{name}={n}" for name, n in sorted(outcomes.items()))
    item: Item = {"pk": key.pk, "sk": key.sk, "version": 1, "outcomes": counts, "again": again}
    table.write_all([Put(item, None)])


def count_released_page(table: Table, import_id: str, number: int, leads: int) -> None:
    """Count a page whose quiet leads are all released; counting it twice is harmless."""
    key = keys.released_page(import_id, number)
    table.write_all([Put({"pk": key.pk, "sk": key.sk, "version": 1, "leads": leads}, None)])


def released_counts(table: Table, import_id: str) -> dict[int, int]:
    """How many leads are released by now, by number of the page."""
    return {
        int(key_of(item).sk.removeprefix(keys.RELEASED)): int(item["leads"])
        for item in _pages(table, import_id, keys.RELEASED)
    }


def read_progress(table: Table, import_id: str) -> ImportProgress:
    """What the counted pages sum up to."""
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
    pages = Range(keys.file_import(import_id).pk, begins=begins, fresh=True)
    return query_all(table, pages, PAGES_PER_QUERY)
