"""Finds rows whose cells stand in other columns than their neighbours': a shift by a delimiter.

Only cells of a strict kind show it: an address, a day, an amount. If such a cell stands elsewhere
and something else in its place, the row is in doubt. If a kind has no usual place at all, although
each row has one cell of it, nobody can say which rows are right: all of them are in doubt.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from leadloop.intake.tables.cell_shapes import cell_kind
from leadloop.model.base import Reason

Cells = Sequence[str]
# Kind of a cell → its name for people.
STRICT_KINDS = {
    "mail": "e-mail address",
    "address": "web address",
    "date": "day",
    "time": "time",
    "money": "amount of money",
}
LEAST_ROWS = 5  # of a sample that shows what a column holds
USUAL_SHARE = 0.7  # of a column's cells, for the place of a kind
UNUSUAL_SHARE = 0.3
SINGLE_SHARE = 0.9  # of the rows that have one cell of a kind that has no usual place
MOST_PLACE_SHARE = 0.85  # of those rows: one column with more is the usual place


class ColumnKinds(NamedTuple):
    """By kind: the columns that hold it as a rule, and those that may hold it.

    `unplaced` are kinds that each row has in another column.
    """

    usual: Mapping[str, frozenset[int]]
    possible: Mapping[str, frozenset[int]]
    unplaced: frozenset[str]


def column_kinds(sample: Sequence[Cells], width: int) -> ColumnKinds:
    """What the columns of a table hold, by rows of its width (blank cells beyond it count not)."""
    rows = [cells[:width] for cells in sample if len(cells) >= width and not _text(cells[width:])]
    if len(rows) < LEAST_ROWS:
        return ColumnKinds({}, {}, frozenset())
    nonblank = Counter(place for cells in rows for place, cell in enumerate(cells) if cell.strip())
    counts: dict[str, Counter[int]] = {kind: Counter() for kind in STRICT_KINDS}
    for cells in rows:
        for place, kind in _strict_cells(cells):
            counts[kind][place] += 1
    return ColumnKinds(
        {kind: _places(places, nonblank, USUAL_SHARE) for kind, places in counts.items()},
        {kind: _places(places, nonblank, UNUSUAL_SHARE) for kind, places in counts.items()},
        frozenset(kind for kind in counts if _is_unplaced(kind, rows)),
    )


def shift_doubt(line: int, cells: Cells, kinds: ColumnKinds) -> Reason | None:
    """Why a row may be shifted, or None."""
    found = list(_strict_cells(cells))
    for kind in kinds.unplaced & {each for _, each in found}:
        name = STRICT_KINDS[kind]
        text = f"line {line}: the {name} stands in other columns in other rows"
        return Reason(code="shifted_line", text=text)
    for kind, usual in kinds.usual.items():
        places = {place for place, each in found if each == kind}
        if not places or not usual or places & kinds.possible[kind]:
            continue
        if any(place < len(cells) and cells[place].strip() for place in usual):
            name = STRICT_KINDS[kind]
            text = f"line {line}: its {name} stands in another column than the others'"
            return Reason(code="shifted_line", text=text)
    return None


def _strict_cells(cells: Cells) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(cells):
        kind = cell_kind(cell.strip())
        if kind in STRICT_KINDS:
            yield place, kind


def _places(counts: Mapping[int, int], nonblank: Mapping[int, int], share: float) -> frozenset[int]:
    return frozenset(place for place, count in counts.items() if count >= share * nonblank[place])


def _is_unplaced(kind: str, rows: Sequence[Cells]) -> bool:
    """Whether each row has one cell of a kind, here and there, with other words in its place."""
    places = [[place for place, each in _strict_cells(cells) if each == kind] for cells in rows]
    singles = [
        (found[0], cells) for found, cells in zip(places, rows, strict=True) if len(found) == 1
    ]
    counts = Counter(place for place, _ in singles)
    if len(counts) < 2 or len(singles) < SINGLE_SHARE * len(rows):
        return False
    (usual, most), (other, second) = counts.most_common(2)
    if most > MOST_PLACE_SHARE * len(singles) or second < 2:
        return False
    pairs = [(place, usual if place == other else other, cells) for place, cells in singles]
    return any(
        all(cells[free].strip() for place, free, cells in pairs if place == at)
        for at in (usual, other)
    )


def _text(cells: Cells) -> str:
    return "".join(cells).strip()
