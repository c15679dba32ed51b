"""Repairs a line with wrong delimiters or quotes, by what its columns usually hold.

There are many ways to split the line into as many cells as there are columns. The repair is the way
in which each cell is most like its column. It is a guess: a person looks at it, and it never
becomes a lead by itself.

Costs are negative logarithms of shares: 0 is exactly as usual, 4.6 is as unlike as possible.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.tables.cell_shapes import cell_kind, letter_pattern, run_pattern
from leadloop.intake.tables.records import Dialect

OTHER_DELIMITERS = (",", ";", "\t", "|", " ")  # that a single line may have instead
MOST_PARTS = 80  # of a line between its delimiters; a line with more is not repaired
MOST_TEXT = 4_000  # characters of a line
MOST_EXTRA_COST = 12.0  # beyond the cost of a usual row
MOST_GLUED = 20  # parts of two cells without a delimiter between them
# What it costs to assume that a quote or delimiter is wrong.
UNBALANCED, SEPARATOR_INSIDE, SEPARATOR_AT_EDGE, EXTRA_SEPARATOR, MISSING_SEPARATOR = (
    2.5,
    1.5,
    3.0,
    3.0,
    4.0,
)
# Where two cells may meet without a delimiter: the match ends at the end of the first.
JOINT = re.compile(r"\d(?=[^\W_]|[+$€£])|[^\W\d_](?=[\d$€£+])|[a-z](?=[A-Z])|[\s\S](?=https?:)")
QUOTED_JOINT = re.compile(r"[\w\"'.!?](?=[\"'])|[\"'](?=[\w\"'$€£+])")
MOST_JOINTS = 60  # of one text


class ColumnProfile:
    """What the columns of a table usually hold, by a sample of well-formed rows."""

    def __init__(self, rows: Iterable[Sequence[str]], width: int) -> None:
        self.width = width
        self._features = [tuple(Counter[str]() for _ in range(3)) for _ in range(width)]
        self._rows = 0
        for row in rows:
            self._rows += 1
            for counters, cell in zip(self._features, row, strict=True):
                for counter, feature in zip(counters, _cell_features(cell.strip()), strict=True):
                    counter[feature] += 1

    def cell_cost(self, place: int, cell: str) -> float:
        """How unlike the column at `place` (from 0) a cell is; 0 is exactly like it."""
        shares = (
            counter[feature] / max(self._rows, 1)
            for counter, feature in zip(
                self._features[place], _cell_features(cell.strip()), strict=True
            )
        )
        letters, runs, kind = shares
        return -math.log(0.2 * letters + 0.3 * runs + 0.49 * kind + 0.01)

    def row_cost(self, row: Sequence[str]) -> float:
        """The sum of the costs of a row's cells."""
        return sum(self.cell_cost(place, cell) for place, cell in enumerate(row))

    @property
    def is_reliable(self) -> bool:
        """Whether the sample has enough rows."""
        return self._rows >= 5


class LineRepair(NamedTuple):
    """The cells of a repaired line, or the first of them, and what they cost."""

    cost: float
    cells: tuple[str, ...]


class _State(NamedTuple):
    """How many parts are used, how many cells they gave, and if one text became two cells."""

    parts: int
    cell_count: int
    was_glued: bool


def repair_line(
    text: str, dialect: Dialect, profile: ColumnProfile, usual_cost: float
) -> LineRepair | None:
    """The cheapest repair of a line; None: each costs too much.

    `usual_cost` is the cost of a well-formed row.
    """
    if not profile.is_reliable or len(text) > MOST_TEXT:
        return None
    repairs = [
        repair
        for sign in _candidate_delimiters(text, dialect)
        for repair in _repairs_by_delimiter(text, sign, dialect, profile)
    ]
    best = min(repairs, default=None, key=lambda repair: repair.cost)
    return best if best is not None and best.cost <= usual_cost + MOST_EXTRA_COST else None


def _candidate_delimiters(text: str, dialect: Dialect) -> Iterator[str]:
    """The file's own delimiter, then others that the line contains."""
    yield dialect.delimiter
    for sign in OTHER_DELIMITERS:
        if sign != dialect.delimiter and sign in text:
            yield sign


def _repairs_by_delimiter(
    text: str, sign: str, dialect: Dialect, profile: ColumnProfile
) -> Iterator[LineRepair]:
    parts = text.split(sign)
    is_own_delimiter = sign == dialect.delimiter
    least_parts = profile.width - (1 if is_own_delimiter else 0)
    if len(parts) > MOST_PARTS or len(parts) < least_parts:
        return
    dialect = dialect.but(delimiter=sign)
    cells = _Cells(parts, dialect)
    if len(parts) >= profile.width:
        yield from _split_cells(cells, profile, glued=False)
    if is_own_delimiter:
        yield from _split_cells(cells, profile, glued=True)
        if len(parts) > profile.width:
            yield from _drop_empty_cell(parts, dialect, profile)


def _drop_empty_cell(
    parts: Sequence[str], dialect: Dialect, profile: ColumnProfile
) -> Iterator[LineRepair]:
    """Repairs that drop an empty part: one delimiter too many leaves one."""
    for place, part in enumerate(parts):
        if part.strip() in ("", dialect.quote * 2):
            rest = [*parts[:place], *parts[place + 1 :]]
            for repair in _split_cells(_Cells(rest, dialect), profile, glued=False):
                yield repair._replace(cost=repair.cost + EXTRA_SEPARATOR)


