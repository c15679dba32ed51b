"""Published names of the schemas in our API descriptions.

Clients are generated from them: a class may be renamed, its published name stays.
"""

import json
import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"(#/(?:components/schemas|\$defs)/)(\w+)")


def publish_schema_names(description: str, published: Mapping[str, str]) -> str:
    """The description (JSON) with each schema under its published name.

    `published` is class name → schema name; a schema name `module__Name` has the title `Name`.
    """

    def rename_reference(match: re.Match[str]) -> str:
        return match[1] + published.get(match[2], match[2])

    document = json.loads(_REFERENCE.sub(rename_reference, description))
    return json.dumps(_rename(document, published), ensure_ascii=False)


def _rename(node: object, published: Mapping[str, str]) -> object:
    if isinstance(node, list):
        return [_rename(item, published) for item in node]
    if not isinstance(node, dict):
        return node
    renamed = {name: _rename(value, published) for name, value in node.items()}
    for table in ("schemas", "$defs"):
        if isinstance(schemas := renamed.get(table), dict):
            renamed[table] = {published.get(name, name): value for name, value in schemas.items()}
    title = renamed.get("title")
    if isinstance(title, str) and title in published and ("type" in renamed or "anyOf" in renamed):
        renamed["title"] = published[title].rpartition("__")[2]
    return renamed
