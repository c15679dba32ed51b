"""Lists that a tool reads from pyproject.toml hold what the folders hold.

A new function is a folder `functions/<name>` with a `handler.py`, and its dependency group; the
failing test says where else its name belongs.
"""

import ast
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS: dict[str, list[Any]] = PYPROJECT["dependency-groups"]
LINTER: dict[str, Any] = PYPROJECT["tool"]["importlinter"]
NO_FUNCTION = {"dev", "functions"}  # groups that are neither a shelf nor a function's


def functions() -> set[str]:
    return {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}


def contract(beginning: str) -> dict[str, Any]:
    (match,) = [each for each in LINTER["contracts"] if each["name"].startswith(beginning)]
    return dict(match)


def included(group: str) -> list[str]:
    return [line["include-group"] for line in GROUPS[group] if isinstance(line, dict)]


def siblings(layer: str) -> list[str]:
    """The names of one layer; in brackets is one that may be missing."""
    return [name.strip().strip("()") for name in layer.split("|")]


def layer_of_functions() -> str:
    _, functions_layer, _ = contract("Functions do not know each other")["layers"]
    return str(functions_layer)


FUNCTION_LISTS = {
    "[dependency-groups]: a group named as the function, of shelves only": [
        name for name in GROUPS if name in functions()
    ],
    "[dependency-groups] functions": included("functions"),
    "[tool.importlinter] root_packages": [
        name for name in LINTER["root_packages"] if name not in ("leadloop", "infra")
    ],
    "[tool.importlinter] 'Functions do not know each other…', second layer": siblings(
        layer_of_functions()
    ),
}


def difference(names: Iterable[str], expected: set[str]) -> dict[str, list[str]]:
    """What to add and what to remove; empty if there is nothing to do."""
    names = list(names)
    parts = {"add": sorted(expected - set(names)), "remove": sorted(set(names) - expected)}
    parts["remove"] += sorted({name for name in names if names.count(name) > 1})
    return {what: each for what, each in parts.items() if each}


@pytest.mark.parametrize("place", FUNCTION_LISTS)
def test_every_function_is_in_every_list(place: str) -> None:
    assert difference(FUNCTION_LISTS[place], functions()) == {}, f"pyproject.toml, {place}"


def test_every_function_is_built_by_one_file_of_infra() -> None:
    """By `self.door("<name>")` or `self.worker("<name>")` in a family."""
    built = [
        node.args[0].value
        for path in sorted((ROOT / "infra").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("door", "worker")
        and isinstance(node.args[0], ast.Constant)
    ]
    assert difference((str(name) for name in built), functions()) == {}, "infra/*.py"


def test_a_functions_group_includes_shelves_and_names_no_package() -> None:
    shelves = set(GROUPS) - functions() - NO_FUNCTION
    for function in sorted(functions() & set(GROUPS)):
        packages = [line for line in GROUPS[function] if isinstance(line, str)]
        assert packages == [], f"{function}: put them on a shelf"
        assert set(included(function)) <= shelves, function


def test_deptry_reads_every_shelf() -> None:
    shelves = set(GROUPS) - functions() - NO_FUNCTION
    listed = PYPROJECT["tool"]["deptry"]["non_dev_dependency_groups"]
    assert difference(listed, shelves) == {}, "[tool.deptry] non_dev_dependency_groups"


def test_every_room_that_may_only_decide_is_kept_pure() -> None:
    """Of the dependency rule's layers all from `decide` down, but for the settings."""
    layers = contract("The dependency rule")["layers"]
    lowest = layers[layers.index("decide") :]
    rooms = {name for layer in lowest for name in siblings(layer)} - {"settings"}
    pure = {f"leadloop.{room}" for room in rooms if (ROOT / "shared/leadloop" / room).is_dir()}
    listed = contract("The pure part")["source_modules"]
    assert difference(listed, pure) == {}, "'The pure part has no world in it', source_modules"
