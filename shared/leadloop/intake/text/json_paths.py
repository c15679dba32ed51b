"""Where a value lies in a source's JSON document: a name, or a JMESPath expression.

A row of a playbook maps `e-mail` or `person.mail` or `answers[?q=='size'].a | [0]` to a name of
ours. A name that stands in the document as it is written comes first; a text that is no expression
is a name only. Expressions are compiled once a process. What an expression raises on a sender's
document is never an error of ours. Every door that maps documents does it here.

Source: https://jmespath.org/specification.html
"""

import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from jmespath.parser import ParsedResult
from jmespath.visitor import Options, TreeInterpreter

from leadloop.model.base import Reason

LONGEST_PATH = 500  # characters
PLAIN_NAME = re.compile(
    r"[\w /:#-]+(?:\[[\w-]*\])*"
)  # `first-name`, `Straße`, and PHP's `lead[mail]`
DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
MOST_NAMES = 1_000  # of a document that are looked at for the ignored ones
MOST_REPORTED = 50
LONGEST_REPORTED = 80  # characters
# What expressions raise on documents that their author did not think of (found by trying).
EXPRESSION_ERRORS = (JMESPathError, TypeError, ValueError, RecursionError)


class DocumentValues(NamedTuple):
    """The values of a document by the names and paths of its source.

    `misfits` name each path that cannot be followed in this document. `ignored` are the dotted
    names of values that no path takes.
    """

    values: dict[str, object]
    misfits: tuple[Reason, ...] = ()
    ignored: tuple[str, ...] = ()


class Misfit(Exception):
    """A path cannot be followed in this document."""


def follow_paths(document: Mapping[str, object], paths: Collection[str]) -> DocumentValues:
    """The value at each path, None where there is none."""
    values: dict[str, object] = {}
    misfits: list[Reason] = []
    for path in paths:
        try:
            values[path] = value_at_path(document, path)
        except Misfit:
            misfits.append(Reason(code="misfit", text=f"{path}: does not fit what was sent"))
    return DocumentValues(values, tuple(misfits))


def value_at_path(document: Mapping[str, object], path: str) -> object:
    """The value at a path; None also where the path breaks because one of its names is absent.

    Raises:
        Misfit: all names of the path are in the document, and it breaks.

    """
    if path in document:
        return document[path]
    expression = _compile_path(path)
    if expression is None:
        return None
    try:
        return _interpreter().visit(expression.parsed, document)
    except EXPRESSION_ERRORS as error:
        if _names_in_path(path) <= {name.rpartition(".")[2] for name in document_names(document)}:
            raise Misfit(path) from error
        return None


class _PathFunctions(Functions):  # type: ignore[misc]
    """The library's functions; a text never contains what is no text, where it raised."""

    @signature({"types": ["array", "string"]}, {"types": []})  # type: ignore[untyped-decorator]
    def _func_contains(self, subject: Any, search: Any) -> bool:  # noqa: ANN401
        return not (isinstance(subject, str) and not isinstance(search, str)) and search in subject


class _PathInterpreter(TreeInterpreter):  # type: ignore[misc]
    """The library's interpreter; a number and a text have no order, where it raised.

    Source: JMESPath specification, “Ordering Operators”; jmespath/jmespath.py#169.
    """

    def visit_comparator(self, node: dict[str, Any], value: Any) -> Any:  # noqa: ANN401
        left, right = (self.visit(child, value) for child in node["children"])
        is_ordering = node["value"] not in ("eq", "ne")
        if is_ordering and isinstance(left, str) != isinstance(right, str):
            return None
        return super().visit_comparator(node, value)


@cache
def _interpreter() -> _PathInterpreter:
    return _PathInterpreter(Options(custom_functions=_PathFunctions()))


def path_fault(path: str) -> str | None:
    """What is wrong with a path of a playbook, or None: for the check of playbooks."""
    if len(path) > LONGEST_PATH:
        return f"has {len(path)} characters; {LONGEST_PATH} are the most"
    expression = _compile_path(path)
    if expression is None:
        plain = PLAIN_NAME.fullmatch(path) is not None
        return None if plain else "is neither a name nor a JMESPath expression"
    for node in _nodes(expression.parsed):
        if node["type"] == "function_expression" and (fault := _call_fault(node)):
            return fault
        if node["type"] == "slice" and node["children"][2] == 0:
            return "has a slice of step 0"
    return None


