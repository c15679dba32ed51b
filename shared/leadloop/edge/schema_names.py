"""Published names and texts of the schemas in our API descriptions.

Clients are generated from them: a class may be renamed and its docstring reworded, what is
published stays until the API gets its next version.
"""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

_REFERENCE = re.compile(r"(#/(?:components/schemas|\$defs)/)(\w+)")
_TABLES = ("schemas", "$defs")


class PublishedSchemas(NamedTuple):
    """`names`: class name → schema name. `texts`: schema name → its description.

    A schema name `module__Name` has the title `Name`.
    """

    names: Mapping[str, str] = {}
    texts: Mapping[str, str] = {}


def publish_schemas(description: str, published: PublishedSchemas) -> str:
    """The API description (JSON) with each schema under its published name and text."""

    def rename_reference(match: re.Match[str]) -> str:
        return match[1] + published.names.get(match[2], match[2])

    document = json.loads(_REFERENCE.sub(rename_reference, description))
    return json.dumps(_publish(document, published), ensure_ascii=False)


def _publish(node: object, published: PublishedSchemas) -> object:
    if isinstance(node, list):
        return [_publish(item, published) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {name: _publish(value, published) for name, value in node.items()}
    for table in _TABLES:
        if isinstance(schemas := copy.get(table), dict):
            copy[table] = dict(_publish_schema(*item, published) for item in schemas.items())
    title = copy.get("title")
    if isinstance(title, str) and ("type" in copy or "anyOf" in copy):
        name = published.names.get(title, title)
        copy["title"] = name.rpartition("__")[2]
        if "properties" in copy:
            copy = _with_text(copy, name, published)
    return copy


def _publish_schema(
    name: str, schema: dict[str, object], published: PublishedSchemas
) -> tuple[str, dict[str, object]]:
    name = published.names.get(name, name)
    return name, _with_text(schema, name, published)


def _with_text(
    schema: dict[str, object], name: str, published: PublishedSchemas
) -> dict[str, object]:
    if name not in published.texts or "description" not in schema:
        return schema
    return {**schema, "description": published.texts[name]}
