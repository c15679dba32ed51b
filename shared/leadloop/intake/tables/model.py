"""What a file of rows is, once it is read: columns, then row after row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from leadloop.model.base import Model, Reason


class Row(NamedTuple):
    """`line` is where it begins in the file (a sheet: its row), from 1."""

    line: int
    cells: tuple[str, ...]
    doubts: tuple[Reason, ...] = ()


class About(Model):
    """How the file was read. `line` is the header's, None where there is none.

    `doubt`: why a person must confirm the columns, whatever the playbook says of them.
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
    """`rows` can be walked through once."""

    about: About
    columns: tuple[str, ...]
    rows: Iterator[Row]
