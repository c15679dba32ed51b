"""The way of a submission through the files: `python -m tests.house.way [ROOT] [--calls] [--all]`.

A skeleton of the code to compare rooms by, and no trace of a run. A reader begins at
`decide/submission.py:decide` and follows every call of a function, method, property or class of
leadloop: every branch, one after the other, depth first, in the order of the text.

- A call is an *event*. The way is cut at 400 events (`--all`: not cut).
- What is called is read where it is met first; a later call of it is an event and no more.
- Only bodies below `decide/` are opened. A call of another room goes in there and comes back.
- `model/` is no room: data that is carried along. Its calls are events, and the reader stays.
- What a function imports by itself is not followed: it is a room that most never load.

A *stay* is a run of readings in one file. A *return* is a stay in a file that was visited and left
before; to come back up to the caller is none. So stays = files + returns. For commit f3eae10 this
gives 79 / 29 / 50; HOUSE counted 81 / 28 / 53.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

MOST_EVENTS = 400
START = ("leadloop.decide.submission", "decide")
OPENED = "leadloop.decide"
CARRIED = "leadloop.model"
ROOT = Path(__file__).parents[2] / "shared" / "leadloop"
COPIES = {"but", "_replace", "with_submission"}  # methods whose result is of the object's own type
SEQUENCES = {"tuple", "list", "set", "frozenset", "Iterator", "Iterable", "Sequence", "Collection"}

Definition = ast.FunctionDef | ast.ClassDef


class Reading(NamedTuple):
    """A function, method, property or class, where the reader meets it first."""

    file: str
    name: str


class Figures(NamedTuple):
    """How the way goes from file to file."""

    stays: int
    files: int
    returns: int


class Module:
    """One file: what it defines, and what its names mean that it imports at its top."""

    def __init__(self, name: str, file: str, tree: ast.Module) -> None:
        self.name, self.file = name, file
        self.definitions: dict[str, Definition] = {}
        self.values: dict[str, ast.expr] = {}  # constants, and aliases of types
        self.imports: dict[str, tuple[str, str]] = {}
        for node in tree.body:
            match node:
                case ast.FunctionDef() | ast.ClassDef():
                    self.definitions[node.name] = node
                case ast.ImportFrom(module=str(source)):
                    for alias in node.names:
                        self.imports[alias.asname or alias.name] = (source, alias.name)
                case ast.Assign(targets=[ast.Name(id=target)]):
                    self.values[target] = node.value
                case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                    self.values[target] = value
                case _:
                    pass


class Found(NamedTuple):
    """A definition, and the module it stands in."""

    module: Module
    node: Definition


@dataclass(frozen=True)
class Type:
    """The class of a value; `many`: of each member of a collection."""

    module: Module
    node: ast.ClassDef
    many: bool = False


Names = dict[str, Type]


class Code:
    """All modules of a package, and what a name or an expression in them stands for."""

    def __init__(self, root: Path) -> None:
        self.modules: dict[str, Module] = {}
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root.parent).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            file = str(path.relative_to(root))
            self.modules[name] = Module(name, file, ast.parse(path.read_text()))

    def find(self, module: Module, name: str) -> Found | Module | None:
        """What `name` means at the top of `module`."""
        if name in module.definitions:
            return Found(module, module.definitions[name])
        source, original = module.imports.get(name, ("", ""))
        if (as_module := self.modules.get(f"{source}.{original}")) is not None:
            return as_module
        origin = self.modules.get(source)
        return self.find(origin, original) if origin is not None else None

    def type_named(self, module: Module, note: ast.expr | None) -> Type | None:
        """The class that an annotation names; of a union the first that is one of ours."""
        match note:
            case ast.Constant(value=str(text)):
                return self.type_named(module, ast.parse(text, mode="eval").body)
            case ast.Name(id=name):
                return self._type_of_name(module, name)
            case ast.BinOp(left=left, right=right):
                return self.type_named(module, left) or self.type_named(module, right)
            case ast.Subscript(value=ast.Name(id=name), slice=inner):
                members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                member = members[-1] if name in {"dict", "Mapping"} else members[0]
                each = self.type_named(module, member)
                if each is None or name not in SEQUENCES | {"dict", "Mapping"}:
                    return each or self.type_named(module, ast.Name(name))
                return Type(each.module, each.node, many=True)
            case _:
                return None

    def _type_of_name(self, module: Module, name: str) -> Type | None:
        found = self.find(module, name)
        if isinstance(found, Found) and isinstance(found.node, ast.ClassDef):
            return Type(found.module, found.node)
        source, original = module.imports.get(name, (module.name, name))
        origin = self.modules.get(source)
        alias = origin.values.get(original) if origin is not None else None
        return self.type_named(origin, alias) if origin is not None and alias is not None else None

    def member(self, owner: Type, name: str) -> tuple[Type, ast.stmt] | None:
        """The method, property or field `name` of a class or of its bases."""
        for node in owner.node.body:
            match node:
                case ast.FunctionDef(name=found) if found == name:
                    return owner, node
                case ast.AnnAssign(target=ast.Name(id=found)) if found == name:
                    return owner, node
                case _:
                    pass
        bases = (self.type_named(owner.module, base) for base in owner.node.bases)
        inherited = (self.member(base, name) for base in bases if base is not None)
        return next((each for each in inherited if each is not None), None)

    def type_of(self, module: Module, names: Names, value: ast.expr) -> Type | None:
        """The class of an expression, as far as annotations tell."""
        match value:
            case ast.Name(id=name):
                return names.get(name)
            case ast.Attribute(value=owner, attr=name):
                return self._type_of_attribute(self.type_of(module, names, owner), name)
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in COPIES:
                return self.type_of(module, names, owner)
            case ast.Call(func=ast.Attribute(value=owner, attr="get" | "values" as name)):
                held = self.type_of(module, names, owner)
                return _one_of(held) if name == "get" else held
            case ast.Call(func=ast.Name(id="next"), args=[members, *_]):
                return _one_of(self.type_of(module, names, members))
            case ast.Call(func=function):
                return self._result(module, names, function)
            case ast.Subscript(value=owner):
                return _one_of(self.type_of(module, names, owner))
            case ast.BoolOp(values=choices):
                types = (self.type_of(module, names, choice) for choice in choices)
                return next((each for each in types if each is not None), None)
            case ast.IfExp(body=body, orelse=orelse):
                return self.type_of(module, names, body) or self.type_of(module, names, orelse)
            case _:
                return None

    def _result(self, module: Module, names: Names, function: ast.expr) -> Type | None:
        called = self.called(module, names, function)
        if called is None:
            return None
        owner, found = called
        if isinstance(found.node, ast.ClassDef):
            return Type(found.module, found.node)
        if isinstance(found.node.returns, ast.Name) and found.node.returns.id == "Self":
            return owner
        return self.type_named(found.module, found.node.returns)

    def _type_of_attribute(self, owner: Type | None, name: str) -> Type | None:
        if owner is None or owner.many:
            return None
        match self.member(owner, name):
            case (Type(module=module), ast.AnnAssign(annotation=note)):
                return self.type_named(module, note)
            case (Type(module=module), ast.FunctionDef() as method) if is_property(method):
                return self.type_named(module, method.returns)
            case None:
                return self._type_set_by_init(owner, name)
            case _:
                return None

    def _type_set_by_init(self, owner: Type, name: str) -> Type | None:
        """Of `self.a, self.b = a, b` as of `self.a = a`."""
        match self.member(owner, "__init__"):
            case (Type() as holder, ast.FunctionDef() as init):
                names = self.parameters(holder.module, init, holder)
                for node in ast.walk(init):
                    for target, value in _assignments(node):
                        if isinstance(target, ast.Attribute) and target.attr == name:
                            return self.type_of(holder.module, names, value)
        return None

    def parameters(self, module: Module, function: ast.FunctionDef, owner: Type | None) -> Names:
        """The classes of a function's parameters."""
        arguments = function.args
        names = {}
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            own = owner if each.arg in {"self", "cls"} else None
            if (known := own or self.type_named(module, each.annotation)) is not None:
                names[each.arg] = known
        return names

    def called(
        self, module: Module, names: Names, function: ast.expr
    ) -> tuple[Type | None, Found] | None:
        """What a call of `function` calls, with the class whose method it is."""
        match function:
            case ast.Name(id="cls") if "cls" in names:
                return None, Found(names["cls"].module, names["cls"].node)
            case ast.Name(id=name) if name not in names:
                found = self.find(module, name)
                return (None, found) if isinstance(found, Found) else None
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name not in names:
                match self.find(module, name):
                    case Module() as other:
                        found = self.find(other, attribute)
                        return (None, found) if isinstance(found, Found) else None
                    case Found(module=home, node=ast.ClassDef() as node):
                        return self._method(Type(home, node), attribute)
                    case _:
                        return None
            case ast.Attribute(value=value, attr=attribute):
                return self._method(self.type_of(module, names, value), attribute)
            case _:
                return None

    def _method(self, owner: Type | None, name: str) -> tuple[Type, Found] | None:
        found = self.member(owner, name) if owner is not None and not owner.many else None
        match found:
            case (Type() as holder, ast.FunctionDef() as method) if owner is not None:
                return owner, Found(holder.module, method)
            case _:
                return None

    def rows(self, module: Module, table: ast.expr) -> list[Found]:
        """The functions in a table of the module, such as `STAGES`."""
        value = module.values.get(table.id) if isinstance(table, ast.Name) else None
        members = value.elts if isinstance(value, ast.Tuple) else []
        found = (self.find(module, each.id) for each in members if isinstance(each, ast.Name))
        return [each for each in found if isinstance(each, Found)]


