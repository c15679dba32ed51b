"""From a file to pages of rows in S3, once it is agreed what its columns mean."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from imports.files import UploadedFile
from imports.rows import ImportSource, RowPage, read_row, source_of
from leadloop.edge.act import table
from leadloop.edge.import_files import paged_rows
from leadloop.edge.table_sandbox import read_table
from leadloop.edge.wiring import get_wiring
from leadloop.intake.files.column_proposal import propose_columns
from leadloop.intake.files.columns import is_meaning_agreed, map_columns
from leadloop.intake.tables.model import Row, RowTable
from leadloop.model.base import Model
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Submission
from leadloop.store import imports
from leadloop.store.imports import FileImport, ImportState, PreviewRow

PAGE_ROWS = 200  # rows of a page
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
    """Read the file that arrived; a second call for it goes on where the first one stopped."""
    file_import = imports.get(table(), import_id)
    nothing = OpenResult(next="nothing", import_id=import_id)
    if file_import is None or file_import.state in END_STATES:
        return nothing
    if file_import.state is ImportState.RELEASING:
        return _write_manifest(
            file_import, frozenset(imports.released_counts(table(), file_import.id))
        )
    try:
        file_import = _map_columns(file_import, source_of(file_import))
        if file_import.state is ImportState.RUNNING and not file_import.pages:
            file_import = _write_pages(file_import)
    except Unreadable as error:
        imports.put(table(), file_import.but(state=ImportState.REFUSED, refused=str(error)))
        return nothing
    if file_import.state is not ImportState.RUNNING:
        return nothing
    return _write_manifest(file_import, imports.read_progress(table(), file_import.id).pages)


def _map_columns(file_import: FileImport, source: ImportSource) -> FileImport:
    """Map its columns as the playbook does, else propose them to a person."""
    if file_import.state is not ImportState.AWAITED:
        return file_import
    file = _file(file_import.id)
    read = read_table(file.chunks)
    rows = list(islice(read.rows, SAMPLE_ROWS))
    own_columns = {} if read.about.doubt else map_columns(read.columns, source.fields)
    columns = propose_columns(read.columns, [row.cells for row in rows], source.fields)
    agreed = is_meaning_agreed(own_columns, columns, source.fields)
    meaning = own_columns if agreed else {c.name: c.meaning for c in columns if c.meaning}
    mapped = file_import.but(
        mark=file.mark,
        about=read.about,
        columns=columns,
        preview=tuple(_preview(file_import, source, read, meaning, rows[:PREVIEW_ROWS])),
        state=ImportState.RUNNING if agreed else ImportState.PROPOSED,
        meaning=own_columns if agreed else {},
    )
    return _save_import(mapped)


def _preview(
    file_import: FileImport,
    source: ImportSource,
    read: RowTable,
    meaning: dict[str, str],
    rows: Sequence[Row],
) -> Iterator[PreviewRow]:
    for row in rows:
        submission = read_row(file_import.but(sha256="0"), source, row, read.columns, meaning)
        yield _preview_row(row.line, submission)


def _preview_row(line: int, submission: Submission) -> PreviewRow:
    return PreviewRow(
        line=line,
        contact=submission.contact,
        interest=submission.interest,
        fields=submission.fields,
        doubts=submission.unreadable,
    )


def _write_pages(file_import: FileImport) -> FileImport:
    """Cut the file into pages of rows. The same file gives the same pages, if it is done twice."""
    file = _file(file_import.id)
    read = read_table(file.chunks)
    if file_import.mark not in ("", file.mark):
        raise Unreadable("another file was sent after its columns had been read")
    work = paged_rows(get_wiring().pages, file_import.id)
    rows = pages = 0
    while page := tuple(islice(read.rows, PAGE_ROWS)):
        body = RowPage(columns=read.columns, rows=page).model_dump_json().encode("utf-8", "replace")
        work.put_page(pages, body)
        rows, pages = rows + len(page), pages + 1
    for _ in file.chunks:  # a reader may stop before the end
        continue
    return _save_import(file_import.but(rows=rows, pages=pages, sha256=file.sha256))


def _write_manifest(file_import: FileImport, counted: frozenset[int]) -> OpenResult:
    """List the pages that are not counted yet."""
    work = paged_rows(get_wiring().pages, file_import.id)
    pending = [number for number in range(file_import.pages) if number not in counted]
    manifest = work.put_manifest([{"import": file_import.id, "page": number} for number in pending])
    return OpenResult(
        next="pages" if pending else "close", import_id=file_import.id, **manifest.model_dump()
    )


def _save_import(file_import: FileImport) -> FileImport:
    """Store it. Every reader reads the same of a file, so that nothing is lost in a race."""
    imports.put(table(), file_import)
    return imports.get(table(), file_import.id) or file_import


def _file(import_id: str) -> UploadedFile:
    return UploadedFile(get_wiring().s3, get_wiring().raw_bucket, import_id)