def ignored_names(document: Mapping[str, object], paths: Collection[str]) -> tuple[str, ...]:
    """The dotted names of values in a document that none of `paths` takes.

    A longer expression takes what it compares, and of what else it mentions the values it gives:
    of a list of which it gives one item, the rest is ignored.
    """
    expressions = [path for path in paths if not DOTTED_NAME.fullmatch(path)]
    mentioned = {name for path in expressions for name in _names_in_path(path)}
    compared = {name for path in expressions for name in _names_in_conditions(path)}
    given = {text for path in expressions for text in _texts(_value_or_none(document, path))}
    ignored = {
        dotted[:LONGEST_REPORTED]
        for dotted, value in _values(document)
        if not (dotted in paths and _value_or_none(document, dotted) is not None)
        and not compared.intersection(dotted.split(".")[-1:])
        and not (
            mentioned.intersection(dotted.split("."))
            and all(any(text in whole for whole in given) for text in _texts(value))
        )
    }
    return tuple(sorted(ignored)[:MOST_REPORTED])


def _value_or_none(document: Mapping[str, object], path: str) -> object:
    try:
        return value_at_path(document, path)
    except Misfit:
        return None


def _texts(value: object) -> Iterator[str]:
    """The texts of a value and of all in it, numbers and truths as texts."""
    pending = [value]
    for each in pending:
        if isinstance(each, dict):
            pending += each.values()
        elif isinstance(each, list):
            pending += each
        elif each is not None and each != "":
            yield str(each)


def names_in_paths(paths: Collection[str]) -> frozenset[str]:
    """The last names of plain and dotted paths, and all names of an expression."""
    dotted = {path.rpartition(".")[2] for path in paths if DOTTED_NAME.fullmatch(path)}
    others = (path for path in paths if not DOTTED_NAME.fullmatch(path))
    return frozenset(dotted.union(*({path, *_names_in_path(path)} for path in others)))


def document_names(document: Mapping[str, object]) -> dict[str, bool]:
    """Every dotted name, and whether a value lies there rather than a group of names.

    Breadth first, and at most `MOST_NAMES`.
    """
    return dict(islice(_names(document), MOST_NAMES))


def _names(document: Mapping[str, object]) -> Iterator[tuple[str, bool]]:
    names: set[str] = set()
    for name, value in _all_values(document):
        if name not in names:
            yield name, not _groups(value)
        names.add(name)


def _values(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The dotted names of the first `MOST_NAMES` values that are no groups of names."""
    values = islice(_all_values(document), MOST_NAMES)
    return ((name, value) for name, value in values if not _groups(value))


def _all_values(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    pending: list[tuple[str, object]] = list(document.items())
    for name, value in pending:
        yield name, value
        groups = _groups(value)
        pending += [(f"{name}.{key}", each) for group in groups for key, each in group.items()]


def _groups(value: object) -> list[dict[str, object]]:
    """The groups of names that a value is, or that a list holds."""
    inner = value if isinstance(value, list) else [value]
    return [each for each in inner[:MOST_NAMES] if isinstance(each, dict)]


@lru_cache(maxsize=2_048)
def _compile_path(path: str) -> ParsedResult | None:
    """The compiled expression, or None if the path is only a name."""
    if len(path) > LONGEST_PATH:
        return None
    try:
        with warnings.catch_warnings():  # of an older way to write texts, which is still read
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            return jmespath.compile(path)
    except EXPRESSION_ERRORS:
        return None


@lru_cache(maxsize=2_048)
def _names_in_path(path: str) -> frozenset[str]:
    expression = _compile_path(path)
    if expression is None:
        return frozenset()
    return frozenset(str(n["value"]) for n in _nodes(expression.parsed) if n["type"] == "field")


@lru_cache(maxsize=2_048)
def _names_in_conditions(path: str) -> frozenset[str]:
    """The names that a path only compares: those of its filters, comparisons and negations."""
    expression = _compile_path(path)
    if expression is None:
        return frozenset()
    conditions = [
        node["children"][2:] if node["type"] == "filter_projection" else node["children"]
        for node in _nodes(expression.parsed)
        if node["type"] in {"filter_projection", "comparator", "not_expression"}
    ]
    nodes = (node for inner in conditions for each in inner for node in _nodes(each))
    return frozenset(str(node["value"]) for node in nodes if node["type"] == "field")


def _nodes(parsed: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - the library's tree of plain dicts
    pending = [parsed]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield node
            pending += node["children"]


def _call_fault(node: Mapping[str, Any]) -> str | None:
    """What is wrong with a call: the library finds out only when it calls, at the first lead."""
    function = Functions.FUNCTION_TABLE.get(node["value"])
    if function is None:
        return f"there is no function {node['value']}"
    expected, actual = len(function["signature"]), len(node["children"])
    is_variadic = any(argument.get("variadic") for argument in function["signature"])
    if actual < expected or (actual > expected and not is_variadic):
        return f"{node['value']} takes {expected} values, not {actual}"
    return None
