"""The clauses of a condition. A clause has a field, one operator and an operand.

- A missing or mistyped value makes a clause false, never an error. So `{field: x, is_not: y}` is
  false where x is missing; write `{not: {field: x, is: y}}` to include those.
- `is` and `in` compare text letter for letter; `contains`, `starts` and `any_word` ignore case.
- A text that looks like a number is no number, and `true` is not 1.

The docstrings of the clauses are read by users: they stand in the API's description.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Annotated, Any, ClassVar

from pydantic import (
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from leadloop.model.base import Model
from leadloop.policy.patterns import Pattern, compile_pattern

Value = str | int | float | bool | tuple[str, ...] | None
View = Mapping[str, Value]  # flat, dotted names
Predicate = Callable[[View], bool]

Number = StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]
Scalar = StrictStr | StrictBool | Number
Scalars = Annotated[tuple[Scalar, ...], Field(min_length=1)]
Word = Annotated[StrictStr, Field(min_length=1)]
ONE_WORD = re.compile(r"\w+")
Words = Annotated[tuple[Word, ...], Field(min_length=1)]


@lru_cache(maxsize=64)  # many rules ask for the words of the same message, one after the other
def _fold_text(text: str) -> tuple[str, frozenset[str]]:
    folded = text.casefold()
    return folded, frozenset(ONE_WORD.findall(folded))


class Clause(Model):
    """A field and the condition that its value must meet."""

    model_config = ConfigDict(
        serialize_by_alias=True, validate_by_alias=True, validate_by_name=True
    )
    operator: ClassVar[str]
    field: Annotated[str, Field(min_length=1)]

    @property
    def requirement(self) -> str:
        """The condition in plain words, to be read after the field: `one of DE or AT`."""
        raise NotImplementedError

    def build_predicate(self) -> Predicate:
        """The clause as a function of a view; it never raises."""
        raise NotImplementedError


class Is(Clause):
    """Exactly this value."""

    operator = "is"
    is_: Scalar = Field(alias="is")

    @property
    def requirement(self) -> str:
        return format_value(self.is_)

    def build_predicate(self) -> Predicate:
        field, value = self.field, self.is_
        if isinstance(value, str):
            return lambda view: view.get(field) == value
        equals = _build_equality(value)
        return lambda view: equals(view.get(field))


class IsNot(Clause):
    """Given, and not this value."""

    operator = "is_not"
    is_not: Scalar

    @property
    def requirement(self) -> str:
        return f"other than {format_value(self.is_not)}"

    def build_predicate(self) -> Predicate:
        field, types = self.field, _comparable_types(self.is_not)
        equals = _build_equality(self.is_not)
        return lambda view: type(value := view.get(field)) in types and not equals(value)


class In(Clause):
    """One of these values; of a list, at least one."""

    operator = "in"
    in_: Scalars = Field(alias="in")

    @property
    def requirement(self) -> str:
        return f"one of {format_values(self.in_)}" if len(self.in_) > 1 else format_values(self.in_)

    def build_predicate(self) -> Predicate:
        field, is_member = self.field, _build_membership(self.in_)
        return lambda view: is_member(view.get(field))


class NotIn(Clause):
    """Given, and none of these values."""

    operator = "not_in"
    not_in: Scalars

    @property
    def requirement(self) -> str:
        return f"none of {format_values(self.not_in)}"

    def build_predicate(self) -> Predicate:
        field, is_member = self.field, _build_membership(self.not_in)
        types = frozenset({tuple}).union(*(_comparable_types(value) for value in self.not_in))
        return lambda view: type(value := view.get(field)) in types and not is_member(value)


class NumberClause(Clause):
    """A number that is compared with a bound. The operator's name is also the bound's field."""

    @property
    def bound(self) -> Number:
        """The number that a value is compared with."""
        bound: Number = getattr(self, self.operator)
        return bound

    @property
    def requirement(self) -> str:
        return f"{self.operator.replace('_', ' ')} {self.bound}"

    def build_predicate(self) -> Predicate:
        field, bound, compare = self.field, self.bound, COMPARISONS[self.operator]
        return lambda view: type(n := view.get(field)) in NUMBERS and compare(n, bound)


class AtLeast(NumberClause):
    """The number or more."""

    operator = "at_least"
    at_least: Number


class AtMost(NumberClause):
    """The number or less."""

    operator = "at_most"
    at_most: Number


class Above(NumberClause):
    """More than this number."""

    operator = "above"
    above: Number


class Below(NumberClause):
    """Less than this number."""

    operator = "below"
    below: Number


class Contains(Clause):
    """A text with this part, or a list with this text in it."""

    operator = "contains"
    contains: Word

    @property
    def requirement(self) -> str:
        return f"with {format_value(self.contains)} in it"

    def build_predicate(self) -> Predicate:
        part = self.contains.casefold()

        def contains_part(value: Value) -> bool:
            if isinstance(value, tuple):
                return any(text.casefold() == part for text in value)
            return isinstance(value, str) and part in value.casefold()

        field = self.field
        return lambda view: contains_part(view.get(field))


class Starts(Clause):
    """A text that begins so."""

    operator = "starts"
    starts: Word

    @property
    def requirement(self) -> str:
        return f"beginning with {format_value(self.starts)}"

    def build_predicate(self) -> Predicate:
        field, start = self.field, self.starts.casefold()
        return lambda view: (
            isinstance(text := view.get(field), str) and text.casefold().startswith(start)
        )


class AnyWord(Clause):
    """A text with at least one of these as a whole word; a phrase counts as one word."""

    operator = "any_word"
    any_word: Words

    @property
    def requirement(self) -> str:
        return f"with the word {format_values(self.any_word, 'or')}"

    def build_predicate(self) -> Predicate:
        field = self.field
        folded_words = [word.casefold() for word in self.any_word]
        single_words = frozenset(word for word in folded_words if ONE_WORD.fullmatch(word))
        phrases = tuple(word for word in folded_words if word not in single_words)
        whole_phrase = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")

        def has_any_word(text: str) -> bool:
            folded, words = _fold_text(text)
            if not single_words.isdisjoint(words):
                return True
            if not any(phrase in folded for phrase in phrases):
                return False
            return whole_phrase.search(folded) is not None

        def matches(view: View) -> bool:
            value = view.get(field)
            if isinstance(value, str):
                return has_any_word(value)
            return isinstance(value, tuple) and any(has_any_word(text) for text in value)

        return matches


class HasValue(Clause):
    """`true`: there is a value, and no empty one; `false`: there is none."""

    operator = "given"
    given: StrictBool

    @property
    def requirement(self) -> str:
        return "given" if self.given else "not given"

    def build_predicate(self) -> Predicate:
        field, empty = self.field, EMPTY_VALUES
        if self.given:
            return lambda view: view.get(field) not in empty
        return lambda view: view.get(field) in empty


class Matches(Clause):
    """A text in which this pattern of RE2 is found; `^` and `$` bind it to the ends."""

    operator = "matches"
    matches: Pattern

    @property
    def requirement(self) -> str:
        return f"like /{self.matches}/"

    def build_predicate(self) -> Predicate:
        field, search = self.field, compile_pattern(self.matches).search

        def matches(value: Value) -> bool:
            try:
                return isinstance(value, str) and search(value) is not None
            except UnicodeEncodeError:  # a lone surrogate: RE2 reads UTF-8 only
                return False

        return lambda view: matches(view.get(field))


CLAUSES = (
    Is, IsNot, In, NotIn, AtLeast, AtMost, Above, Below, Contains, Starts, AnyWord, HasValue,
    Matches,
)  # fmt: skip
COMPARISONS: Mapping[str, Callable[[Any, Number], bool]] = {
    "at_least": ge,
    "at_most": le,
    "above": gt,
    "below": lt,
}
NUMBERS = frozenset({int, float})
EMPTY_VALUES = (None, "", ())


def format_field(view: View, field: str) -> str:
    """The field's value in plain words; `nothing` where it is missing or empty."""
    value = view.get(field)
    return "nothing" if value in EMPTY_VALUES else format_value(value)


def format_value(value: Value) -> str:
    """A value in plain words: `yes` for true, a list with `and`."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return format_values(value, "and")
        case _:
            return str(value)


def format_values(values: tuple[Value, ...], last: str = "or") -> str:
    """One or more values as people list them: `DE, AT or CH`."""
    *first, final = [format_value(value) for value in values]
    return f"{', '.join(first)} {last} {final}" if first else final


def _comparable_types(value: Scalar) -> frozenset[type]:
    return NUMBERS if type(value) in NUMBERS else frozenset({type(value)})


def _build_equality(value: Scalar) -> Callable[[Value], bool]:
    if isinstance(value, str):
        return lambda other: other == value
    if isinstance(value, bool):
        return lambda other: other is value
    return lambda other: type(other) in NUMBERS and other == value


def _build_membership(values: tuple[Scalar, ...]) -> Callable[[Value], bool]:
    texts = frozenset(value for value in values if isinstance(value, str))
    equalities = tuple(_build_equality(value) for value in values if not isinstance(value, str))
    if equalities:
        return lambda value: value in texts or any(equals(value) for equals in equalities)
    return lambda value: value in texts or (type(value) is tuple and not texts.isdisjoint(value))
