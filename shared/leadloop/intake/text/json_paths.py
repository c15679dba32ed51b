"""Where in a source's document a value lies, said as data: by a name, or by a JMESPath expression.

A row of a playbook maps `e-mail` or `person.mail` or `answers[?q=='size'].a | [0]` to a name of
ours. A name that stands in the document as it is written wins; what cannot be an expression is
a name only. Expressions are compiled once a process, and what one meets in somebody's document is
never an error of ours. Every door that maps documents does it here.
"""

import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult

from leadloop.model.base import Reason

LONGEST_PATH = 500  # characters
PLAIN_NAME = re.compile(
    r"[\w /:#-]+(?:\[[\w-]*\])*"
)  # `first-name`, `Straße`, and PHP's `lead[mail]`
DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
MOST_NAMES = 1_000  # looked at for telling what is there, and what was ignored
MOST_REPORTED = 50
LONGEST_REPORTED = 80
# What expressions raise on documents that their author did not think of (found by trying).
EXPRESSION_ERRORS = (JMESPathError, TypeError, ValueError, RecursionError)


class DocumentValues(NamedTuple):
    """The values of a document by the names and paths of its source.

    `misfits` name each expression that cannot be followed in this document. `ignored` are the
    names, dotted, of what is in the document and nobody takes.
    """

    values: dict[str, object]
    misfits: tuple[Reason, ...] = ()
    ignored: tuple[str, ...] = ()


class Misfit(Exception):
    """The expression cannot be followed in this document."""


def follow_paths(document: Mapping[str, object], paths: Collection[str]) -> DocumentValues:
    """What lies at each path, None where nothing does."""
    values: dict[str, object] = {}
    misfits: list[Reason] = []
    for path in paths:
        try:
            values[path] = value_at_path(document, path)
        except Misfit:
            misfits.append(Reason(code="misfit", text=f"{path}: does not fit what was sent"))
    return DocumentValues(values, tuple(misfits))


def value_at_path(document: Mapping[str, object], path: str) -> object:
    """What lies at a path. One that breaks for want of a name that it speaks of finds nothing.

    Raises:
        Misfit: all that it speaks of is there, and it breaks.

    """
    if path in document:
        return document[path]
    expression = _compile_path(path)
    if expression is None:
        return None
    try:
        return expression.search(document)
    except EXPRESSION_ERRORS as error:
        if _names_in_path(path) <= {name.rpartition(".")[2] for name in _document_names(document)}:
            raise Misfit(path) from error
        return None


def path_fault(path: str) -> str | None:
    """What is wrong with a path that a playbook names, or None; for who checks playbooks."""
    if len(path) > LONGEST_PATH:
        return f"has {len(path)} characters; {LONGEST_PATH} are the most"
    expression = _compile_path(path)
    if expression is None:
        plain = PLAIN_NAME.fullmatch(path) is not None
        return None if plain else "is neither a name nor a JMESPath expression"
    for node in _nodes(expression.parsed):
        if node["type"] == "function_expression" and (what := _call_fault(node)):
            return what
        if node["type"] == "slice" and node["children"][2] == 0:
            return "has a slice of step 0"
    return None


def ignored_names(document: Mapping[str, object], taken: Collection[str]) -> tuple[str, ...]:
    """The names, dotted, of values in a document that none of `taken` (names and paths) asks for.

    A name inside a list, or one that a longer expression may reach, counts as asked for when the
    expression speaks of it at all.
    """
    spoken = {
        name for path in taken if not DOTTED_NAME.fullmatch(path) for name in _names_in_path(path)
    }
    found = (
        dotted
        for dotted, is_leaf in _document_names(document).items()
        if is_leaf and dotted not in taken and not spoken.intersection(dotted.split("."))
    )
    told = dict.fromkeys(name[:LONGEST_REPORTED] for name in found)
    return tuple(sorted(told)[:MOST_REPORTED])


def _document_names(document: Mapping[str, object]) -> dict[str, bool]:
    """Every name, dotted, and whether a value lies there and no group of further names.

    Breadth first, and never more than so many: whoever sends thousands is told of the first.
    """
    found: dict[str, bool] = {}
    waiting: list[tuple[str, object]] = list(document.items())
    for name, value in waiting:
        if len(found) == MOST_NAMES:
            break
        inner = value if isinstance(value, list) else [value]
        groups = [each for each in inner[:MOST_NAMES] if isinstance(each, dict)]
        waiting += [(f"{name}.{key}", each) for group in groups for key, each in group.items()]
        found[name] = not groups
    return found


@lru_cache(maxsize=2_048)
def _compile_path(path: str) -> ParsedResult | None:
    """None: it is no expression, only a name."""
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
    waiting = [parsed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node["children"]


def _call_fault(node: Mapping[str, Any]) -> str | None:
    """The library asks only when it calls, and that may be at the first lead."""
    known = Functions.FUNCTION_TABLE.get(node["value"])
    if known is None:
        return f"there is no function {node['value']}"
    wanted, given = len(known["signature"]), len(node["children"])
    more = any(argument.get("variadic") for argument in known["signature"])
    if given < wanted or (given > wanted and not more):
        return f"{node['value']} takes {wanted} values, not {given}"
    return None
