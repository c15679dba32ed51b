"""A line whose separators or quotes went wrong, read as its neighbours say it was meant.

What a column usually holds tells where a cell ends: of all ways to part the line into as many
cells as there are columns, the one is taken in which each cell looks most like its column. What is
mended so is a guess: it is shown to a person and never becomes a lead by itself.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.tables.cell_shapes import cell_kind, letter_pattern, run_pattern
from leadloop.intake.tables.records import Dialect

OTHER_DELIMITERS = (",", ";", "\t", "|", " ")  # what may part one line only
MOST_PARTS = 80  # between two separators; a line of more is not looked at
MOST_TEXT = 4_000
MOST_EXTRA_COST = 12.0  # beyond what a usual row costs
MOST_GLUED = 20  # parts that the text of two cells may be in
UNBALANCED, SEPARATOR_INSIDE, SEPARATOR_AT_EDGE, EXTRA_SEPARATOR, MISSING_SEPARATOR = (
    2.5,
    1.5,
    3.0,
    3.0,
    4.0,
)
JOINT = re.compile(  # up to where it ends
    r"\d(?=[^\W_]|[+$€£])|[^\W\d_](?=[\d$€£+])|[a-z](?=[A-Z])|[\s\S](?=https?:)"
)
QUOTED_JOINT = re.compile(r"[\w\"'.!?](?=[\"'])|[\"'](?=[\w\"'$€£+])")
MOST_JOINTS = 60


class ColumnProfile:
    """What the columns of a table hold, learnt from rows that came out well."""

    def __init__(self, rows: Iterable[Sequence[str]], width: int) -> None:
        self.width = width
        self._looks = [tuple(Counter[str]() for _ in range(3)) for _ in range(width)]
        self._rows = 0
        for row in rows:
            self._rows += 1
            for seen, cell in zip(self._looks, row, strict=True):
                for counter, look in zip(seen, _cell_features(cell.strip()), strict=True):
                    counter[look] += 1

    def cell_cost(self, place: int, cell: str) -> float:
        """How unlike its column a cell is: 0 is just like it."""
        shares = (
            counter[look] / max(self._rows, 1)
            for counter, look in zip(self._looks[place], _cell_features(cell.strip()), strict=True)
        )
        form, shape, kind = shares
        return -math.log(0.2 * form + 0.3 * shape + 0.49 * kind + 0.01)

    def row_cost(self, row: Sequence[str]) -> float:
        return sum(self.cell_cost(place, cell) for place, cell in enumerate(row))

    @property
    def is_reliable(self) -> bool:
        """Enough rows to learn from?"""
        return self._rows >= 5


class LineRepair(NamedTuple):
    """What a line may have meant, and how unlike the table that is."""

    cost: float
    cells: tuple[str, ...]


class _State(NamedTuple):
    parts: int
    made: int
    was_glued: bool


def repair_line(
    text: str, dialect: Dialect, profile: ColumnProfile, usual: float
) -> LineRepair | None:
    """The cells as they were meant, or None; `usual` is what a good row costs."""
    if not profile.is_reliable or len(text) > MOST_TEXT:
        return None
    ways = [
        way
        for sign in _candidate_delimiters(text, dialect)
        for way in _repairs_by_delimiter(text, sign, dialect, profile)
    ]
    best = min(ways, default=None, key=lambda way: way.cost)
    return best if best is not None and best.cost <= usual + MOST_EXTRA_COST else None


def _candidate_delimiters(text: str, dialect: Dialect) -> Iterator[str]:
    """The file's own separator, and another one where that could not give enough cells."""
    yield dialect.delimiter
    for sign in OTHER_DELIMITERS:
        if sign != dialect.delimiter and sign in text:
            yield sign


def _repairs_by_delimiter(
    text: str, sign: str, dialect: Dialect, profile: ColumnProfile
) -> Iterator[LineRepair]:
    parts = text.split(sign)
    own = sign == dialect.delimiter
    if len(parts) > MOST_PARTS or len(parts) < profile.width - (1 if own else 0):
        return
    dialect = dialect.but(delimiter=sign)
    cells = _Cells(parts, dialect)
    if len(parts) >= profile.width:
        yield from _split_cells(cells, profile, glued=False)
    if own:
        yield from _split_cells(cells, profile, glued=True)
        if len(parts) > profile.width:
            yield from _drop_empty_cell(parts, dialect, profile)


def _drop_empty_cell(
    parts: Sequence[str], dialect: Dialect, profile: ColumnProfile
) -> Iterator[LineRepair]:
    """One separator too many leaves an empty cell."""
    for place, part in enumerate(parts):
        if part.strip() in ("", dialect.quote * 2):
            rest = [*parts[:place], *parts[place + 1 :]]
            for way in _split_cells(_Cells(rest, dialect), profile, glued=False):
                yield way._replace(cost=way.cost + EXTRA_SEPARATOR)


