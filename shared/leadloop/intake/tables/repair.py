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
FIRST_STEPS, STEPS_PER_CHARACTER = 100_000, 6  # of the searches of one file
# What each costs, in microseconds or so: a cell from the memory, a new one, what it looks like,
# and a text that is split in two.
STEP, CELL_STEPS, FEATURE_STEPS, PAIR_STEPS = 1, 3, 15, 60
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
        self._costs: dict[tuple[int, tuple[str, str, str]], float] = {}
        for row in rows:
            self._rows += 1
            for counters, cell in zip(self._features, row, strict=True):
                for counter, feature in zip(counters, _cell_features(cell.strip()), strict=True):
                    counter[feature] += 1

    def cell_cost(self, place: int, cell: str) -> float:
        """How unlike the column at `place` (from 0) a cell is; 0 is exactly like it."""
        return self.feature_cost(place, _cell_features(cell.strip()))

    def feature_cost(self, place: int, features: tuple[str, str, str]) -> float:
        """The same by a cell's features; each is worked out once."""
        key = (place, features)
        if key not in self._costs:
            counters = zip(self._features[place], features, strict=True)
            letters, runs, kind = (c[feature] / max(self._rows, 1) for c, feature in counters)
            self._costs[key] = -math.log(0.2 * letters + 0.3 * runs + 0.49 * kind + 0.01)
        return self._costs[key]

    def row_cost(self, row: Sequence[str]) -> float:
        """The sum of the costs of a row's cells."""
        return sum(self.cell_cost(place, cell) for place, cell in enumerate(row))

    @property
    def is_reliable(self) -> bool:
        """Whether the sample has enough rows."""
        return self._rows >= 5


class SearchBudget:
    """The steps that the repairs of one file may still take; each line that is read adds some."""

    def __init__(self) -> None:
        self.steps = FIRST_STEPS

    def add_line(self, text: str) -> None:
        self.steps += STEPS_PER_CHARACTER * len(text)


class LineRepair(NamedTuple):
    """The cells of a repaired line, or the first of them, and what they cost."""

    cost: float
    cells: tuple[str, ...]


class _Search:
    """What all searches of a line share. No way is followed that costs more than `limit`."""

    def __init__(self, profile: ColumnProfile, limit: float, budget: SearchBudget) -> None:
        self.profile, self.limit, self.budget = profile, limit, budget


class _State(NamedTuple):
    """How many parts are used, how many cells they gave, and if one text became two cells."""

    parts: int
    cell_count: int
    was_glued: bool


def repair_line(
    text: str,
    dialect: Dialect,
    profile: ColumnProfile,
    usual_cost: float,
    budget: SearchBudget | None = None,
) -> LineRepair | None:
    """The cheapest repair of a line; None: each costs too much, or the search takes too long.

    `usual_cost` is the cost of a well-formed row.
    """
    if not profile.is_reliable or len(text) > MOST_TEXT:
        return None
    search = _Search(profile, usual_cost + MOST_EXTRA_COST, budget or SearchBudget())
    best: LineRepair | None = None
    for sign in _candidate_delimiters(text, dialect):
        for repair in _repairs_by_delimiter(text, sign, dialect, search):
            if best is None or repair.cost < best.cost:
                best = repair
                search.limit = repair.cost
    return None if search.budget.steps < 0 else best


def _candidate_delimiters(text: str, dialect: Dialect) -> Iterator[str]:
    """The file's own delimiter, then others that the line contains."""
    yield dialect.delimiter
    for sign in OTHER_DELIMITERS:
        if sign != dialect.delimiter and sign in text:
            yield sign


