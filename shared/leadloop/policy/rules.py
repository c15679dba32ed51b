"""Many conditions asked of one lead at once: of scores, all that hold; of routes, the first.

A sieve stands before the closures. For each field that rows ask for, it keeps which rows a value
leaves in question, as the bits of one integer; a look-up per field, and of a hundred rows a
handful is left to be asked. A sieve may pass a row that does not hold, and never keeps back one
that does: the condition itself has the last word, so what `clauses` says of values is not said
here a second time.
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
RowSet = int  # a set of them: the n-th bit is the n-th row


class Rules(Generic[T]):
    """Conditions in order, each with what it stands for; a condition of None always holds.

    `fields` are all that they ask for.
    """

    def __init__(self, rows: Iterable[tuple[Condition | None, T]]) -> None:
        asked = tuple(rows)
        self.fields = frozenset(field for condition, _ in asked for field in _fields(condition))
        self._rows = tuple((_compile_predicate(condition), value) for condition, value in asked)
        self._everyone: RowSet = (1 << len(asked)) - 1
        needed = [tuple(_required_clauses(condition)) for condition, _ in asked]
        self._words = tuple(_text_prefilters(needed, self._everyone))
        self._numbers = tuple(_number_prefilters(needed, self._everyone))

    def all_matches(self, view: View) -> tuple[T, ...]:
        """What each condition that holds stands for, in order."""
        rows, left, found = self._rows, self._candidate_rows(view), []
        while left:
            lowest = left & -left
            left ^= lowest
            holds, value = rows[lowest.bit_length() - 1]
            if holds(view):
                found.append(value)
        return tuple(found)

    def first_match(self, view: View) -> T | None:
        """What the first condition that holds stands for, or None if none does."""
        rows, left = self._rows, self._candidate_rows(view)
        while left:
            lowest = left & -left
            left ^= lowest
            holds, value = rows[lowest.bit_length() - 1]
            if holds(view):
                return value
        return None

    def _candidate_rows(self, view: View) -> RowSet:
        left = self._everyone
        for field, rows_of, others in self._words:
            if type(found := view.get(field)) is not tuple:  # a list: `in` asks for one of it
                left &= rows_of.get(found, others)  # type: ignore[arg-type]
        for field, floors, rows_from, others in self._numbers:
            n = view.get(field)
            left &= rows_from[bisect_right(floors, n) - 1] if type(n) in NUMBERS else others  # type: ignore[type-var]
        return left


class TextPrefilter(NamedTuple):
    """`rows_of` a text in question; `others` for any other value, or none."""

    field: str
    rows_of: dict[str, RowSet]
    others: RowSet


class NumberPrefilter(NamedTuple):
    """`rows_from` each of `floors`, ascending from −∞, up to the next; `others` for no number."""

    field: str
    floors: tuple[float, ...]
    rows_from: tuple[RowSet, ...]
    others: RowSet


def _required_clauses(condition: Condition | None) -> Iterator[Clause]:
    """Clauses without which it cannot hold."""
    match condition:
        case All(all=parts):
            for part in parts:
                yield from _required_clauses(part)
        case Clause():
            yield condition


def _text_prefilters(rows: Sequence[Sequence[Clause]], everyone: RowSet) -> Iterator[TextPrefilter]:
    asked: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for row, clauses in enumerate(rows):
        for clause in clauses:
            if (texts := _texts(clause)) is not None:
                of_field = asked[clause.field]
                of_field[row] = of_field.get(row, texts) & texts
    for field, texts_by_row in asked.items():
        others = everyone & ~_build_row_set(texts_by_row)
        rows_of: dict[str, RowSet] = {}
        for row, texts in texts_by_row.items():
            for text in texts:
                rows_of[text] = rows_of.get(text, others) | 1 << row
        yield TextPrefilter(field, rows_of, others)


def _number_prefilters(
    rows: Sequence[Sequence[Clause]], everyone: RowSet
) -> Iterator[NumberPrefilter]:
    asked: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for row, clauses in enumerate(rows):
        for clause in clauses:
            if (bounds := _bounds(clause)) is not None:
                low, high = asked[clause.field].get(row, (-inf, inf))
                asked[clause.field][row] = max(low, bounds[0]), min(high, bounds[1])
    for field, bounds_by_row in asked.items():
        others = everyone & ~_build_row_set(bounds_by_row)
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
    """The only texts it holds on, if it asks for texts."""
    match clause:
        case Is(is_=str(text)):
            return frozenset({text})
        case In(in_=values) if all(isinstance(value, str) for value in values):
            return frozenset(map(str, values))
        case _:
            return None


def _bounds(clause: Clause) -> tuple[float, float] | None:
    """Beyond these it does not hold, if it asks for a number."""
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
