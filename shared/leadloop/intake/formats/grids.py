"""Tables with a header and one person a row: CSV attachments, and lists inside an HTML mail."""

from collections.abc import Sequence
from itertools import islice

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.fields.mapping import build_parts_leniently, value_or_none
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.formats.labelled_values import (
    ADDRESS_FIELDS,
    NAME_FIELDS,
    SourceLabels,
    normalise_values,
)
from leadloop.intake.formats.own_answers import OwnAnswers
from leadloop.intake.tables.model import Row
from leadloop.intake.tables.text_table import read_text_table
from leadloop.intake.text.html_text import Grid
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

PARSER = "rows/4"  # the next number whenever the same bytes would be read differently
MOST_ROWS = 200  # of one mail; longer lists are a file's business, which can be watched and resumed
LONGEST_LINE = 8_000  # bytes: the repair of quotes costs with the square of it
MOST_ROWS_ABOVE = 10  # rows that may stand above the header


def read_attachment(data: bytes, source_labels: SourceLabels) -> tuple[Prospect, ...]:
    """One prospect for each row of a CSV file; none if its columns are not a person's.

    Raises:
        Unreadable: more rows than a mail may bring, or no table.

    """
    if max(map(len, data.split(b"\n"))) > LONGEST_LINE:
        raise Unreadable(f"the table has a line of more than {LONGEST_LINE} bytes")
    table = read_text_table([data])
    if not is_header_row(table.columns, source_labels):
        return ()
    return _prospects(table.columns, list(islice(table.rows, MOST_ROWS + 1)), source_labels)


def read_grid(grid: Grid, source_labels: SourceLabels) -> tuple[Prospect, ...]:
    """One prospect for each row of a table in a mail; one alone if it is labels and values.

    Raises:
        Unreadable: more rows than a mail may bring.

    """
    if pairs := _pairs(grid, source_labels):
        return (
            _prospect([label for label, _ in pairs], [value for _, value in pairs], source_labels),
        )
    headers = (
        n for n, row in enumerate(grid[:MOST_ROWS_ABOVE]) if is_header_row(row, source_labels)
    )
    header = next(headers, None)
    if header is None:
        return ()
    rows = (Row(n, cells) for n, cells in enumerate(grid) if n > header and any(cells))
    return _prospects(grid[header], list(rows), source_labels)


def is_header_row(row: Sequence[str], source_labels: SourceLabels) -> bool:
    """Whether cells name columns of a person, and hold no address themselves."""
    names = {field_for_label(cell, source_labels.labels) for cell in row} - {None}
    return (
        len(names) > 1
        and bool(names & (ADDRESS_FIELDS | NAME_FIELDS))
        and not any(EMAIL_PATTERN.search(cell) for cell in row)
    )


def _prospects(
    header: Sequence[str], rows: Sequence[Row], source_labels: SourceLabels
) -> tuple[Prospect, ...]:
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"a list of more than {MOST_ROWS} rows is too long for a mail: import it")
    return tuple(_prospect(header, row.cells, source_labels, row.doubts) for row in rows)


def _pairs(grid: Grid, source_labels: SourceLabels) -> list[tuple[str, str]]:
    """Labels and values of rows like “label, value, label, value”; none if a label is unknown."""
    labels = {**source_labels.labels, **source_labels.rows}
    rows = [[cell for cell in row if cell] for row in grid if any(row)]
    if any(len(row) % 2 for row in rows) or not any(len(row) > 2 for row in rows):
        return []
    pairs = [pair for row in rows for pair in zip(row[::2], row[1::2], strict=True)]
    are_labels = all(
        field_for_label(label, labels) and not field_for_label(value, labels)
        for label, value in pairs
    )
    return pairs if are_labels else []


def _prospect(
    header: Sequence[str],
    cells: Sequence[str],
    source_labels: SourceLabels,
    doubts: tuple[Reason, ...] = (),
) -> Prospect:
    names = [
        field_for_label(cell, {**source_labels.labels, **source_labels.rows}) for cell in header
    ]
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    answers = OwnAnswers()
    for column, name, cell in zip(header, names, cells, strict=False):
        if name is None or name in values:
            answers.add(column, cell)
        elif value_or_none(cell) is not None:
            values[name], origins[name] = cell, f"column “{column}”"
    own, ignored = answers.collect()
    texts = {f"fields.{name}": text for name, text in own.items()}
    parts, faults = build_parts_leniently({**texts, **normalise_values(values, origins)})
    reasons = [*doubts, *faults]
    if not parts.contact.email and not parts.contact.phone:
        reasons.append(Reason(code="nobody_to_reach", text="no e-mail and no phone in the row"))
    return Prospect(parts, PARSER, tuple(reasons), origins, ignored)