def _repairs_by_delimiter(
    text: str, sign: str, dialect: Dialect, search: _Search
) -> Iterator[LineRepair]:
    parts = text.split(sign)
    is_own_delimiter = sign == dialect.delimiter
    profile = search.profile
    least_parts = profile.width - (1 if is_own_delimiter else 0)
    if len(parts) > MOST_PARTS or len(parts) < least_parts:
        return
    dialect = dialect.but(delimiter=sign)
    cells = _Cells(parts, dialect)
    if len(parts) >= profile.width:
        yield from _split_cells(cells, search, glued=False)
    if is_own_delimiter:
        yield from _split_cells(cells, search, glued=True)
        if len(parts) > profile.width:
            yield from _drop_empty_cell(parts, dialect, search)


def _drop_empty_cell(
    parts: Sequence[str], dialect: Dialect, search: _Search
) -> Iterator[LineRepair]:
    """Repairs that drop an empty part: one delimiter too many leaves one."""
    for place, part in enumerate(parts):
        if part.strip() in ("", dialect.quote * 2):
            rest = [*parts[:place], *parts[place + 1 :]]
            for repair in _split_cells(_Cells(rest, dialect), search, glued=False):
                yield repair._replace(cost=repair.cost + EXTRA_SEPARATOR)


class _Cells:
    """Cells made of neighbouring parts of a line, with the cost of their quotes and delimiters."""

    def __init__(self, parts: Sequence[str], dialect: Dialect) -> None:
        self.parts, self.dialect = parts, dialect
        self._known: dict[tuple[int, int], tuple[str, float]] = {}
        self._features: dict[tuple[int, int], tuple[str, str, str]] = {}

    def features(self, start: int, end: int) -> tuple[str, str, str]:
        """The features of that cell."""
        key = (start, end)
        if key not in self._features:
            self._features[key] = _cell_features(self.between(start, end)[0].strip())
        return self._features[key]

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

    def is_known(self, start: int, end: int) -> bool:
        return (start, end) in self._known

    def has_features(self, start: int, end: int) -> bool:
        return (start, end) in self._features

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


def _split_cells(cells: _Cells, search: _Search, *, glued: bool) -> Iterator[LineRepair]:
    """The cheapest way to make one cell for each column, if there is one.

    `glued`: a delimiter is missing, so that one text holds two cells. The search goes from left to
    right and keeps the cheapest way to each state (dynamic programming). A way that costs more
    than the limit is given up at once: no cost is below 0.
    """
    count, width = len(cells.parts), search.profile.width
    best: dict[_State, LineRepair] = {_State(0, 0, was_glued=False): LineRepair(0, ())}
    for cell_count in range(width):
        for state in [state for state in best if state.cell_count == cell_count]:
            for next_state, repair in _next_states(state, best[state], cells, search, glued=glued):
                if search.budget.steps < 0:
                    return
                if repair.cost > search.limit:
                    continue
                if next_state not in best or repair.cost < best[next_state].cost:
                    best[next_state] = repair
    finished = best.get(_State(count, width, was_glued=glued))
    if finished is not None:
        yield finished


def _next_states(
    state: _State, repair: LineRepair, cells: _Cells, search: _Search, *, glued: bool
) -> Iterator[tuple[_State, LineRepair]]:
    """Each way to one cell more, or to two cells that one text holds."""
    start, place, was_glued = state
    profile = search.profile
    last = len(cells.parts) - (profile.width - place - 1) + (glued and not was_glued)
    for end in range(start + 1, min(last, len(cells.parts)) + 1):
        search.budget.steps -= STEP if cells.is_known(start, end) else CELL_STEPS
        cell, extra_cost = cells.between(start, end)
        if repair.cost + extra_cost > search.limit:
            continue
        search.budget.steps -= 0 if cells.has_features(start, end) else FEATURE_STEPS
        features = cells.features(start, end)
        cost = repair.cost + extra_cost + profile.feature_cost(place, features)
        yield _State(end, place + 1, was_glued), LineRepair(cost, (*repair.cells, cell))
    if glued and not was_glued and place + 1 < profile.width:
        for end in range(start + 1, min(start + MOST_GLUED, len(cells.parts)) + 1):
            if end > start + 1 and not cells.is_quoted(start, end):
                continue
            search.budget.steps -= PAIR_STEPS
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