class _Cells:
    """Cells made of neighbouring parts of a line, with the cost of their quotes and delimiters."""

    def __init__(self, parts: Sequence[str], dialect: Dialect) -> None:
        self.parts, self.dialect = parts, dialect
        self._known: dict[tuple[int, int], tuple[str, float]] = {}

    def between(self, start: int, end: int) -> tuple[str, float]:
        """The cell of the parts from `start` to before `end`, and its cost."""
        key = (start, end)
        if key not in self._known:
            raw = self.dialect.delimiter.join(self.parts[start:end])
            cell, cost = unquote_cell(raw, self.dialect)
            if cell == raw.strip():
                cost += SEPARATOR_INSIDE * (end - start - 1)
            self._known[key] = (cell, cost)
        return self._known[key]

    def raw(self, start: int, end: int) -> str:
        return self.dialect.delimiter.join(self.parts[start:end])

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether the parts are one quoted cell; no other cell holds delimiters."""
        return self.parts[end - 1].rstrip().endswith(self.dialect.quote) and any(
            self.dialect.quote in part for part in self.parts[start : end - 1]
        )


def unquote_cell(raw: str, dialect: Dialect) -> tuple[str, float]:
    """A cell's text without its quotes, and the cost of quotes or delimiters that are wrong."""
    plain, quote, sign = raw.strip(), dialect.quote, dialect.delimiter
    if len(plain) >= 2 and plain[0] == quote == plain[-1]:
        inner = plain[1:-1]
        is_several = f"{quote}{sign}" in inner or inner[-1:] == sign or inner[:1] == sign
        text = inner.replace(quote * 2, quote)
        return text, UNBALANCED * (text.count(quote) % 2) / 2 + UNBALANCED * is_several
    is_at_edge = len(plain) > 1 and sign in (plain[0], plain[-1])
    return plain, UNBALANCED * (quote in (plain[:1], plain[-1:])) + SEPARATOR_AT_EDGE * is_at_edge


def _split_cells(cells: _Cells, profile: ColumnProfile, *, glued: bool) -> Iterator[LineRepair]:
    """The cheapest way to make one cell for each column, if there is one.

    `glued`: a delimiter is missing, so that one text holds two cells. The search goes from left to
    right and keeps the cheapest way to each state (dynamic programming).
    """
    count, width = len(cells.parts), profile.width
    best: dict[_State, LineRepair] = {_State(0, 0, was_glued=False): LineRepair(0, ())}
    for cell_count in range(width):
        for state in [state for state in best if state.cell_count == cell_count]:
            for next_state, repair in _next_states(state, best[state], cells, profile, glued=glued):
                if next_state not in best or repair.cost < best[next_state].cost:
                    best[next_state] = repair
    finished = best.get(_State(count, width, was_glued=glued))
    if finished is not None:
        yield finished


def _next_states(
    state: _State, repair: LineRepair, cells: _Cells, profile: ColumnProfile, *, glued: bool
) -> Iterator[tuple[_State, LineRepair]]:
    """Each way to one cell more, or to two cells that one text holds."""
    start, place, was_glued = state
    last = len(cells.parts) - (profile.width - place - 1) + (glued and not was_glued)
    for end in range(start + 1, min(last, len(cells.parts)) + 1):
        cell, extra_cost = cells.between(start, end)
        cost = repair.cost + extra_cost + profile.cell_cost(place, cell)
        yield _State(end, place + 1, was_glued), LineRepair(cost, (*repair.cells, cell))
    if glued and not was_glued and place + 1 < profile.width:
        for end in range(start + 1, min(start + MOST_GLUED, len(cells.parts)) + 1):
            if end > start + 1 and not cells.is_quoted(start, end):
                continue
            pair = _split_in_two(cells.raw(start, end), cells.dialect, place, profile)
            if pair is not None:
                cost = repair.cost + pair.cost + MISSING_SEPARATOR
                yield (
                    _State(end, place + 2, was_glued=True),
                    LineRepair(cost, (*repair.cells, *pair.cells)),
                )


def _split_in_two(
    raw: str, dialect: Dialect, place: int, profile: ColumnProfile
) -> LineRepair | None:
    """The cheapest split of a text into cells for two columns, at a joint."""
    pattern = QUOTED_JOINT if dialect.quote in raw else JOINT
    joints = [match.end() for match in pattern.finditer(raw)]
    pairs = []
    for joint in joints[:MOST_JOINTS]:
        (left, left_cost), (right, right_cost) = (
            unquote_cell(part, dialect) for part in (raw[:joint], raw[joint:])
        )
        if left and right:
            cost = left_cost + right_cost
            cost += profile.cell_cost(place, left) + profile.cell_cost(place + 1, right)
            pairs.append(LineRepair(cost, (left, right)))
    return min(pairs, default=None, key=lambda pair: pair.cost)


def _cell_features(cell: str) -> tuple[str, str, str]:
    return letter_pattern(cell), run_pattern(cell), cell_kind(cell)
