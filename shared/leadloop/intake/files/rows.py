"""One row of a file becomes a submission; what the columns mean was agreed before."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from pydantic import ValidationError, field_validator

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.attribution import CLICK_IDS, UTM, read_touch
from leadloop.intake.fields.flat_document import consent_record
from leadloop.intake.fields.mapping import (
    CONSENT_FIELD,
    LONG_FIELDS,
    NUMBER_FIELDS,
    build_parts_leniently,
    build_submission,
    consent_answer,
    missing_field_reasons,
    parse_number,
    qualified_name,
    value_or_none,
)
from leadloop.intake.files.lead_history import add_history, history_values
from leadloop.intake.files.postcodes import mend_postcode
from leadloop.intake.policy import FileSource, PartnerSource
from leadloop.intake.tables.model import Row
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.text.decoding import text_of_bytes
from leadloop.model.base import Model, Reason
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Submission

PARSER = "rows/5"
ROW_BYTES = 192 * 1024
HTML_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[\da-fA-F]{2,5});")
# In Meta's lead exports, so that a spreadsheet keeps phones and postcodes as text.
META_PREFIX = re.compile(r"[pz]:(?=[+\w])")
HINTS = frozenset({*UTM, *CLICK_IDS, "referrer", "landing_page"})


class FileRow(Model):
    """What is stored of a row.

    `line` is its number in the file, from 1. `values` go by our full names, `others` by the names
    of columns that nothing maps.
    """

    line: int
    values: dict[str, str] = {}
    others: dict[str, str] = {}
    doubts: tuple[Reason, ...] = ()

    @field_validator("values")
    @classmethod
    def _check_names(cls, values: dict[str, str]) -> dict[str, str]:
        unknown_names = [
            name for name in values if name not in HINTS and qualified_name(name) != name
        ]
        if unknown_names:
            raise ValueError(f"no names of ours: {', '.join(unknown_names)}")
        return values

    @property
    def body(self) -> bytes:
        """The row as JSON; the same row and meaning of columns give the same bytes."""
        return self.model_dump_json(exclude_defaults=True).encode("utf-8", "replace")


def build_file_row(row: Row, columns: Sequence[str], meaning: Mapping[str, str]) -> FileRow:
    """The row by our names. `meaning` is column → our full name; other columns go to `others`."""
    values: dict[str, str] = {}
    others: dict[str, str] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        text = replace_unstorable(cell)
        if not text.strip():
            continue
        if column in meaning:
            values[meaning[column]] = text
        else:
            others[replace_unstorable(column)] = text
    return FileRow(line=row.line, values=values, others=others, doubts=row.doubts)


def read_row(envelope: Envelope, body: bytes, source: FileSource | PartnerSource) -> Submission:
    """The submission of a stored row; its `unreadable` holds a reason for each doubt.

    Raises:
        Unreadable: the bytes are not a `FileRow`.

    """
    try:
        row = FileRow.model_validate_json(body)
    except ValidationError as error:
        raise Unreadable("the bytes are not those of a file's row") from error
    history = history_values(row.values) if isinstance(source, FileSource) and source.quiet else {}
    values = {name: text for name, text in row.values.items() if name not in history}
    values, postcode_doubts = mend_postcode(_clean_values(values), source.country)
    parts, faults = build_parts_leniently(values)
    doubts = [
        *row.doubts,
        *postcode_doubts,
        *faults,
        *missing_field_reasons(source.required, parts, source.fields),
    ]
    if source.consent and source.consent.required and not parts.consent:
        doubts.append(Reason(code="consent_required", text="consent: has to be given"))
    hints = {name: row.values[name] for name in HINTS & row.values.keys()}
    submission = build_submission(
        envelope,
        parts,
        PARSER,
        touch=read_touch(envelope, hints),
        consent=consent_record(envelope, parts, source.consent),
    ).but(unreadable=tuple(doubts), ignored=tuple(_unused(row, source)))
    if not isinstance(source, FileSource) or not source.quiet:
        return submission
    return add_history(submission, history, source)


def _unused(row: FileRow, source: FileSource | PartnerSource) -> Iterator[str]:
    """The columns that nothing maps, and a consent that nobody asked for."""
    yield from row.others
    answer = row.values.get(CONSENT_FIELD, "").strip()
    if answer and source.consent is None and consent_answer(answer) is not None:
        yield CONSENT_FIELD


def _strip_wrapping(name: str, text: str) -> str:
    """The value without what programs write around it."""
    if HTML_ENTITY.search(text):
        text = unescape(text)
    match name:
        case "contact.phone" | "contact.postcode":
            prefix = META_PREFIX.match(text.strip())
            return text.strip()[prefix.end() :] if prefix else text
        case _:
            return text


def _clean_values(values: Mapping[str, str]) -> dict[str, str]:
    """The values without placeholders; text in a number field becomes an own field instead."""
    clean: dict[str, str] = {}
    for name, text in values.items():
        if name in HINTS:
            continue
        if name == CONSENT_FIELD or name.startswith("fields."):
            clean[name] = text
            continue
        value = value_or_none(_strip_wrapping(name, text_of_bytes(text.encode(), None)))
        if value is not None:
            as_custom_field = name in NUMBER_FIELDS and parse_number(value) is None
            clean[f"fields.{name.partition('.')[2]}" if as_custom_field else name] = value
    return {
        name: text if name in LONG_FIELDS else " ".join(text.split())
        for name, text in clean.items()
    }
