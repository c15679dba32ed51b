"""Files in a drop: each is queued once it no longer grows, by its name and its bytes."""

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
MOST_ROWS = 20_000  # of one file; larger files must be imported
ROW_SUFFIXES = frozenset(
    {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".ods", ".jsonl", ".ndjson"}
)


def poll_drop(source: FeedSource, last: Checkpoint, drop: Drop) -> PollResult:
    """The files of a drop. A file is new if it has not changed since the poll before.

    Some servers write all names in capitals, so the case of a pattern does not count.

    Raises:
        NoAnswer: the server does not answer.

    """
    listed = [file for file in drop.files() if _is_drop_file(file.name, source)]
    done_marks = frozenset(last.seen)
    new = [file for file in listed if _file_mark(file) not in done_marks]
    unread: list[str] = []
    ready = [file for file in new if last.waiting.get(file.name) == _file_version(file)]
    return PollResult(
        items=_new_items(ready, source, drop, unread),
        done_marks=done_marks & {_file_mark(file) for file in listed},
        pending={file.name: _file_version(file) for file in new},
        unread=unread,
    )


def _new_items(
    files: list[DropFile], source: FeedSource, drop: Drop, unread: list[str]
) -> Iterator[NewItem]:
    """The items of the files. A file that cannot be fetched does not stop the others.

    If the server does not answer any more, all later files wait.
    """
    for file in files:
        try:
            yield from _items_of_file(file, source, drop)
        except NoAnswer as error:
            unread.append(f"{file.name}: {error}")
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
    """The file as one item or row by row; nothing if its length differs from the listed size."""
    if file.size > MOST_BYTES:
        raise NoAnswer(f"it has {file.size} bytes; {MOST_BYTES} are the most", passing=False)
    body = drop.fetch(file, MOST_BYTES)
    if len(body) != file.size:
        return
    location = store_document(source.id, body)
    key, mark = f"{file.name}:{sha256(body)}", _file_mark(file)
    ending = PurePosixPath(file.name).suffix.casefold()
    rows = _rows(body, source) if ending in ROW_SUFFIXES else ()
    if not rows:
        yield NewItem(key, mark, body, WHOLE_FILE_TYPES.get(ending, OTHER_TYPE), location)
        return
    last = len(rows)
    for n, row in enumerate(rows, 1):
        yield NewItem(f"{key}#{n}", mark if n == last else None, row, ROW_TYPE)


def _rows(body: bytes, source: FeedSource) -> list[bytes]:
    """The rows as JSON; none if they cannot be read or are too many. Then a person looks at it."""
    try:
        table = read_table(iter([body]))
        rows = list(islice(table.rows, MOST_ROWS + 1))
    except Unreadable:
        return []
    fields = {name.casefold(): qualified_name(field) for name, field in source.fields.items()}
    meaning = {each: fields[each.casefold()] for each in table.columns if each.casefold() in fields}
    if len(rows) > MOST_ROWS:
        return []
    return [build_file_row(row, table.columns, meaning).body for row in rows]
