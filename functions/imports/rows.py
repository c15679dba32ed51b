"""One row as a submission: its key is the file and the line, so that the same file is the same."""

from collections.abc import Mapping, Sequence

from leadloop.edge.live_playbook import playbook
from leadloop.intake.envelope import Envelope
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.policy import FileSource, PartnerSource
from leadloop.intake.read import UnreadableEnvelope as InDoubt
from leadloop.intake.read import read_envelope
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


def source_of(found: FileImport) -> ImportSource:
    """Raises: Unreadable: the playbook lists no such source any more."""
    source = playbook().playbook.sources.get(found.source)
    if not isinstance(source, FileSource | PartnerSource):
        raise Unreadable(f"“{found.source}” is no source that takes files")
    return source


def envelope_of(found: FileImport, row: Row, body: bytes) -> Envelope:
    """Received when the import was begun, whenever it is worked on."""
    return Envelope.of(
        found.source,
        Channel.FILE,
        body,
        f"{found.sha256}#{row.line}",
        found.at,
        content_type="application/json",
    )


def read_row(
    found: FileImport,
    source: ImportSource,
    row: Row,
    columns: Sequence[str],
    meaning: Mapping[str, str],
) -> Submission:
    """By the one reader, as a replay would."""
    body = build_file_row(row, columns, meaning).body
    made = read_envelope(envelope_of(found, row, body), body, source)
    return made.submission if isinstance(made, InDoubt) else made[0]
