"""A partner's own XML, read by XPath (1.0) that its playbook names: strict, and nothing is fetched.

Names are without namespaces, so that a path reads as the document does: `/lead/person/mail`,
`/lead/@ref`, `//answer[@q='size']`.
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

PARSER = "xml/2"  # the next number whenever the same bytes would be read differently
PROLOG = re.compile(r"\A\s*<\?xml[^<>]{0,200}\?>")
WORD = re.compile(r"[\w.-]+")
PREDICATE = re.compile(r"\[[^\]]*+(?:\]|\Z)")
Element = etree._Element  # noqa: SLF001  lxml's only name for it
Leaf = tuple[object, str | None]  # an element, or one of its attributes


def parse_xml(text: str) -> etree._Element:
    """The root, its names without namespaces; raises `Unreadable`, which says where it breaks."""
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
    """What stands at each path, None where nothing does; a path must find one thing."""
    values: dict[str, object] = {}
    misfits: list[Reason] = []
    taken: set[Leaf] = set()
    spoken: set[str] = set()
    for path in paths:
        try:
            found = _compiled(path)(root)
        except etree.LxmlError:
            misfits.append(Reason(code="misfit", text=f"{path}: does not fit what was sent"))
            continue
        if not isinstance(found, list):
            values[path] = _plain(found)
            spoken.update(WORD.findall(path))
            continue
        taken.update(map(_leaf, found))
        spoken.update(WORD.findall("".join(PREDICATE.findall(path))))
        values[path] = _text(found[0]) if found else None
        if len(found) > 1:
            text = f"{path}: stands there {len(found)} times, and we take one"
            misfits.append(Reason(code="misfit", text=text))
    return DocumentValues(values, tuple(misfits), _ignored_paths(root, taken, spoken))


def xpath_fault(path: str) -> str | None:
    """What is wrong with a path that a playbook names, or None; for who checks playbooks."""
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


def _plain(found: object) -> str:
    """Of a function in XPath: a text, a number, true or false."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    return str(found)


def _text(found: Any) -> str:  # noqa: ANN401 - an element, or lxml's kind of text
    if not etree.iselement(found):  # an attribute or a text
        return str(found)
    lines = "".join(found.itertext()).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def _leaf(found: Any) -> Leaf:  # noqa: ANN401 - the same
    if etree.iselement(found):
        return found, None
    parent = found.getparent()
    return parent, found.attrname if found.is_attribute else None


def _ignored_paths(root: etree._Element, taken: set[Leaf], spoken: set[str]) -> tuple[str, ...]:
    found = (
        path
        for leaf, path in islice(_leaves(root), MOST_NAMES)
        if leaf not in taken and path.rpartition("/")[2].lstrip("@") not in spoken
    )
    told = dict.fromkeys(path[:LONGEST_REPORTED] for path in found)
    return tuple(sorted(told)[:MOST_REPORTED])


def _leaves(root: etree._Element) -> Iterator[tuple[Leaf, str]]:
    """Whatever holds a value, with its path."""
    for element in root.iter():
        path = "".join(f"/{up.tag}" for up in reversed([element, *element.iterancestors()]))
        yield from (((element, str(name)), f"{path}/@{name}") for name in element.attrib)
        if len(element) == 0 and (element.text or "").strip():
            yield (element, None), path