class _Cells:
    """The text between two separators as a cell, and what is odd about it."""

    def __init__(self, parts: Sequence[str], dialect: Dialect) -> None:
        self.parts, self.dialect = parts, dialect
        self._known: dict[tuple[int, int], LineRepair] = {}

    def between(self, start: int, end: int) -> tuple[str, float]:
        key = (start, end)
        if key not in self._known:
            raw = self.dialect.delimiter.join(self.parts[start:end])
            cell, odd = unquote_cell(raw, self.dialect)
            if cell == raw.strip():
                odd += SEPARATOR_INSIDE * (end - start - 1)
            self._known[key] = LineRepair(odd, (cell,))
        way = self._known[key]
        return way.cells[0], way.cost

    def raw(self, start: int, end: int) -> str:
        return self.dialect.delimiter.join(self.parts[start:end])

    def is_quoted(self, start: int, end: int) -> bool:
        """Only a quoted cell holds separators."""
        return self.parts[end - 1].rstrip().endswith(self.dialect.quote) and any(
            self.dialect.quote in part for part in self.parts[start : end - 1]
        )


def unquote_cell(raw: str, dialect: Dialect) -> tuple[str, float]:
    """A cell's text, and the cost of quotes that do not add up or hold what parts cells."""
    plain, quote, sign = raw.strip(), dialect.quote, dialect.delimiter
    if len(plain) >= 2 and plain[0] == quote == plain[-1]:
        inner = plain[1:-1]
        parts = f"{quote}{sign}" in inner or inner[-1:] == sign or inner[:1] == sign
        text = inner.replace(quote * 2, quote)
        return text, UNBALANCED * (text.count(quote) % 2) / 2 + UNBALANCED * parts
    at_edge = len(plain) > 1 and sign in (plain[0], plain[-1])
    return plain, UNBALANCED * (quote in (plain[:1], plain[-1:])) + SEPARATOR_AT_EDGE * at_edge


def _split_cells(cells: _Cells, profile: ColumnProfile, *, glued: bool) -> Iterator[LineRepair]:
    """The cheapest way into `width` cells; `glued`: one separator is missing, two cells are one.

    Found from left to right: a way is known by the parts it has used, the cells it has made, and
    whether it has taken two cells out of one.
    """
    count, width = len(cells.parts), profile.width
    best: dict[_State, LineRepair] = {_State(0, 0, was_glued=False): LineRepair(0, ())}
    for made in range(width):
        for state in [state for state in best if state.made == made]:
            for grown, way in _next_states(state, best[state], cells, profile, glued=glued):
                if grown not in best or way.cost < best[grown].cost:
                    best[grown] = way
    done = best.get(_State(count, width, was_glued=glued))
    if done is not None:
        yield done


def _next_states(
    state: _State, way: LineRepair, cells: _Cells, profile: ColumnProfile, *, glued: bool
) -> Iterator[tuple[_State, LineRepair]]:
    """One cell more, or the two that one text holds."""
    start, made, was_glued = state
    last = len(cells.parts) - (profile.width - made - 1) + (glued and not was_glued)
    for end in range(start + 1, min(last, len(cells.parts)) + 1):
        cell, odd = cells.between(start, end)
        cost = way.cost + odd + profile.cell_cost(made, cell)
        yield _State(end, made + 1, was_glued), LineRepair(cost, (*way.cells, cell))
    if glued and not was_glued and made + 1 < profile.width:
        for end in range(start + 1, min(start + MOST_GLUED, len(cells.parts)) + 1):
            if end > start + 1 and not cells.is_quoted(start, end):
                continue
            two = _split_in_two(cells.raw(start, end), cells.dialect, made, profile)
            if two is not None:
                cost = way.cost + two.cost + MISSING_SEPARATOR
                yield (
                    _State(end, made + 2, was_glued=True),
                    LineRepair(cost, (*way.cells, *two.cells)),
                )


def _split_in_two(
    raw: str, dialect: Dialect, place: int, profile: ColumnProfile
) -> LineRepair | None:
    """One text as the cells of two columns, parted where letters and digits meet, or at a quote."""
    form = QUOTED_JOINT if dialect.quote in raw else JOINT
    joints = [found.end() for found in form.finditer(raw)]
    ways = []
    for joint in joints[:MOST_JOINTS]:
        (left, odd_left), (right, odd_right) = (
            unquote_cell(part, dialect) for part in (raw[:joint], raw[joint:])
        )
        if left and right:
            cost = odd_left + odd_right
            cost += profile.cell_cost(place, left) + profile.cell_cost(place + 1, right)
            ways.append(LineRepair(cost, (left, right)))
    return min(ways, default=None, key=lambda way: way.cost)


def _cell_features(cell: str) -> tuple[str, str, str]:
    return letter_pattern(cell), run_pattern(cell), cell_kind(cell)
