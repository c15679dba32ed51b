"""The way of a submission through the files: `python -m tests.house.way [ROOT] [--calls]`.

A skeleton of the code to compare rooms by, and no trace of a run. A reader begins at
`decide/submission.py:decide` and follows every call of a function, method, property or class of
leadloop: every branch, one after the other, depth first, in the order of the text.

- What is called is read where it is met first, and not again. A class is read as a whole: after
  that the reader knows what its objects answer.
- Bodies below `decide/` are opened, each where it is called first. Those of other rooms are not.
- `model/` is no room: it is data that is carried along.
- What a function imports by itself is not followed: most never load it.

A *stay* is a run of readings in one file. A *return* is a stay in a file that was visited and left
before. To come back up to the caller is none. So stays = files + returns.

For commit f3eae10 that is 78 stays, 35 files, 43 returns. HOUSE counted 81+ / 28 / 53 there:
method by method, and cut at 400 calls. `--methods --cut` counts so, and gives 77 / 28 / 49.
"""

import ast
import sys
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tests.house.resolve import (
    Call,
    Code,
    Module,
    Names,
    Symbol,
    Type,
    assignments,
    is_property,
    one_of,
)

HOUSE_CALLS = 400  # where HOUSE cut the way
START = ("leadloop.decide.submission", "decide")
OPENED = "leadloop.decide"
CARRIED = "leadloop.model"
ROOT = Path(__file__).parents[2] / "shared" / "leadloop"


class Reading(NamedTuple):
    """A function, method, property or class, where the reader meets it first."""

    file: str
    name: str


class Figures(NamedTuple):
    """How the way goes from file to file."""

    stays: int
    files: int
    returns: int


@dataclass
class Way:
    """The readings in their order, of the first `most_calls` calls."""

    code: Code
    most_calls: int | None = None
    by_method: bool = False
    readings: list[Reading] = field(default_factory=list)
    calls: int = 0
    _read: set[tuple[str, str, str]] = field(default_factory=set)

    def meet(self, found: Symbol, owner: Type | None) -> None:
        """A call: what is met for the first time is read, and opened below `decide/`."""
        if self.calls == self.most_calls:
            return
        self.calls += 1
        as_class = owner is not None and not self.by_method
        whole = Symbol(owner.module, owner.node) if owner is not None and as_class else found
        reading = Reading(whole.module.file, whole.node.name)
        if not whole.module.name.startswith(CARRIED) and reading not in self.readings:
            self.readings.append(reading)
        key = (whole.module.name, whole.node.name, found.node.name)
        if key in self._read:
            return
        self._read.add(key)
        if isinstance(found.node, ast.FunctionDef) and found.module.name.startswith(OPENED):
            names = self.code.parameters(found.module, found.node, owner)
            body = _Body(self, found.module, names)
            for statement in found.node.body:
                body.visit(statement)

    @property
    def stays(self) -> list[tuple[str, list[str]]]:
        """File and readings of each stay."""
        return [
            (file, [each.name for each in run])
            for file, run in groupby(self.readings, key=lambda each: each.file)
        ]

    @property
    def figures(self) -> Figures:
        """Stays, files, and returns."""
        stays, files = len(self.stays), len({each.file for each in self.readings})
        return Figures(stays, files, stays - files)


class _Body(ast.NodeVisitor):
    """The calls of one body, in the order of the text; arguments come before their call."""

    def __init__(self, way: Way, module: Module, names: Names) -> None:
        self.way, self.module, self.names = way, module, names
        self.tables: dict[str, list[Call]] = {}

    def visit_Call(self, node: ast.Call) -> None:
        self.visit(node.func)
        for argument in (*node.args, *(each.value for each in node.keywords)):
            self.visit(argument)
        if isinstance(node.func, ast.Name) and node.func.id in self.tables:
            for owner, found in self.tables[node.func.id]:
                self.way.meet(found, owner)
        elif called := self.way.code.called(self.module, self.names, node.func):
            owner, found = called
            self.way.meet(found, owner)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.visit(node.value)
        owner = self.way.code.type_of(self.module, self.names, node.value)
        found = self.way.code.member(owner, node.attr) if owner and not owner.many else None
        match found:
            case (Type() as holder, ast.FunctionDef() as method) if is_property(method):
                self.way.meet(Symbol(holder.module, method), owner)
            case _:
                pass

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target, value in assignments(node):
            self._learn(target, self.way.code.type_of(self.module, self.names, value))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._learn(node.target, self.way.code.type_of(self.module, self.names, node.value))

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        if isinstance(node.target, ast.Name) and (
            rows := self.way.code.rows(self.module, node.iter)
        ):
            self.tables[node.target.id] = rows
        self._learn_member(node.target, node.iter)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    def visit_match_case(self, node: ast.match_case) -> None:
        match node.pattern:
            case ast.MatchAs(pattern=ast.MatchClass(cls=cls), name=str(name)):
                self._learn(ast.Name(name), self.way.code.type_named(self.module, cls))
            case _:
                pass
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.visit(node.iter)
        self._learn_member(node.target, node.iter)
        for condition in node.ifs:
            self.visit(condition)

    def _visit_generators_first(
        self, node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp
    ) -> None:
        for generator in node.generators:
            self.visit(generator)
        results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for result in results:
            self.visit(result)

    visit_GeneratorExp = visit_ListComp = _visit_generators_first  # noqa: N815
    visit_SetComp = visit_DictComp = _visit_generators_first  # noqa: N815

    def _learn_member(self, target: ast.expr, collection: ast.expr) -> None:
        held = self.way.code.type_of(self.module, self.names, collection)
        self._learn(target, one_of(held))

    def _learn(self, target: ast.expr, known: Type | None) -> None:
        if isinstance(target, ast.Name) and known is not None:
            self.names[target.id] = known


def follow(
    root: Path = ROOT,
    start: tuple[str, str] = START,
    most_calls: int | None = None,
    *,
    by_method: bool = False,
) -> Way:
    """The way from the function `start` (module, name) through the package at `root`."""
    code = Code(root)
    module = code.modules[start[0]]
    way = Way(code, most_calls, by_method)
    way.meet(Symbol(module, module.definitions[start[1]]), None)
    return way


def main(arguments: list[str]) -> None:
    """Print the figures; with `--calls` each stay, marked where it is a return."""
    paths = [each for each in arguments if not each.startswith("--")]
    root = Path(paths[0]) if paths else ROOT
    way = follow(
        root,
        most_calls=HOUSE_CALLS if "--cut" in arguments else None,
        by_method="--methods" in arguments,
    )
    if "--calls" in arguments:
        visited: set[str] = set()
        for file, names in way.stays:
            sys.stdout.write(f"{'<' if file in visited else ' '} {file}: {', '.join(names)}\n")
            visited.add(file)
    stays, files, returns = way.figures
    sys.stdout.write(f"{stays} stays, {files} files, {returns} returns ({way.calls} calls)\n")


if __name__ == "__main__":
    main(sys.argv[1:])
