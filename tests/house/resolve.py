"""What a name or an expression in the code stands for, as far as its annotations tell."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

COPIES = {"but", "_replace", "with_submission"}  # methods whose result is of the object's own type
SEQUENCES = {"tuple", "list", "set", "frozenset", "Iterator", "Iterable", "Sequence", "Collection"}

Definition = ast.FunctionDef | ast.ClassDef


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


class Symbol(NamedTuple):
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
Call = tuple[Type | None, Symbol]  # what is called, with the class of the object it is asked of


class Code:
    """All modules of a package, and what a name or an expression in them stands for."""

    def __init__(self, root: Path) -> None:
        self.modules: dict[str, Module] = {}
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root.parent).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            file = str(path.relative_to(root))
            self.modules[name] = Module(name, file, ast.parse(path.read_text()))

    def find(self, module: Module, name: str) -> Symbol | Module | None:
        """What `name` means at the top of `module`."""
        if name in module.definitions:
            return Symbol(module, module.definitions[name])
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
        if isinstance(found, Symbol) and isinstance(found.node, ast.ClassDef):
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
            case ast.Call():
                return self._type_of_call(module, names, value)
            case ast.Subscript(value=owner):
                return one_of(self.type_of(module, names, owner))
            case ast.BoolOp(values=choices):
                types = (self.type_of(module, names, choice) for choice in choices)
                return next((each for each in types if each is not None), None)
            case ast.IfExp(body=body, orelse=orelse):
                return self.type_of(module, names, body) or self.type_of(module, names, orelse)
            case _:
                return None

    def _type_of_call(self, module: Module, names: Names, call: ast.Call) -> Type | None:
        match call:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in COPIES:
                return self.type_of(module, names, owner)
            case ast.Call(func=ast.Attribute(value=owner, attr="get" | "values" as name)):
                held = self.type_of(module, names, owner)
                return one_of(held) if name == "get" else held
            case ast.Call(func=ast.Name(id="next"), args=[members, *_]):
                return one_of(self.type_of(module, names, members))
            case ast.Call(func=function):
                return self._result(module, names, function)
            case _:
                raise TypeError(ast.dump(call))

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
        """The type that `__init__` gives an attribute, also in `self.a, self.b = a, b`."""
        match self.member(owner, "__init__"):
            case (Type() as holder, ast.FunctionDef() as init):
                names = self.parameters(holder.module, init, holder)
                for node in ast.walk(init):
                    for target, value in assignments(node):
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

    def called(self, module: Module, names: Names, function: ast.expr) -> Call | None:
        """What a call of `function` calls, with the class whose method it is."""
        match function:
            case ast.Name(id="cls") if "cls" in names:
                return None, Symbol(names["cls"].module, names["cls"].node)
            case ast.Name(id=name) if name not in names:
                found = self.find(module, name)
                return (None, found) if isinstance(found, Symbol) else None
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name not in names:
                match self.find(module, name):
                    case Module() as other:
                        found = self.find(other, attribute)
                        return (None, found) if isinstance(found, Symbol) else None
                    case Symbol(module=home, node=ast.ClassDef() as node):
                        return self._method(Type(home, node), attribute)
                    case _:
                        return None
            case ast.Attribute(value=value, attr=attribute):
                return self._method(self.type_of(module, names, value), attribute)
            case _:
                return None

    def _method(self, owner: Type | None, name: str) -> tuple[Type, Symbol] | None:
        found = self.member(owner, name) if owner is not None and not owner.many else None
        match found:
            case (Type() as holder, ast.FunctionDef() as method) if owner is not None:
                return owner, Symbol(holder.module, method)
            case _:
                return None

    def rows(self, module: Module, table: ast.expr) -> list[Call]:
        """The functions in a table of the module, such as `STAGES`."""
        value = module.values.get(table.id) if isinstance(table, ast.Name) else None
        members = value.elts if isinstance(value, ast.Tuple) else []
        called = (self.called(module, {}, each) for each in members)
        return [each for each in called if each is not None]


def is_property(function: ast.FunctionDef) -> bool:
    """Whether it is read like a field."""
    names = {each.id for each in function.decorator_list if isinstance(each, ast.Name)}
    return bool(names & {"property", "cached_property"})


def one_of(held: Type | None) -> Type | None:
    return Type(held.module, held.node) if held is not None and held.many else None


def assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value
