"""A YAML file as plain data that still knows its lines.

The format is narrower than YAML:

- Only `true` and `false` are booleans, so Norway stays `NO`.
- Only plain decimals are numbers, so `+49…` and `007` stay text.
- Dates and hours are text, which the models read.
- A key stands once in a mapping.
- There are no anchors, so a small file cannot grow into a large document.
"""

import re
from collections.abc import Sequence
from typing import Any

import yaml
from pydantic_core import ErrorDetails

from leadloop.policy.conditions import OPERATORS

FieldPath = Sequence[str | int]
ERROR_TEXTS = {
    "missing": "is missing",
    "extra_forbidden": "is no field here",
    "union_tag_not_found": "its kind (`kind` or `do`) is missing",
}


def describe_error(error: ErrorDetails) -> str:
    """A pydantic error as text that follows the name of a field."""
    text = ERROR_TEXTS.get(error["type"], error["msg"])
    return text[:1].lower() + text[1:]


class Fault(Exception):
    """One fault in a file, as `file:line: field: text`. Lines are counted from 1."""

    def __init__(self, file: str, line: int, field: str, text: str) -> None:
        super().__init__(f"{file}:{line}: {field}: {text}" if field else f"{file}:{line}: {text}")
        self.place = (file, line, field)


class YamlDocument:
    """One file. `data` is its content as plain data, for the models."""

    def __init__(self, file: str, content: bytes) -> None:
        """Parse the file.

        Raises:
            Fault: the file is not in our YAML; the fault names the line.

        """
        self.file = file
        try:
            text = content.decode("utf-8-sig")
            node = yaml.compose(text, Loader=_Loader)
            data = _node_data(node)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise Fault(file, line, "", "is not UTF-8") from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise Fault(file, mark.line + 1 if mark else 1, "", f"{error.problem}") from None
        except yaml.reader.ReaderError as error:
            line = text[: error.position].count("\n") + 1
            raise Fault(file, line, "", "has a control character") from None
        except RecursionError:
            raise Fault(file, 1, "", "is nested too deep") from None
        if node is None or not isinstance(data, dict):
            raise Fault(file, 1, "", "has no fields: write `field: value` lines")
        self.data: dict[str, object] = data
        self._node: yaml.Node = node

    def fault_at(self, path: FieldPath, text: str) -> Fault:
        """A fault at the line of `path`, or at the line of its longest part that the file has.

        Pydantic's locations contain tags of unions, which are no keys. They are left out.
        """
        node, line, field, tagged = self._node, 1, "", False
        for n, part in enumerate(path):
            child = _child_node(node, part)
            if isinstance(node, yaml.MappingNode) and part in OPERATORS and not tagged:
                tagged = True
                continue
            if child is not None:
                node, line = child
                tagged = False
            elif not isinstance(part, str) or n + 1 < len(path) or not _is_mapping(node):
                continue
            field += f"[{part}]" if isinstance(part, int) else f"{'.' if field else ''}{part}"
        return Fault(self.file, line, field, text)


def _is_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _child_node(node: yaml.Node, part: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item, item.start_mark.line + 1
    return None


class _Loader(yaml.SafeLoader):
    """YAML's syntax, but plain values are read by our own rules."""

    yaml_implicit_resolvers: dict[Any, Any] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem=f"*{event.anchor}: write it out, there are no anchors here",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


PLAIN_SCALARS = (
    ("tag:yaml.org,2002:null", re.compile(r"(?:null|~|)$"), [*"n~", ""]),
    ("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), [*"tf"]),
    ("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]{0,17})$"), [*"-0123456789"]),
    ("tag:yaml.org,2002:float", re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+$"), [*"-0123456789"]),
)
for _tag, _pattern, _first in PLAIN_SCALARS:
    _Loader.add_implicit_resolver(_tag, _pattern, _first)


def _node_data(node: yaml.Node | None) -> object:
    match node:
        case yaml.MappingNode():
            values: dict[str, object] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode) or key.value in values:
                    problem = f"{key.value}: stands here twice" if values else "a key is a word"
                    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
                values[key.value] = _node_data(value)
            return values
        case yaml.SequenceNode():
            return [_node_data(item) for item in node.value]
        case yaml.ScalarNode():
            return _scalar(node)
        case _:
            return None


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "str":
            return text
        case "null":
            return None
        case "bool":
            return text == "true"
        case "int":
            return int(text)
        case "float":
            return float(text)
        case other:
            raise yaml.MarkedYAMLError(
                problem=f"!{other}: there are no tags here", problem_mark=node.start_mark
            )
