"""A function has a variable and the right on what it names, or neither."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.bundling.bundles import ROOT, list_functions

from .conftest import Assembly
from .test_templates import function_names, rights

HALVES = {  # what adds a right alone, or a variable alone
    "add_environment",
    "add_settings",
    "add_to_principal_policy",
    "add_to_role_policy",
    "allow",
}
ADDRESS_ONLY = {
    "PUBLIC_URL",
    "MAIL_DOMAIN",
    "MAIL_EVENTS_TOPIC",
}  # names nothing that needs a right


def halves(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
                if name in HALVES or name.startswith("grant_"):
                    yield f"{path.name}:{node.lineno} {name}"


def test_only_the_kit_adds_variables_and_rights() -> None:
    found = [half for path in sorted((ROOT / "infra").glob("*.py")) for half in halves(path)]
    assert found == [], "call the resource instead: data.links.use_in(function)"


def variables(assembly: Assembly, function: str) -> dict[str, Any]:
    properties = assembly.resources[function_names(assembly)[function]]["Properties"]
    return {
        name: value
        for name, value in properties["Environment"]["Variables"].items()
        if value and not name.startswith(("POWERTOOLS_", "PYDANTIC_")) and name not in ADDRESS_ONLY
    }


def names_in(value: object, logical_ids: set[str]) -> set[str]:
    """The resources that a value refers to; a plain text is a name itself."""
    if isinstance(value, str):
        return {value}
    text = json.dumps(value)
    return {logical_id for logical_id in logical_ids if logical_id in text}


@pytest.mark.parametrize("function", list_functions())
def test_a_function_has_a_right_on_whatever_its_variables_name(
    prod: Assembly, function: str
) -> None:
    logical_ids = {place.rpartition("/")[2] for place in prod.resources}
    allowed = json.dumps(rights(prod, function))
    for variable, value in variables(prod, function).items():
        names = names_in(value, logical_ids)
        assert names, variable
        assert [name for name in names if name not in allowed] == [], variable
