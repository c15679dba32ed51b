"""The clauses of a condition: a field, one operator, and what is asked of the value.

The rules of this file: a missing or mistyped value makes a clause false, never an error, so
that `{field: x, is_not: y}` is false too where x is not given (write `{not: …}` to include
those); text is compared letter for letter by `is` and `in`, and whatever its case by `contains`,
`starts` and `any_word`; a number is never a text that looks like one, nor true a 1.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, ClassVar

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


@lru_cache(maxsize=64)  # the same message is asked by one rule after the other
def _fold_text(text: str) -> tuple[str, frozenset[str]]:
    folded = text.casefold()
    return folded, frozenset(ONE_WORD.findall(folded))


class Clause(Model):
    """A field and what is asked of its value; `wanted` says it in plain words."""

    model_config = ConfigDict(
        serialize_by_alias=True, validate_by_alias=True, validate_by_name=True
    )
    operator: ClassVar[str]
    field: Annotated[str, Field(min_length=1)]

    @property
    def requirement(self) -> str:
        raise NotImplementedError

    def build_predicate(self) -> Predicate:
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
        same = _build_equality(value)
        return lambda view: same(view.get(field))


class IsNot(Clause):
    """Given, and not this value."""

    operator = "is_not"
    is_not: Scalar

    @property
    def requirement(self) -> str:
        return f"other than {format_value(self.is_not)}"

    def build_predicate(self) -> Predicate:
        field, same, kin = self.field, _build_equality(self.is_not), _comparable_types(self.is_not)
        return lambda view: type(found := view.get(field)) in kin and not same(found)


class In(Clause):
    """One of these values; of a list, at least one."""

    operator = "in"
    in_: Scalars = Field(alias="in")

    @property
    def requirement(self) -> str:
        return f"one of {format_values(self.in_)}" if len(self.in_) > 1 else format_values(self.in_)

    def build_predicate(self) -> Predicate:
        field, among = self.field, _build_membership(self.in_)
        return lambda view: among(view.get(field))


class NotIn(Clause):
    """Given, and none of these values."""

    operator = "not_in"
    not_in: Scalars

    @property
    def requirement(self) -> str:
        return f"none of {format_values(self.not_in)}"

    def build_predicate(self) -> Predicate:
        field, among = self.field, _build_membership(self.not_in)
        kin = frozenset[type]().union({tuple}, *(_comparable_types(value) for value in self.not_in))
        return lambda view: type(found := view.get(field)) in kin and not among(found)


class AtLeast(Clause):
    """The number or more."""

    operator = "at_least"
    at_least: Number

    @property
    def requirement(self) -> str:
        return f"at least {self.at_least}"

    def build_predicate(self) -> Predicate:
        field, least = self.field, self.at_least
        return lambda view: type(n := view.get(field)) in NUMBERS and n >= least  # type: ignore[operator]


class AtMost(Clause):
    """The number or less."""

    operator = "at_most"
    at_most: Number

    @property
    def requirement(self) -> str:
        return f"at most {self.at_most}"

    def build_predicate(self) -> Predicate:
        field, most = self.field, self.at_most
        return lambda view: type(n := view.get(field)) in NUMBERS and n <= most  # type: ignore[operator]


class Above(Clause):
    """More than this number."""

    operator = "above"
    above: Number

    @property
    def requirement(self) -> str:
        return f"above {self.above}"

    def build_predicate(self) -> Predicate:
        field, bound = self.field, self.above
        return lambda view: type(n := view.get(field)) in NUMBERS and n > bound  # type: ignore[operator]


class Below(Clause):
    """Less than this number."""

    operator = "below"
    below: Number

    @property
    def requirement(self) -> str:
        return f"below {self.below}"

    def build_predicate(self) -> Predicate:
        field, bound = self.field, self.below
        return lambda view: type(n := view.get(field)) in NUMBERS and n < bound  # type: ignore[operator]


class Contains(Clause):
    """A text with this part, or a list with this text in it."""

    operator = "contains"
    contains: Word

    @property
    def requirement(self) -> str:
        return f"with {format_value(self.contains)} in it"

    def build_predicate(self) -> Predicate:
        part = self.contains.casefold()

        def holds(found: Value) -> bool:
            if isinstance(found, tuple):
                return any(text.casefold() == part for text in found)
            return isinstance(found, str) and part in found.casefold()

        field = self.field
        return lambda view: holds(view.get(field))


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
        wanted = [word.casefold() for word in self.any_word]
        plain = frozenset(word for word in wanted if ONE_WORD.fullmatch(word))
        phrases = tuple(word for word in wanted if word not in plain)
        bounded = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")

        def says(text: str) -> bool:
            folded, words = _fold_text(text)
            if not plain.isdisjoint(words):
                return True
            return any(part in folded for part in phrases) and bounded.search(folded) is not None

        def holds(view: View) -> bool:
            found = view.get(field)
            if isinstance(found, str):
                return says(found)
            return isinstance(found, tuple) and any(says(text) for text in found)

        return holds


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

        def holds(found: Value) -> bool:
            try:
                return isinstance(found, str) and search(found) is not None
            except UnicodeEncodeError:  # a lone surrogate: RE2 reads UTF-8 only
                return False

        return lambda view: holds(view.get(field))


CLAUSES = (
    Is, IsNot, In, NotIn, AtLeast, AtMost, Above, Below, Contains, Starts, AnyWord, HasValue,
    Matches,
)  # fmt: skip
NUMBERS = frozenset({int, float})
EMPTY_VALUES = (None, "", ())


def format_field(view: View, field: str) -> str:
    """The value in plain words; `nothing` where it is missing or empty."""
    found = view.get(field)
    return "nothing" if found in EMPTY_VALUES else format_value(found)


def format_value(value: Value) -> str:
    """A value as people say it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return format_values(value, "and")
        case _:
            return str(value)


def format_values(values: tuple[Value, ...], last: str = "or") -> str:
    """One or more values as people list them."""
    *first, final = [format_value(value) for value in values]
    return f"{', '.join(first)} {last} {final}" if first else final


def _comparable_types(value: Scalar) -> frozenset[type]:
    return NUMBERS if type(value) in NUMBERS else frozenset({type(value)})


def _build_equality(value: Scalar) -> Callable[[Value], bool]:
    if isinstance(value, str):
        return lambda found: found == value
    if isinstance(value, bool):
        return lambda found: found is value
    return lambda found: type(found) in NUMBERS and found == value


def _build_membership(values: tuple[Scalar, ...]) -> Callable[[Value], bool]:
    texts = frozenset(value for value in values if isinstance(value, str))
    others = tuple(_build_equality(value) for value in values if not isinstance(value, str))
    if others:
        return lambda found: found in texts or any(same(found) for same in others)
    return lambda found: found in texts or (type(found) is tuple and not texts.isdisjoint(found))
