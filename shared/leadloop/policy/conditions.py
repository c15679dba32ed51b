"""The condition language of the playbook. Scores, routes, branches and exits all use it.

A clause names a field and one operator, as in `{field: contact.country, in: [DE, AT]}`; `all`,
`any` and `not` combine clauses. A condition is compiled to closures once per playbook version. It
can also explain which clause failed on which value. `clauses` defines the operators and says what
a missing value does.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, ClassVar, NamedTuple

from pydantic import ConfigDict, Discriminator, Field, Tag, TypeAdapter

from leadloop.model.base import Model
from leadloop.policy.clauses import (
    CLAUSES,
    Above,
    AnyWord,
    AtLeast,
    AtMost,
    Below,
    Clause,
    Contains,
    HasValue,
    In,
    Is,
    IsNot,
    Matches,
    NotIn,
    Predicate,
    Starts,
    Value,
    View,
    format_field,
)

__all__ = [
    "Condition",
    "Explanation",
    "FailedClause",
    "Predicate",
    "Value",
    "View",
    "clauses_of",
    "compile_condition",
    "compile_explanation",
    "describe",
    "fields_of",
    "parse_condition",
]


class All(Model):
    """Every one holds."""

    operator: ClassVar = "all"
    all: Annotated[tuple["Condition", ...], Field(min_length=1)]


class AnyOf(Model):
    """At least one holds."""

    operator: ClassVar = "any"
    any: Annotated[tuple["Condition", ...], Field(min_length=1)]


class Not(Model):
    """It does not hold."""

    model_config = ConfigDict(
        serialize_by_alias=True, validate_by_alias=True, validate_by_name=True
    )
    operator: ClassVar = "not"
    not_: "Condition" = Field(alias="not")


OPERATORS = frozenset(kind.operator for kind in (*CLAUSES, All, AnyOf, Not))


def _operator(data: object) -> str | None:
    if not isinstance(data, Mapping):
        return getattr(data, "operator", None)
    named = [key for key in data if key in OPERATORS]
    return named[0] if len(named) == 1 else None


Condition = Annotated[
    Annotated[Is, Tag("is")]
    | Annotated[IsNot, Tag("is_not")]
    | Annotated[In, Tag("in")]
    | Annotated[NotIn, Tag("not_in")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[AtMost, Tag("at_most")]
    | Annotated[Above, Tag("above")]
    | Annotated[Below, Tag("below")]
    | Annotated[Contains, Tag("contains")]
    | Annotated[Starts, Tag("starts")]
    | Annotated[AnyWord, Tag("any_word")]
    | Annotated[HasValue, Tag("given")]
    | Annotated[Matches, Tag("matches")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(
        _operator,
        custom_error_type="condition",
        custom_error_message=f"a condition has exactly one of {', '.join(sorted(OPERATORS))}",
    ),
]


def parse_condition(data: object) -> Condition:
    """A condition from plain data, as parsed from YAML or JSON.

    Raises:
        pydantic.ValidationError: the data is no condition.

    """
    return _adapter().validate_python(data)


@cache
def _adapter() -> TypeAdapter[Condition]:
    return TypeAdapter(Condition)


def compile_condition(condition: Condition) -> Predicate:
    """The condition as a function of a view; it never raises."""
    match condition:
        case All(all=parts):
            return _all(tuple(compile_condition(part) for part in parts))
        case AnyOf(any=parts):
            return _any(tuple(compile_condition(part) for part in parts))
        case Not(not_=part):
            test = compile_condition(part)
            return lambda view: not test(view)
        case _:
            return condition.build_predicate()


def _all(tests: tuple[Predicate, ...]) -> Predicate:
    if len(tests) == 2:
        first, second = tests
        return lambda view: first(view) and second(view)
    if len(tests) == 3:
        first, second, third = tests
        return lambda view: first(view) and second(view) and third(view)

    def every(view: View) -> bool:
        for test in tests:  # noqa: SIM110 - all() with a generator takes twice the time
            if not test(view):
                return False
        return True

    return every


def _any(tests: tuple[Predicate, ...]) -> Predicate:
    if len(tests) == 2:
        first, second = tests
        return lambda view: first(view) or second(view)

    def some(view: View) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(view):
                return True
        return False

    return some


class FailedClause(NamedTuple):
    """The clause that failed: its field, the value that it requires, and the lead's value."""

    field: str
    wanted: str
    found: str

    @property
    def text(self) -> str:
        """In one line: `asks for contact.country one of DE or AT; found FR`."""
        return f"asks for {self.field} {self.wanted}; found {self.found}"


Explanation = Callable[[View], FailedClause | None]


def compile_explanation(condition: Condition) -> Explanation:
    """A function that says why the condition fails on a view, or None if it holds.

    For `all` it reports the first part that fails. For `any` and `not` it reports the whole
    condition.
    """
    match condition:
        case All(all=parts):
            return _explain_first_failure(tuple(compile_explanation(part) for part in parts))
        case Clause():
            requirement = condition.requirement
        case Not(not_=Clause() as clause):
            requirement = f"not {clause.requirement}"
        case _:
            requirement = f"({describe(condition)})"
    predicate, fields = compile_condition(condition), fields_of(condition)
    names = ", ".join(fields)

    def explain(view: View) -> FailedClause | None:
        if predicate(view):
            return None
        values = ", ".join(format_field(view, field) for field in fields)
        return FailedClause(field=names, wanted=requirement, found=values)

    return explain


def _explain_first_failure(explanations: tuple[Explanation, ...]) -> Explanation:
    def explain(view: View) -> FailedClause | None:
        for explanation in explanations:
            failing = explanation(view)
            if failing is not None:
                return failing
        return None

    return explain


def describe(condition: Condition) -> str:
    """The whole condition in plain words."""
    match condition:
        case All(all=parts):
            return " and ".join(_describe_part(part) for part in parts)
        case AnyOf(any=parts):
            return " or ".join(_describe_part(part) for part in parts)
        case Not(not_=part):
            return f"not ({describe(part)})"
        case _:
            return f"{condition.field} {condition.requirement}"


def fields_of(condition: Condition) -> tuple[str, ...]:
    """The names of the fields that the condition uses, each once, in the order written."""
    match condition:
        case All(all=parts) | AnyOf(any=parts):
            return tuple(dict.fromkeys(field for part in parts for field in fields_of(part)))
        case Not(not_=part):
            return fields_of(part)
        case _:
            return (condition.field,)


def clauses_of(condition: Condition) -> tuple[Clause, ...]:
    """The clauses of the condition, in the order written."""
    match condition:
        case All(all=parts) | AnyOf(any=parts):
            return tuple(clause for part in parts for clause in clauses_of(part))
        case Not(not_=part):
            return clauses_of(part)
        case _:
            return (condition,)


def _describe_part(condition: Condition) -> str:
    text = describe(condition)
    return f"({text})" if isinstance(condition, All | AnyOf) else text
