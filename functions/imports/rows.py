"""One row as a submission. Its key is the file and the line: the same file is the same leads."""

from collections.abc import Mapping, Sequence

from leadloop.edge.live_playbook import playbook
from leadloop.intake.envelope import Envelope
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.policy import FileSource, PartnerSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.tables.model import Row
from leadloop.model.base import Model
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Channel, Submission
from leadloop.store.imports import FileImport

ImportSource = FileSource | PartnerSource


class RowPage(Model):
    """Rows that are decided together."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def source_of(file_import: FileImport) -> ImportSource:
    """The source of an import, as the live playbook has it.

    Raises:
        Unreadable: the playbook lists no such source any more.

    """
    source = playbook().playbook.sources.get(file_import.source)
    if not isinstance(source, FileSource | PartnerSource):
        raise Unreadable(f"“{file_import.source}” is no source that takes files")
    return source


def envelope_of(file_import: FileImport, row: Row, body: bytes) -> Envelope:
    """The envelope of a row; it was received when the import was begun."""
    return Envelope.of(
        file_import.source,
        Channel.FILE,
        body,
        f"{file_import.sha256}#{row.line}",
        file_import.at,
        content_type="application/json",
    )


def read_row(
    file_import: FileImport,
    source: ImportSource,
    row: Row,
    columns: Sequence[str],
    meaning: Mapping[str, str],
) -> Submission:
    """The submission of a row, read as a replay would read it."""
    body = build_file_row(row, columns, meaning).body
    result = read_envelope(envelope_of(file_import, row, body), body, source)
    return result.submission if isinstance(result, UnreadableEnvelope) else result[0]
