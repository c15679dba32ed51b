"""One row of a file as a submission: what its columns mean was agreed before, for all of them."""

import re
from collections.abc import Mapping, Sequence
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
    missing_field_reasons,
    parse_number,
    qualified_name,
    value_or_none,
)
from leadloop.intake.files.lead_history import add_history, history_values
from leadloop.intake.policy import FileSource, PartnerSource
from leadloop.intake.tables.formula_escaping import unescape_cell
from leadloop.intake.tables.model import Row
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.text.decoding import text_of_bytes
from leadloop.model.base import Model, Reason
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Submission

PARSER = "rows/3"
ROW_BYTES = 192 * 1024
HTML_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[\da-fA-F]{2,5});")
# An address as a link or as mail programs write it, and nothing but one.
WRAPPED_ADDRESS = re.compile(
    r"(?:mailto:|[^<>@,;]{0,200}<)\s{0,3}([^\s<>@,;]{1,64}@[^\s<>@,;]{1,255}+)\s{0,3}>?",
    re.IGNORECASE,
)
META_PREFIX = re.compile(
    r"[pz]:(?=[+\w])"
)  # so Meta's lists keep a spreadsheet from counting with them
HINTS = frozenset({*UTM, *CLICK_IDS, "referrer", "landing_page"})


class FileRow(Model):
    """The bytes that are kept of a row. `values` by our full names, `others` by the file's own."""

    line: int
    values: dict[str, str] = {}
    others: dict[str, str] = {}
    doubts: tuple[Reason, ...] = ()

    @field_validator("values")
    @classmethod
    def _check_names(cls, values: dict[str, str]) -> dict[str, str]:
        if strange := [
            name for name in values if name not in HINTS and qualified_name(name) != name
        ]:
            raise ValueError(f"no names of ours: {', '.join(strange)}")
        return values

    @property
    def body(self) -> bytes:
        """The same row and meaning of columns give the same bytes."""
        return self.model_dump_json(exclude_defaults=True).encode("utf-8", "replace")


def build_file_row(row: Row, columns: Sequence[str], meaning: Mapping[str, str]) -> FileRow:
    """`meaning` is column → our name; what no column of ours takes is kept beside."""
    values: dict[str, str] = {}
    others: dict[str, str] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        text = replace_unstorable(unescape_cell(cell))
        if not text.strip():
            continue
        if column in meaning:
            values[meaning[column]] = text
        else:
            others[replace_unstorable(column)] = text
    return FileRow(line=row.line, values=values, others=others, doubts=row.doubts)


def read_row(envelope: Envelope, body: bytes, source: FileSource | PartnerSource) -> Submission:
    """In doubt, with what was understood, where anything is missing or wrong: nobody waits.

    Raises: Unreadable: the bytes are no row of ours.
    """
    try:
        row = FileRow.model_validate_json(body)
    except ValidationError as error:
        raise Unreadable("the bytes are not those of a file's row") from error
    past = history_values(row.values) if isinstance(source, FileSource) and source.quiet else {}
    values = {name: text for name, text in row.values.items() if name not in past}
    parts, faults = build_parts_leniently(_clean_values(values))
    doubts = [*row.doubts, *faults, *missing_field_reasons(source.required, parts, source.fields)]
    if source.consent and source.consent.required and not parts.consent:
        doubts.append(Reason(code="consent_required", text="consent: has to be given"))
    hints = {name: row.values[name] for name in HINTS & row.values.keys()}
    made = build_submission(
        envelope,
        parts,
        PARSER,
        touch=read_touch(envelope, hints),
        consent=consent_record(envelope, parts, source.consent),
    ).but(unreadable=tuple(doubts))
    if not isinstance(source, FileSource) or not source.quiet:
        return made
    return add_history(made, past, source)


def _strip_wrapping(name: str, text: str) -> str:
    """Without what a program has written around it."""
    if HTML_ENTITY.search(text):
        text = unescape(text)
    match name:
        case "contact.email" if (found := WRAPPED_ADDRESS.fullmatch(text.strip())) is not None:
            return found[1]
        case "contact.phone" | "contact.postcode":
            return (
                META_PREFIX.sub("", text.strip(), count=1)
                if META_PREFIX.match(text.strip())
                else text
            )
        case _:
            return text


def _clean_values(values: Mapping[str, str]) -> dict[str, str]:
    """Placeholders are no values; a number that is none becomes an own field, word for word."""
    tidy: dict[str, str] = {}
    for name, text in values.items():
        if name in HINTS:
            continue
        if name == CONSENT_FIELD or name.startswith("fields."):
            tidy[name] = text
        elif (
            plain := value_or_none(_strip_wrapping(name, text_of_bytes(text.encode(), None)))
        ) is not None:
            own = name in NUMBER_FIELDS and parse_number(plain) is None
            tidy[f"fields.{name.partition('.')[2]}" if own else name] = plain
    return {
        name: text if name in LONG_FIELDS else " ".join(text.split()) for name, text in tidy.items()
    }
