"""Which query and header names a route takes, and the faults of a request that names others.

A route declares its names by its own parameters: typed ones, or those of its description. Only the
APIs of programs refuse names. A public door keeps what it does not know.

Source: OpenAPI 3.1, "Parameter Object".
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from aws_lambda_powertools.event_handler.api_gateway import Route

from leadloop.model.base import Reason

API_PATH = re.compile(r"/(?:admin/)?v1/.*")
OUR_HEADERS = ("Idempotency-Key", "If-Match")  # the known ones in any case
OUR_PREFIX = "xleadloop"  # every header that begins so would be ours
ALIKE = 0.8  # of 1: `If-None-Match` and `If-Match` are 0.78
LONGEST_SHOWN = 60  # characters of a refused name
SIGNS = re.compile(r"[^a-z0-9]")


class RouteNames(NamedTuple):
    """The names that one route takes."""

    query: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()


def names_of_route(route: Route, *, typed: bool) -> RouteNames:
    """The names that a route declares; those of typed parameters only in a `typed` resolver."""
    described = (route.openapi_extensions or {}).get("parameters", ())
    query = {each["name"] for each in described if each["in"] == "query"}
    headers = {each["name"] for each in described if each["in"] == "header"}
    if typed:
        query.update(field.alias for field in route.dependant.query_params)
        headers.update(field.alias for field in route.dependant.header_params)
    return RouteNames(frozenset(query), frozenset(headers))


def request_faults(
    names: RouteNames, query: Iterable[str], headers: Iterable[str]
) -> tuple[Reason, ...]:
    """A reason for each unknown query name, and for each misspelt header of ours."""
    known_headers = (*OUR_HEADERS, *sorted(names.headers.difference(OUR_HEADERS)))
    return (
        *(
            Reason(
                code="unknown_query",
                text=f"{name[:LONGEST_SHOWN]}: is not known in the query here; "
                f"known are {_listed(sorted(names.query))}",
            )
            for name in query
            if name not in names.query
        ),
        *(
            Reason(
                code="unknown_header",
                text=f"{name[:LONGEST_SHOWN]}: is no header of ours; "
                f"known are {_listed(known_headers)}",
            )
            for name in headers
            if is_misspelt(name, known_headers)
        ),
    )


@lru_cache(maxsize=512)  # callers send the same headers again and again
def is_misspelt(name: str, known: tuple[str, ...]) -> bool:
    """Whether a header is meant to be a known one, or begins as ours do, and is none."""
    if name.lower() in {each.lower() for each in known}:
        return False
    letters = _letters(name[:LONGEST_SHOWN])
    return _is_alike(letters[: len(OUR_PREFIX)], OUR_PREFIX) or any(
        _is_alike(letters, _letters(each)) for each in known
    )


def allowed_methods(routes: Iterable[Route], path: str) -> tuple[str, ...]:
    """The methods by which a path is known; empty if it is unknown. GET brings HEAD."""
    methods = {route.method for route in routes if route.rule.match(path)}
    return tuple(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _letters(name: str) -> str:
    return SIGNS.sub("", name.lower())


def _is_alike(left: str, right: str) -> bool:
    return bool(left) and SequenceMatcher(None, left, right).ratio() >= ALIKE


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "no names"


def is_api_path(path: str) -> bool:
    """Whether a path belongs to an API of programs, and not to a public door."""
    return API_PATH.fullmatch(path) is not None