@dataclass
class Way:
    """The readings in their order, and all events, until `most_events`."""

    code: Code
    most_events: int | None = MOST_EVENTS
    readings: list[Reading] = field(default_factory=list)
    events: int = 0
    _read: set[tuple[str, str, str]] = field(default_factory=set)

    def meet(self, found: Found, owner: Type | None) -> None:
        """An event; what is met for the first time is read, and opened below `decide/`."""
        if self.most_events is not None and self.events >= self.most_events:
            return
        self.events += 1
        whole = Found(owner.module, owner.node) if owner is not None else found
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
        self.tables: dict[str, list[Found]] = {}

    def visit_Call(self, node: ast.Call) -> None:
        self.visit(node.func)
        for argument in (*node.args, *(each.value for each in node.keywords)):
            self.visit(argument)
        if isinstance(node.func, ast.Name) and node.func.id in self.tables:
            for row in self.tables[node.func.id]:
                self.way.meet(row, None)
        elif called := self.way.code.called(self.module, self.names, node.func):
            owner, found = called
            self.way.meet(found, owner)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.visit(node.value)
        owner = self.way.code.type_of(self.module, self.names, node.value)
        found = self.way.code.member(owner, node.attr) if owner and not owner.many else None
        match found:
            case (Type() as holder, ast.FunctionDef() as method) if is_property(method):
                self.way.meet(Found(holder.module, method), owner)
            case _:
                pass

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target, value in _assignments(node):
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
        self._learn(target, _one_of(held))

    def _learn(self, target: ast.expr, known: Type | None) -> None:
        if isinstance(target, ast.Name) and known is not None:
            self.names[target.id] = known


