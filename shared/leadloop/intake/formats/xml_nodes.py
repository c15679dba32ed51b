"""The name and the text of an element, as vendors write XML."""

import re
from collections.abc import Iterator

from lxml import etree

LINE_TAGS = frozenset({"br", "p", "div", "li", "tr"})  # of HTML, inside a text


def tag_of(node: etree._Element) -> str:
    """The tag in lower case, without its namespace, declared or not; "" of a comment."""
    name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    return name.rpartition(":")[2].lower()


def node_text(node: etree._Element) -> str:
    """The text of an element and of all in it, without the margin of an indented document."""
    lines = "".join(_pieces(node)).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def _pieces(node: etree._Element) -> Iterator[str]:
    """The texts of an element in their order; an element of HTML that ends a line ends one."""
    yield node.text or ""
    for child in node:
        yield "\n" if tag_of(child) in LINE_TAGS else ""
        if tag_of(child):
            yield from _pieces(child)
        yield child.tail or ""


def has_words(taken: str, text: str) -> bool:
    """Whether a text stands in another as whole words: “2” is no part of “202-555-0146”."""
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", taken) is not None
