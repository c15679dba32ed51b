"""Files of rows of other people: the cells of their clean twins, or refused with a line number."""

import csv
import gzip
import json
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from imports.rows import read_row
from leadloop.edge.table_sandbox import check_in_subprocess
from leadloop.intake.files.columns import map_columns
from leadloop.intake.policy import FileSource
from leadloop.intake.tables.open import open_table
from leadloop.model.errors import LeadloopError
from leadloop.model.submission import Submission
from leadloop.store.imports import FileImport
from tests.realdata.marks import Marks

SOURCE = FileSource(kind="file", id="f", product_line="p", country="DE", language="en")
FOUND = FileImport(
    id="A", source="f", by="x", name="", at=datetime(2026, 3, 4, tzinfo=UTC), sha256="ab"
)
OF_ANOTHER = ("another_table", "broken_line")  # refused, each with its line
CHUNK = 65_536
MOST_SECONDS = 5
BOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".docx", ".zip")


class Twin(NamedTuple):
    file: Path
    rows: list[list[str]]


def plain(row: list[str]) -> list[str]:
    """Without blanks that mean nothing."""
    cells = [" ".join(cell.split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def said(rows: list[list[str]]) -> list[list[str]]:
    return [row for row in map(plain, rows) if row]


def twins(folder: Path) -> Iterator[Twin]:
    for data_set in ("pollock", "pollock_real_survey"):
        for file in sorted((folder / data_set / "csv").glob("*.csv")):
            with (folder / data_set / "clean" / file.name).open(
                newline="", errors="replace"
            ) as clean:
                yield Twin(file, said(list(csv.reader(clean))))
    for data_set, kind in (("csv_spectrum", "csvs"), ("csv_test_data", "csv")):
        for file in sorted((folder / data_set / kind).glob("*.csv")):
            expected = folder / data_set / "json" / f"{file.stem}.json"
            if expected.exists():
                yield Twin(file, said(_listed(json.loads(expected.read_text("utf-8")))))


def _listed(rows: list[dict[str, str] | list[str]]) -> list[list[str]]:
    named = [row for row in rows if isinstance(row, dict)]
    if named:
        return [list(named[0]), *(list(row.values()) for row in named)]
    return [row for row in rows if isinstance(row, list)]


def verdict(twin: Twin) -> str:
    """`equal`, `refused` (some line or all, with its number), or `different`."""
    data = twin.file.read_bytes()
    try:
        table = open_table(data[at : at + CHUNK] for at in range(0, max(len(data), 1), CHUNK))
        rows = list(table.rows)
    except LeadloopError as refused:
        return "refused" if "line" in str(refused) else "different"
    made_up = bool(twin.rows) and all(cell.startswith("col_") for cell in twin.rows[0])
    wanted = twin.rows if table.about.line is None and not made_up else twin.rows[1:]
    good = [row for row in rows if not {d.code for d in row.doubts} & set(OF_ANOTHER)]
    if said([list(row.cells) for row in good]) == wanted:
        return "equal"
    told = all("line" in doubt.text for row in rows for doubt in row.doubts)
    return "refused" if len(good) < len(rows) and told else "different"


def test_cells_are_those_of_the_clean_twin(realdata: Path, marks: Marks) -> None:
    found = {twin.file.name: verdict(twin) for twin in twins(realdata / "csv_torture")}
    equal = sum(each == "equal" for each in found.values())
    marks.share("csv_torture", "cells equal the clean twin", equal, len(found), at_least=0.95)
    neither = sum(each == "different" for each in found.values())
    marks.at_most("csv_torture", "neither equal nor refused with its line", neither, 0, "files")


def ended(path: Path) -> tuple[int, int]:
    """Rows of a file, and how many submissions they are."""
    try:
        table = open_table([path.read_bytes()])
        found = list(table.rows)
    except LeadloopError:
        return 0, 0
    meaning = map_columns(table.columns, {})
    made = [read_row(FOUND, SOURCE, row, table.columns, meaning) for row in found]
    return len(found), len({each.id for each in made if isinstance(each, Submission)})


def test_every_row_becomes_one_submission(realdata: Path, marks: Marks) -> None:
    texts = (".csv", ".tsv", ".psv", ".ssv", ".unknown")
    paths = sorted(p for p in (realdata / "csv_torture").rglob("*") if p.suffix in texts)
    counted = [ended(path) for path in paths]
    rows, submissions = (sum(each[n] for each in counted) for n in (0, 1))
    measure = f"rows of {len(paths)} files that are one submission each"
    marks.share("csv_torture", measure, submissions, rows, at_least=1.0)


def test_no_workbook_hangs_or_takes_the_memory_or_loses_a_row(realdata: Path, marks: Marks) -> None:
    """Each in a process of its own first, as the import itself opens it."""
    paths = sorted(p for p in (realdata / "xlsx_torture").rglob("*") if p.suffix in BOOKS)
    slowest, refused, rows, submissions = 0.0, 0, 0, 0
    for path in paths:
        before = time.monotonic()
        try:
            check_in_subprocess(path.read_bytes())
        except LeadloopError:
            refused += 1
        else:
            of_file = ended(path)
            rows, submissions = rows + of_file[0], submissions + of_file[1]
        slowest = max(slowest, time.monotonic() - before)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    marks.share("xlsx_torture", "rows that are one submission", submissions, rows, at_least=1.0)
    figure = f"{refused} of {len(paths)}"
    marks.row("xlsx_torture", "files refused with a reason", figure, "told", met=True)
    marks.at_most("xlsx_torture", f"slowest of {len(paths)} files", slowest, MOST_SECONDS, "s")
    marks.at_most("xlsx_torture", "peak memory", peak, 512, "MB")


def test_a_whole_campaign_is_read_exactly(realdata: Path, marks: Marks) -> None:
    with gzip.open(realdata / "bank_marketing" / "bank_market_open.csv.gz", "rb") as packed:
        data = packed.read()
    wanted = list(csv.reader(data.decode().splitlines()))
    table = open_table(data[at : at + CHUNK] for at in range(0, len(data), CHUNK))
    rows = [list(row.cells) for row in table.rows if not row.doubts]
    same = sum(a == b for a, b in zip(rows, wanted[1:], strict=True))
    assert list(table.columns) == wanted[0]
    marks.share("bank_marketing", "rows read cell for cell", same, len(wanted) - 1, at_least=1.0)