def is_property(function: ast.FunctionDef) -> bool:
    """Whether it is read like a field."""
    names = {each.id for each in function.decorator_list if isinstance(each, ast.Name)}
    return bool(names & {"property", "cached_property"})


def _one_of(held: Type | None) -> Type | None:
    return Type(held.module, held.node) if held is not None and held.many else None


def _assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def follow(
    root: Path = ROOT,
    start: tuple[str, str] = START,
    most_events: int | None = MOST_EVENTS,
) -> Way:
    """The way from the function `start` (module, name) through the package at `root`."""
    code = Code(root)
    module = code.modules[start[0]]
    way = Way(code, most_events)
    way.meet(Found(module, module.definitions[start[1]]), None)
    return way


def main(arguments: list[str]) -> None:
    """Print the figures; with `--calls` each stay, marked where it is a return."""
    paths = [each for each in arguments if not each.startswith("--")]
    root = Path(paths[0]) if paths else ROOT
    way = follow(root, most_events=None if "--all" in arguments else MOST_EVENTS)
    if "--calls" in arguments:
        visited: set[str] = set()
        for file, names in way.stays:
            sys.stdout.write(f"{'<' if file in visited else ' '} {file}: {', '.join(names)}\n")
            visited.add(file)
    stays, files, returns = way.figures
    sys.stdout.write(f"{stays} stays, {files} files, {returns} returns ({way.events} events)\n")


if __name__ == "__main__":
    main(sys.argv[1:])
