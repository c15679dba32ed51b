"""A partner's own XML, read strictly by XPath expressions of its playbook; nothing is fetched.

Names are without namespaces, so that a path reads as the document does: `/lead/person/mail`,
`/lead/@ref`, `//answer[@q='size']`.

Source: XPath 1.0.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from leadloop.intake.formats.adf import DECLARATION
from leadloop.intake.text.json_paths import (
    LONGEST_PATH,
    LONGEST_REPORTED,
    MOST_NAMES,
    MOST_REPORTED,
    DocumentValues,
)
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

PARSER = "xml/3"  # the next number whenever the same bytes would be read differently
PROLOG = re.compile(r"\A\s*<\?xml[^<>]{0,200}\?>")
WORD = re.compile(r"[\w.-]+")
PREDICATE = re.compile(r"\[[^\]]*+(?:\]|\Z)")
Element = etree._Element  # noqa: SLF001  lxml's only name for it
Leaf = tuple[Any, str | None]  # an element, or one of its attributes


def parse_xml(text: str) -> etree._Element:
    """The root element; all names are without namespaces.

    Raises:
        Unreadable: no XML, and where it breaks; or it has a DOCTYPE or declares entities.

    """
    if DECLARATION.search(text):
        raise Unreadable("the XML has a DOCTYPE or entity declaration; send it without")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    body = PROLOG.sub("", text).encode("utf-8", "replace")
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"the body is no XML: {error.msg}") from error
    for element in root.iter():
        element.tag = etree.QName(element).localname
    return root


def read_xpaths(root: etree._Element, paths: Iterable[str]) -> DocumentValues:
    """The value at each path, None where there is none; two values at a path are a misfit."""
    values: dict[str, object] = {}
    misfits: list[Reason] = []
    read_leaves: set[Leaf] = set()
    path_words: set[str] = set()
    for path in paths:
        try:
            nodes = _compiled(path)(root)
        except etree.LxmlError:
            misfits.append(Reason(code="misfit", text=f"{path}: does not fit what was sent"))
            continue
        if not isinstance(nodes, list):
            values[path] = _plain(nodes)
            path_words.update(WORD.findall(path))
            continue
        read_leaves.update(map(_leaf, nodes))
        path_words.update(WORD.findall("".join(PREDICATE.findall(path))))
        values[path] = _text(nodes[0]) if nodes else None
        if len(nodes) > 1:
            text = f"{path}: stands there {len(nodes)} times, and we take one"
            misfits.append(Reason(code="misfit", text=text))
    return DocumentValues(values, tuple(misfits), _ignored_paths(root, read_leaves, path_words))


def xpath_fault(path: str) -> str | None:
    """What is wrong with a path of a playbook, or None: for the check of playbooks."""
    if len(path) > LONGEST_PATH:
        return f"has {len(path)} characters; {LONGEST_PATH} are the most"
    try:
        _compiled(path)(etree.Element("nothing"))
    except etree.LxmlError as error:
        return f"is no XPath: {error}"
    return None


@lru_cache(maxsize=2_048)
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, regexp=False)


def _plain(result: object) -> str:
    """The result of an XPath function as text: a text, a number, true or false."""
    if isinstance(result, bool):
        return str(result).lower()
    if isinstance(result, float) and result.is_integer():
        return str(int(result))
    return str(result)


def _text(node: Any) -> str:  # noqa: ANN401 - an element, or lxml's kind of text
    if not etree.iselement(node):  # an attribute or a text
        return str(node)
    lines = "".join(node.itertext()).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def _leaf(node: Any) -> Leaf:  # noqa: ANN401 - an element, or lxml's kind of text
    if etree.iselement(node):
        return node, None
    parent = node.getparent()
    return parent, node.attrname if node.is_attribute else None


def _ignored_paths(
    root: etree._Element, read_leaves: set[Leaf], path_words: set[str]
) -> tuple[str, ...]:
    ignored = (
        path
        for leaf, path in islice(_leaves(root), MOST_NAMES)
        if not _is_read(leaf, read_leaves) and path.rpartition("/")[2].lstrip("@") not in path_words
    )
    unique = dict.fromkeys(path[:LONGEST_REPORTED] for path in ignored)
    return tuple(sorted(unique)[:MOST_REPORTED])


def _is_read(leaf: Leaf, read_leaves: set[Leaf]) -> bool:
    """Whether a leaf is taken, or is part of an element whose whole text is."""
    element, attribute = leaf
    around = () if attribute else element.iterancestors()
    return leaf in read_leaves or any((each, None) in read_leaves for each in around)


def _leaves(root: etree._Element) -> Iterator[tuple[Leaf, str]]:
    """Each element or attribute that holds a value, with its path."""
    for element in root.iter():
        way = reversed([element, *element.iterancestors()])
        path = "".join(f"/{ancestor.tag}" for ancestor in way)
        yield from (((element, str(name)), f"{path}/@{name}") for name in element.attrib)
        texts = (element.text, *(child.tail for child in element))
        if any((text or "").strip() for text in texts):
            yield (element, None), path
