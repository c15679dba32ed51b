"""From a file to pages of rows in S3, once it is agreed what its columns mean; and back to them."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from imports.files import File
from imports.rows import Page, Source, read_row, source_of
from leadloop.edge.act import table
from leadloop.edge.import_files import PAGES, page_key
from leadloop.edge.table_sandbox import read_table
from leadloop.edge.wiring import wired
from leadloop.intake.files.column_proposal import proposed
from leadloop.intake.files.columns import is_agreed, own_meaning
from leadloop.intake.tables.model import Row, Table
from leadloop.model.base import Model
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Submission
from leadloop.settings import JourneySettings
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState, PreviewRow

ROWS = 200  # a page
SHOWN = 5  # rows of a preview
ENDED = (ImportState.DONE, ImportState.REFUSED, ImportState.RELEASED)
LOOKED_AT = 200  # rows that a proposal is made from


class Opened(Model):
    """What comes next: `nothing`, the `pages` that `manifest` lists, or only to `close`."""

    next: Literal["nothing", "pages", "close"]
    import_id: str
    bucket: str = ""
    manifest: str = ""
    pages: int = 0


def opened(import_id: str) -> Opened:
    """Read what arrived; a second word about the same file goes on where the first one stopped."""
    found = imports.get(table(), import_id)
    nothing = Opened(next="nothing", import_id=import_id)
    if found is None or found.state in ENDED:
        return nothing
    if found.state is ImportState.RELEASING:
        return _left(found, frozenset(imports.released(table(), found.id)))
    try:
        found = _agreed(found, source_of(found))
        if found.state is ImportState.RUNNING and not found.pages:
            found = _split(found)
    except Unreadable as error:
        imports.put(table(), found.but(state=ImportState.REFUSED, refused=str(error)))
        return nothing
    if found.state is not ImportState.RUNNING:
        return nothing
    return _left(found, imports.done(table(), found.id).pages)


def _agreed(found: FileImport, source: Source) -> FileImport:
    """Its columns as the playbook maps them, else as they are proposed to a person."""
    if found.state is not ImportState.AWAITED:
        return found
    file = _file(found.id)
    read = read_table(file.chunks)
    rows = list(islice(read.rows, LOOKED_AT))
    own = {} if read.about.doubt else own_meaning(read.columns, source.fields)
    columns = proposed(read.columns, [row.cells for row in rows], source.fields)
    agreed = is_agreed(own, columns, source.fields)
    meaning = own if agreed else {c.name: c.meaning for c in columns if c.meaning}
    known = found.but(
        mark=file.mark,
        about=read.about,
        columns=columns,
        preview=tuple(_preview(found, source, read, meaning, rows[:SHOWN])),
        state=ImportState.RUNNING if agreed else ImportState.PROPOSED,
        meaning=own if agreed else {},
    )
    return _put(known)


def _preview(
    found: FileImport, source: Source, read: Table, meaning: dict[str, str], rows: Sequence[Row]
) -> Iterator[PreviewRow]:
    for row in rows:
        made = read_row(found.but(sha256="0"), source, row, read.columns, meaning)
        yield _shown(row.line, made)


def _shown(line: int, made: Submission) -> PreviewRow:
    return PreviewRow(
        line=line,
        contact=made.contact,
        interest=made.interest,
        fields=made.fields,
        doubts=made.unreadable,
    )


def _split(found: FileImport) -> FileImport:
    """The same file gives the same pages, so that doing it again changes nothing."""
    file = _file(found.id)
    read = read_table(file.chunks)
    if found.mark not in ("", file.mark):
        raise Unreadable("another file was sent after its columns had been read")
    bucket, s3 = _bucket(), wired().s3
    rows = pages = 0
    while page := tuple(islice(read.rows, ROWS)):
        body = Page(columns=read.columns, rows=page).model_dump_json().encode("utf-8", "replace")
        s3.put_object(Bucket=bucket, Key=page_key(found.id, pages), Body=body)
        rows, pages = rows + len(page), pages + 1
    for _ in file.chunks:  # a reader may stop before the end
        continue
    return _put(found.but(rows=rows, pages=pages, sha256=file.sha256))


def _left(found: FileImport, counted: frozenset[int]) -> Opened:
    """The pages that are not counted yet."""
    left = [number for number in range(found.pages) if number not in counted]
    bucket, manifest = _bucket(), f"{PAGES}{found.id}/manifest.json"
    body = json.dumps([{"import": found.id, "page": number} for number in left])
    wired().s3.put_object(Bucket=bucket, Key=manifest, Body=body.encode())
    return Opened(
        next="pages" if left else "close",
        import_id=found.id,
        bucket=bucket,
        manifest=manifest,
        pages=len(left),
    )


def _put(found: FileImport) -> FileImport:
    """What is read of a file is the same whoever reads it, so that a lost race is no loss."""
    imports.put(table(), found)
    return imports.get(table(), found.id) or found


def _file(import_id: str) -> File:
    return File(wired().s3, wired().raw_bucket, import_id)


def _bucket() -> str:
    return wired().settings(JourneySettings).PAGES_BUCKET
