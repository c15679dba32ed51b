"""The text of an HTML mail, with its tables kept as label and value."""

import re

from lxml import etree, html

CELL = "\x1f"  # between the label and the value of one table row
SILENT = frozenset({"script", "style", "head", "title", "noscript", "template"})
BREAKS = frozenset(
    {"br", "p", "div", "tr", "table", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"blockquote", "pre", "hr", "section", "article", "dt", "dd", "dl", "body"}
)
CELLS = frozenset({"td", "th"})
BLANKS = re.compile(r" {2,}")
LONGEST_CELL = 10_000
MOST_CHARACTERS = 1_000_000


def text_of_html(markup: str) -> str:
    """Lines of text; a row of two cells is one line, `label CELL value`.

    Scripts and styles are left out, and so is what is nested beyond libxml2's limit.
    """
    data = markup[:MOST_CHARACTERS].replace("\0", "").encode("utf-8", "replace")
    if not data.strip():
        return ""
    root = etree.fromstring(data, html.HTMLParser(encoding="utf-8", no_network=True))
    if root is None:
        return ""
    pieces: list[str] = []
    done: etree._Element | None = None  # its inside is told already, or not to be told
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if done is None:
                told = "" if tag in SILENT else _row(node)
                done = node if told is not None else None
                pieces.append(told if told is not None else _opening(tag, node))
            continue
        if done is node:
            done = None
        if done is None:
            pieces.append("\n" if tag in BREAKS and tag != "br" else " " * (tag in CELLS))
            pieces.append(_flowing(node.tail))
    return _tidied("".join(pieces))


def _opening(tag: str, node: etree._Element) -> str:
    return ("\n" if tag in BREAKS else "") + _flowing(node.text)


def _row(node: etree._Element) -> str | None:
    """The line of a table row that is a label and its value, else None."""
    if node.tag != "tr":
        return None
    cells = [child for child in node if child.tag in CELLS]
    if len(cells) != 2 or next(node.iter("table"), None) is not None:
        return None
    label, value = (_one_line(cell) for cell in cells)
    return f"\n{label[:LONGEST_CELL]}{CELL}{value[:LONGEST_CELL]}\n" if label else None


def _one_line(cell: etree._Element) -> str:
    pieces: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end", "comment")):
        if event == "start":
            pieces += [" " if node.tag in BREAKS else "", node.text or ""]
        elif node is not cell:
            pieces.append(node.tail or "")
    return " ".join("".join(pieces).replace(CELL, " ").split())


def _flowing(text: str | None) -> str:
    return " ".join(f".{text}.".replace(CELL, " ").split())[1:-1] if text else ""


def _tidied(text: str) -> str:
    """No blanks at the ends of a line, no two blank lines in a row."""
    kept: list[str] = []
    for line in text.split("\n"):
        tidy = BLANKS.sub(" ", line.strip(" "))
        if tidy or (kept and kept[-1]):
            kept.append(tidy)
    return "\n".join(kept).strip("\n")
