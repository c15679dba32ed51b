"""What a feed's maker adds to an entry of its own: every element and attribute, by its place.

The feed parser keeps of two elements of a name the last one, of nested ones the innermost, and of
attributes nothing that a row of a playbook could name.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from leadloop.intake.fields.label_vocabulary import field_for_label, is_other_party_label

ENTRY_TAGS = frozenset({"item", "entry"})
# The elements of RSS 2.0 and Atom, which the feed parser reads.
CORE_TAGS = frozenset(
    {"title", "link", "description", "author", "category", "comments", "enclosure", "guid"}
    | {"pubdate", "source", "id", "updated", "published", "summary", "content", "contributor"}
    | {"rights", "language", "date", "creator", "encoded"}
)
# Namespaces whose elements the feed parser reads by other names, or that describe no lead.
KNOWN_NAMESPACES = re.compile(
    r"https?://(?:purl\.org/|www\.w3\.org/|search\.yahoo\.com/|www\.itunes\.com/|wellformedweb\.org/"
    r"|www\.georss\.org/|www\.opengis\.net/|backend\.userland\.com/|cyber\.law\.harvard\.edu/)"
)
KNOWN_PREFIXES = frozenset(  # of those namespaces, where nobody declared them
    {"atom", "content", "dc", "dcterms", "feedburner", "georss", "itunes", "media", "rdf", "slash"}
    | {"sy", "thr", "wfw", "xhtml"}
)
MOST_VALUES, MOST_DEPTH = 500, 8
Value = str | list[str]


def xml_extensions(document: bytes) -> list[dict[str, Value]]:
    """The maker's own values of each entry of an XML feed, in the feed's order.

    A name is the prefix and the names on the way: `lead_person_name`. The short `lead_name` is
    there, too. Of several persons' and firms' it is the person's. Values of one name are a list.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(document.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    return [_entry_values(node) for node in root.iter() if _local_name(node) in ENTRY_TAGS]


def json_extensions(item: Mapping[str, object], known_names: frozenset[str]) -> dict[str, Value]:
    """The values of a JSON Feed's item that are no names of the format: `lead_phone`."""
    values: dict[str, list[str]] = defaultdict(list)
    for name, inner in item.items():
        if name not in known_names:
            for path, text in _json_values((name.removeprefix("_"),), inner):
                if len(values) < MOST_VALUES:
                    values["_".join(path)].append(text)
    return {name: _one_or_all(texts) for name, texts in values.items()}


def _json_values(path: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], str]]:
    match value:
        case dict() if len(path) < MOST_DEPTH:
            for name, inner in value.items():
                yield from _json_values((*path, str(name)), inner)
        case list() if len(path) < MOST_DEPTH:
            for number, inner in enumerate(value):
                place = (*path, str(number)) if isinstance(inner, dict | list) else path
                yield from _json_values(place, inner)
        case str() | int() | float():
            yield path, str(value)
        case _:
            pass


def _entry_values(entry: etree._Element) -> dict[str, Value]:
    by_path: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for child in entry:
        if not _is_known(child):
            for path, text in _element_values((), child):
                if len(by_path) < MOST_VALUES:
                    by_path[path].append(text)
    values = {"_".join(path): _one_or_all(texts) for path, texts in by_path.items()}
    short: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for path in by_path:
        if len(path) > 2:
            short[f"{path[0]}_{path[-1]}" if path[0] else path[-1]].append(path)
    for name, paths in short.items():
        if name not in values:
            persons = [path for path in paths if not any(map(_is_other_group, path[1:-1]))]
            chosen = persons or paths
            values[name] = _one_or_all([text for path in chosen for text in by_path[path]])
    return {name.removeprefix("_"): value for name, value in values.items()}


def _element_values(
    path: tuple[str, ...], node: etree._Element
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path and text of an element, of its attributes and of the elements inside."""
    if not isinstance(node.tag, str) or len(path) > MOST_DEPTH:
        return
    here = (*(path or (_prefix(node),)), _local_name(node))
    text = " ".join((node.text or "").split()) if len(node) else (node.text or "").strip()
    if text:
        yield here, text
    for name, value in node.attrib.items():
        plain = str(name).rpartition("}")[2].lower()
        if value.strip():
            yield here if plain == "value" and not text else (*here, plain), value.strip()
    for child in node:
        yield from _element_values(here, child)


def _is_known(node: etree._Element) -> bool:
    if not isinstance(node.tag, str):
        return True
    prefix, name = _prefix(node), _local_name(node)
    return (
        KNOWN_NAMESPACES.match(node.tag.lstrip("{")) is not None
        or prefix in KNOWN_PREFIXES
        or (not prefix and name in CORE_TAGS)
    )


def _is_other_group(group: str) -> bool:
    """Whether a group of values is a firm's or another party's, and not the person's."""
    label = group.replace("_", " ").replace("-", " ")
    return is_other_party_label(label) or field_for_label(label, {}) == "contact.company"


def _prefix(node: etree._Element) -> str:
    """The prefix in small letters, declared or not."""
    undeclared = str(node.tag).rpartition("}")[2].rpartition(":")[0]
    return str(node.prefix or undeclared).lower()


def _local_name(node: etree._Element) -> str:
    name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    return name.rpartition(":")[2].lower()


def _one_or_all(texts: Sequence[str]) -> Value:
    unique = list(dict.fromkeys(texts))
    return unique[0] if len(unique) == 1 else unique
