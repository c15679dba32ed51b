"""From a file to pages of rows in S3, once it is agreed what its columns mean; and back to them."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from imports.files import UploadedFile
from imports.rows import ImportSource, RowPage, read_row, source_of
from leadloop.edge.act import table
from leadloop.edge.import_files import PAGES_PREFIX, page_key
from leadloop.edge.table_sandbox import read_table
from leadloop.edge.wiring import get_wiring
from leadloop.intake.files.column_proposal import propose_columns
from leadloop.intake.files.columns import is_meaning_agreed, map_columns
from leadloop.intake.tables.model import Row, RowTable
from leadloop.model.base import Model
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Submission
from leadloop.settings import JourneySettings
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState, PreviewRow

PAGE_ROWS = 200  # a page
PREVIEW_ROWS = 5  # rows of a preview
END_STATES = (ImportState.DONE, ImportState.REFUSED, ImportState.RELEASED)
SAMPLE_ROWS = 200  # rows that a proposal is made from


class OpenResult(Model):
    """What comes next: `nothing`, the `pages` that `manifest` lists, or only to `close`."""

    next: Literal["nothing", "pages", "close"]
    import_id: str
    bucket: str = ""
    manifest: str = ""
    pages: int = 0


def open_import(import_id: str) -> OpenResult:
    """Read what arrived; a second word about the same file goes on where the first one stopped."""
    found = imports.get(table(), import_id)
    nothing = OpenResult(next="nothing", import_id=import_id)
    if found is None or found.state in END_STATES:
        return nothing
    if found.state is ImportState.RELEASING:
        return _write_manifest(found, frozenset(imports.released_counts(table(), found.id)))
    try:
        found = _map_columns(found, source_of(found))
        if found.state is ImportState.RUNNING and not found.pages:
            found = _write_pages(found)
    except Unreadable as error:
        imports.put(table(), found.but(state=ImportState.REFUSED, refused=str(error)))
        return nothing
    if found.state is not ImportState.RUNNING:
        return nothing
    return _write_manifest(found, imports.read_progress(table(), found.id).pages)


def _map_columns(found: FileImport, source: ImportSource) -> FileImport:
    """Its columns as the playbook maps them, else as they are proposed to a person."""
    if found.state is not ImportState.AWAITED:
        return found
    file = _file(found.id)
    read = read_table(file.chunks)
    rows = list(islice(read.rows, SAMPLE_ROWS))
    own = {} if read.about.doubt else map_columns(read.columns, source.fields)
    columns = propose_columns(read.columns, [row.cells for row in rows], source.fields)
    agreed = is_meaning_agreed(own, columns, source.fields)
    meaning = own if agreed else {c.name: c.meaning for c in columns if c.meaning}
    known = found.but(
        mark=file.mark,
        about=read.about,
        columns=columns,
        preview=tuple(_preview(found, source, read, meaning, rows[:PREVIEW_ROWS])),
        state=ImportState.RUNNING if agreed else ImportState.PROPOSED,
        meaning=own if agreed else {},
    )
    return _save_import(known)


def _preview(
    found: FileImport,
    source: ImportSource,
    read: RowTable,
    meaning: dict[str, str],
    rows: Sequence[Row],
) -> Iterator[PreviewRow]:
    for row in rows:
        made = read_row(found.but(sha256="0"), source, row, read.columns, meaning)
        yield _preview_row(row.line, made)


def _preview_row(line: int, made: Submission) -> PreviewRow:
    return PreviewRow(
        line=line,
        contact=made.contact,
        interest=made.interest,
        fields=made.fields,
        doubts=made.unreadable,
    )


def _write_pages(found: FileImport) -> FileImport:
    """The same file gives the same pages, so that doing it again changes nothing."""
    file = _file(found.id)
    read = read_table(file.chunks)
    if found.mark not in ("", file.mark):
        raise Unreadable("another file was sent after its columns had been read")
    bucket, s3 = _bucket(), get_wiring().s3
    rows = pages = 0
    while page := tuple(islice(read.rows, PAGE_ROWS)):
        body = RowPage(columns=read.columns, rows=page).model_dump_json().encode("utf-8", "replace")
        s3.put_object(Bucket=bucket, Key=page_key(found.id, pages), Body=body)
        rows, pages = rows + len(page), pages + 1
    for _ in file.chunks:  # a reader may stop before the end
        continue
    return _save_import(found.but(rows=rows, pages=pages, sha256=file.sha256))


def _write_manifest(found: FileImport, counted: frozenset[int]) -> OpenResult:
    """The pages that are not counted yet."""
    left = [number for number in range(found.pages) if number not in counted]
    bucket, manifest = _bucket(), f"{PAGES_PREFIX}{found.id}/manifest.json"
    body = json.dumps([{"import": found.id, "page": number} for number in left])
    get_wiring().s3.put_object(Bucket=bucket, Key=manifest, Body=body.encode())
    return OpenResult(
        next="pages" if left else "close",
        import_id=found.id,
        bucket=bucket,
        manifest=manifest,
        pages=len(left),
    )


def _save_import(found: FileImport) -> FileImport:
    """What is read of a file is the same whoever reads it, so that a lost race is no loss."""
    imports.put(table(), found)
    return imports.get(table(), found.id) or found


def _file(import_id: str) -> UploadedFile:
    return UploadedFile(get_wiring().s3, get_wiring().raw_bucket, import_id)


def _bucket() -> str:
    return get_wiring().settings(JourneySettings).PAGES_BUCKET
