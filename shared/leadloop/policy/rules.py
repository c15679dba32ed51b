"""Many conditions asked of one lead at once: all that hold (scores) or the first (routes).

Prefilters run before the closures. For each field that rows use, a prefilter maps a value to the
rows that may still hold, as the bits of one integer. So one look-up per field leaves a handful of
a hundred rows. A prefilter may pass a row that does not hold, but it never drops one that does.
The condition itself decides, so the meaning of values is defined in `clauses` alone.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Generic, NamedTuple, TypeVar

from leadloop.policy.clauses import (
    NUMBERS,
    Above,
    AtLeast,
    AtMost,
    Below,
    Clause,
    In,
    Is,
    Predicate,
    View,
)
from leadloop.policy.conditions import All, Condition, compile_condition, fields_of

T = TypeVar("T")
RowSet = int  # a set of rows: the n-th bit is the n-th row


class Rules(Generic[T]):
    """Conditions in order, each with a value. A condition of None always holds.

    `fields` are the names of all fields that the conditions use.
    """

    def __init__(self, rows: Iterable[tuple[Condition | None, T]]) -> None:
        pairs = tuple(rows)
        self.fields = frozenset(field for condition, _ in pairs for field in _fields(condition))
        self._rows = tuple((_compile_predicate(condition), value) for condition, value in pairs)
        self._all_rows: RowSet = (1 << len(pairs)) - 1
        required = [tuple(_required_clauses(condition)) for condition, _ in pairs]
        self._text_prefilters = tuple(_text_prefilters(required, self._all_rows))
        self._number_prefilters = tuple(_number_prefilters(required, self._all_rows))

    def all_matches(self, view: View) -> tuple[T, ...]:
        """The values of all conditions that hold, in order."""
        rows, candidates, values = self._rows, self._candidate_rows(view), []
        while candidates:
            lowest = candidates & -candidates
            candidates ^= lowest
            holds, value = rows[lowest.bit_length() - 1]
            if holds(view):
                values.append(value)
        return tuple(values)

    def first_match(self, view: View) -> T | None:
        """The value of the first condition that holds; None: no condition holds."""
        rows, candidates = self._rows, self._candidate_rows(view)
        while candidates:
            lowest = candidates & -candidates
            candidates ^= lowest
            holds, value = rows[lowest.bit_length() - 1]
            if holds(view):
                return value
        return None

    def _candidate_rows(self, view: View) -> RowSet:
        rows = self._all_rows
        for field, rows_of, others in self._text_prefilters:
            # A list is not filtered: `in` holds if any of its texts is among the operands.
            if type(value := view.get(field)) is not tuple:
                rows &= rows_of.get(value, others)  # type: ignore[arg-type]
        for field, floors, rows_from, others in self._number_prefilters:
            n = view.get(field)
            rows &= rows_from[bisect_right(floors, n) - 1] if type(n) in NUMBERS else others  # type: ignore[type-var]
        return rows


class TextPrefilter(NamedTuple):
    """The rows that may hold on a text: `rows_of` each operand, `others` for any other value."""

    field: str
    rows_of: dict[str, RowSet]
    others: RowSet


class NumberPrefilter(NamedTuple):
    """The rows that may hold on a number: `rows_from` each floor up to the next floor.

    `floors` ascend from −∞. `others` are the rows that may hold on a value that is no number.
    """

    field: str
    floors: tuple[float, ...]
    rows_from: tuple[RowSet, ...]
    others: RowSet


def _required_clauses(condition: Condition | None) -> Iterator[Clause]:
    """The clauses that must all hold for the condition to hold."""
    match condition:
        case All(all=parts):
            for part in parts:
                yield from _required_clauses(part)
        case Clause():
            yield condition


def _text_prefilters(rows: Sequence[Sequence[Clause]], all_rows: RowSet) -> Iterator[TextPrefilter]:
    by_field: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for row, clauses in enumerate(rows):
        for clause in clauses:
            if (texts := _texts(clause)) is not None:
                texts_by_row = by_field[clause.field]
                texts_by_row[row] = texts_by_row.get(row, texts) & texts
    for field, texts_by_row in by_field.items():
        others = all_rows & ~_build_row_set(texts_by_row)
        rows_of: dict[str, RowSet] = {}
        for row, texts in texts_by_row.items():
            for text in texts:
                rows_of[text] = rows_of.get(text, others) | 1 << row
        yield TextPrefilter(field, rows_of, others)


def _number_prefilters(
    rows: Sequence[Sequence[Clause]], all_rows: RowSet
) -> Iterator[NumberPrefilter]:
    by_field: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for row, clauses in enumerate(rows):
        for clause in clauses:
            if (bounds := _bounds(clause)) is not None:
                low, high = by_field[clause.field].get(row, (-inf, inf))
                by_field[clause.field][row] = max(low, bounds[0]), min(high, bounds[1])
    for field, bounds_by_row in by_field.items():
        others = all_rows & ~_build_row_set(bounds_by_row)
        floors = tuple(sorted({-inf, *(b for bounds in bounds_by_row.values() for b in bounds)}))
        rows_from = tuple(
            others
            | _build_row_set(
                row for row, (low, high) in bounds_by_row.items() if low <= floor <= high
            )
            for floor in floors
        )
        yield NumberPrefilter(field, floors, rows_from, others)


def _texts(clause: Clause) -> frozenset[str] | None:
    """The only texts on which the clause holds; None: it does not ask for texts."""
    match clause:
        case Is(is_=str(text)):
            return frozenset({text})
        case In(in_=values) if all(isinstance(value, str) for value in values):
            return frozenset(map(str, values))
        case _:
            return None


def _bounds(clause: Clause) -> tuple[float, float] | None:
    """The lowest and highest number on which the clause holds; None: it asks for no number."""
    match clause:
        case AtLeast(at_least=low) | Above(above=low):
            return low, inf
        case AtMost(at_most=high) | Below(below=high):
            return -inf, high
        case _:
            return None


def _fields(condition: Condition | None) -> tuple[str, ...]:
    return () if condition is None else fields_of(condition)


def _build_row_set(rows: Iterable[int]) -> RowSet:
    return sum(1 << row for row in rows)


def _compile_predicate(condition: Condition | None) -> Predicate:
    return _always if condition is None else compile_condition(condition)


def _always(_: View) -> bool:
    return True
