"""A file of rows that was read: how, its columns, and its rows one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from leadloop.model.base import Model, Reason


class Row(NamedTuple):
    """One row. `line` is its first line in the file, or its row in a sheet, counted from 1.

    A row that cannot be read has no cells, and its `doubts` say why.
    """

    line: int
    cells: tuple[str, ...]
    doubts: tuple[Reason, ...] = ()


class About(Model):
    """How the file was read.

    `format` is `text`, `workbook`, `html` or `json`; `charset` is a codec of Python. `line` is that
    of the header; None: the file has none. `doubt` is why a person must confirm the columns, even
    if the playbook maps them.
    """

    format: str
    charset: str | None = None
    delimiter: str | None = None
    line: int | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    doubt: str | None = None


@dataclass(frozen=True)
class RowTable:
    """The columns' labels, each different from the others, and the rows, which can be read once."""

    about: About
    columns: tuple[str, ...]
    rows: Iterator[Row]
