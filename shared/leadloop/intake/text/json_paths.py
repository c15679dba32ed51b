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

    A name inside a list, or one that a longer expression may reach, counts as taken if the
    expression mentions it at all.
    """
    mentioned = {
        name for path in paths if not DOTTED_NAME.fullmatch(path) for name in _names_in_path(path)
    }
    ignored = (
        dotted
        for dotted, is_leaf in document_names(document).items()
        if is_leaf and dotted not in paths and not mentioned.intersection(dotted.split("."))
    )
    unique = dict.fromkeys(name[:LONGEST_REPORTED] for name in ignored)
    return tuple(sorted(unique)[:MOST_REPORTED])


def names_in_paths(paths: Collection[str]) -> frozenset[str]:
    """The last names of plain and dotted paths, and all names of an expression."""
    dotted = {path.rpartition(".")[2] for path in paths if DOTTED_NAME.fullmatch(path)}
    others = (path for path in paths if not DOTTED_NAME.fullmatch(path))
    return frozenset(dotted.union(*({path, *_names_in_path(path)} for path in others)))


def document_names(document: Mapping[str, object]) -> dict[str, bool]:
    """Every dotted name, and whether a value lies there rather than a group of names.

    Breadth first, and at most `MOST_NAMES`.
    """
    names: dict[str, bool] = {}
    pending: list[tuple[str, object]] = list(document.items())
    for name, value in pending:
        if len(names) == MOST_NAMES:
            break
        inner = value if isinstance(value, list) else [value]
        groups = [each for each in inner[:MOST_NAMES] if isinstance(each, dict)]
        pending += [(f"{name}.{key}", each) for group in groups for key, each in group.items()]
        names[name] = not groups
    return names


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
