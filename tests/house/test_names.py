"""The house rules that a machine can check: names, sizes, and a sentence for each package.

CONTRIBUTING says why. Modules and classes are nouns of the field, functions begin with a verb; a
participle or a pronoun (`deny_list.txt`) tells a reader nothing.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROOTS = ("shared/leadloop", "functions", "infra")
DENIED = tuple(HERE.joinpath("deny_list.txt").read_text().split())
PUBLISHED = {"NotFound"}  # its name is a problem type that callers of the API know
EVENTS = "shared/leadloop/model/events/"  # an event is named by a participle: it has happened
MAY_REPEAT = {"Routes"}  # of each function
MOST_LINES = 400
MOST_ENTRIES = {"shared/leadloop/intake": 20, "shared/leadloop/decide": 10}
MOST_DOCSTRING_LINES = 4  # of a package: one sentence, wrapped

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Name(NamedTuple):
    text: str
    place: str  # path and line


@cache
def modules() -> dict[str, ast.Module]:
    """Path below the root → its syntax tree, of every module of ours."""
    paths = [path for root in ROOTS for path in sorted((ROOT / root).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in paths}


def public(body: list[ast.stmt]) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node


def class_names() -> Iterator[Name]:
    for path, tree in modules().items():
        for node in public(tree.body):
            if isinstance(node, ast.ClassDef):
                yield Name(node.name, f"{path}:{node.lineno}")


def names() -> Iterator[Name]:
    """Of folders, modules, public classes, functions and methods."""
    yield from {Name(folder, root) for root in ROOTS for folder in folders(root)}
    for path, tree in modules().items():
        yield Name(Path(path).stem, path)
        for node in public(tree.body):
            yield Name(node.name, f"{path}:{node.lineno}")
            if isinstance(node, ast.ClassDef):
                yield from (Name(n.name, f"{path}:{n.lineno}") for n in public(node.body))


def folders(root: str) -> set[str]:
    paths = (Path(path).relative_to(root) for path in modules() if path.startswith(f"{root}/"))
    return {part for path in paths for part in path.parts[:-1]}


def parts(name: str) -> str:
    """The parts of a name, lower case, each between underscores: `NotFound` → `_not_found_`."""
    humps = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)
    return f"_{'_'.join(humps).lower()}_"


def denied(name: str) -> list[str]:
    return [word for word in DENIED if f"_{word}_" in parts(name)]


def test_a_public_class_name_exists_once() -> None:
    places = defaultdict(list)
    for name in class_names():
        places[name.text].append(name.place)
    repeated = {name: where for name, where in places.items() if len(where) > 1}
    assert {name: where for name, where in repeated.items() if name not in MAY_REPEAT} == {}


def test_no_public_name_has_a_denied_word() -> None:
    checked = (n for n in names() if n.text not in PUBLISHED and not n.place.startswith(EVENTS))
    found = [(*name, denied(name.text)) for name in checked]
    assert [each for each in found if each[-1]] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("told", ["told"]),
        ("leads_told", ["told"]),
        ("ToldLead", ["told"]),
        ("LeadNotFound", ["found"]),
        ("way_out", ["way_out"]),
        ("way_outside", []),
        ("founding_lead", []),
        ("HTTPMade2", ["made"]),
    ],
)
def test_a_denied_word_is_a_whole_part_of_a_name(name: str, words: list[str]) -> None:
    assert denied(name) == words


def test_every_package_says_in_one_sentence_what_it_is() -> None:
    packages = {path: tree for path, tree in modules().items() if path.endswith("/__init__.py")}
    docstrings = {path: ast.get_docstring(tree) or "" for path, tree in packages.items()}
    assert [path for path, text in docstrings.items() if not text.strip()] == []
    long = [p for p, text in docstrings.items() if text.count("\n") >= MOST_DOCSTRING_LINES]
    assert long == []


def test_every_folder_with_modules_of_the_library_is_a_package() -> None:
    here = {Path(path).parent for path in modules() if not path.startswith("functions/")}
    assert [
        str(folder) for folder in here if f"{folder.as_posix()}/__init__.py" not in modules()
    ] == []


def test_no_file_is_too_long_to_read_at_once() -> None:
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("folder", MOST_ENTRIES)
def test_a_folder_is_no_heap(folder: str) -> None:
    inside = [Path(path).relative_to(folder) for path in modules() if path.startswith(f"{folder}/")]
    entries = {path.parts[0] for path in inside}
    assert len(entries) <= MOST_ENTRIES[folder], sorted(entries)
