"""Files in a drop: each told once it no longer grows, by its name and its bytes."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import PurePosixPath

from feeds.poll_result import NewItem, PollResult, build_file_mark, store_document
from leadloop.edge.table_sandbox import read_table
from leadloop.intake.envelope import sha256
from leadloop.intake.feeds.read import MOST_BYTES, ROW_TYPE
from leadloop.intake.fields.mapping import qualified_name
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.policy import FeedSource
from leadloop.model.errors import Unreadable
from leadloop.providers.drop import Drop, DropFile
from leadloop.providers.http_json import NoAnswer
from leadloop.store.checkpoints import Checkpoint

UNFINISHED_SUFFIXES = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", "~")
WHOLE_FILE_TYPES = {
    ".adf": "application/xml",
    ".eml": "message/rfc822",
    ".json": "application/json",
    ".xml": "application/xml",
}
OTHER_TYPE = "application/octet-stream"
MOST_ROWS = 20_000  # of one file; a larger one is imported
ROW_SUFFIXES = frozenset(
    {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".ods", ".jsonl", ".ndjson"}
)


def poll_drop(source: FeedSource, last: Checkpoint, drop: Drop) -> PollResult:
    """A file is taken when it looks as it did at the poll before; raises `NoAnswer`.

    Some servers write all names in capitals: a pattern's case tells nothing.
    """
    there = [file for file in drop.files() if _is_drop_file(file.name, source)]
    seen = frozenset(last.seen)
    new = [file for file in there if _file_mark(file) not in seen]
    missed: list[str] = []
    ready = [file for file in new if last.waiting.get(file.name) == _file_version(file)]
    return PollResult(
        news=_new_items(ready, source, drop, missed),
        still=seen & {_file_mark(file) for file in there},
        waiting={file.name: _file_version(file) for file in new},
        missed=missed,
    )


def _new_items(
    files: list[DropFile], source: FeedSource, drop: Drop, missed: list[str]
) -> Iterator[NewItem]:
    """One that cannot be had holds up none behind it; where nobody answers any more, all wait."""
    for file in files:
        try:
            yield from _items_of_file(file, source, drop)
        except NoAnswer as error:
            missed.append(f"{file.name}: {error}")
            if error.passing:
                return


def _is_drop_file(name: str, source: FeedSource) -> bool:
    unfinished = name.startswith(".") or name.casefold().endswith(UNFINISHED_SUFFIXES)
    return fnmatchcase(name.casefold(), source.files.casefold()) and not unfinished


def _file_version(file: DropFile) -> str:
    return f"{file.size}:{file.stamp}"


def _file_mark(file: DropFile) -> str:
    return build_file_mark(file.name, _file_version(file))


def _items_of_file(file: DropFile, source: FeedSource, drop: Drop) -> Iterator[NewItem]:
    """The file as a whole, or row by row; none while it is not as long as it was listed."""
    if file.size > MOST_BYTES:
        raise NoAnswer(f"it has {file.size} bytes; {MOST_BYTES} are the most", passing=False)
    body = drop.fetch(file, MOST_BYTES)
    if len(body) != file.size:
        return
    location = store_document(source.id, body)
    key, told = f"{file.name}:{sha256(body)}", _file_mark(file)
    ending = PurePosixPath(file.name).suffix.casefold()
    rows = _rows(body, source) if ending in ROW_SUFFIXES else ()
    if not rows:
        yield NewItem(key, told, body, WHOLE_FILE_TYPES.get(ending, OTHER_TYPE), location)
        return
    last = len(rows)
    for n, row in enumerate(rows, 1):
        yield NewItem(f"{key}#{n}", told if n == last else None, row, ROW_TYPE)


def _rows(body: bytes, source: FeedSource) -> list[bytes]:
    """None where they cannot be read or are too many: then a person looks at the file."""
    try:
        table = read_table(iter([body]))
        rows = list(islice(table.rows, MOST_ROWS + 1))
    except Unreadable:
        return []
    named = {name.casefold(): qualified_name(ours) for name, ours in source.fields.items()}
    meaning = {each: named[each.casefold()] for each in table.columns if each.casefold() in named}
    if len(rows) > MOST_ROWS:
        return []
    return [build_file_row(row, table.columns, meaning).body for row in rows]
