"""The text of an HTML mail; table rows of a label and its value stay apart from prose."""

import itertools
import re
from collections.abc import Callable, Iterator

from lxml import etree, html

from leadloop.intake.text.text_marks import CELL_SEPARATOR, INNER_BREAK

SKIPPED_TAGS = frozenset({"script", "style", "head", "title", "noscript", "template"})
PARAGRAPHS = frozenset(
    {"br", "footer", "p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre"}
)
BLOCKS = frozenset(  # begin a line of their own, without a blank line before it
    {"div", "tr", "table", "tbody", "thead", "li", "ul", "ol", "section", "article", "dt", "dd"}
    | {"dl", "body", "center", "header"}
)
BREAKS = PARAGRAPHS | BLOCKS
SOFT_BREAK = "\x1e"  # where a block begins or ends: one line break, however many come together
BREAK_RUN = re.compile("(?<![\x1e \\n])[\x1e \\n]{2,}|[\x1e\\n]")  # a run is looked at once
CELLS = frozenset({"td", "th"})
BLANKS = re.compile(r" {2,}")
# Elements that a reader of the mail does not see: a preview line, a fallback.
HIDDEN_STYLE = re.compile(
    r"(?:^|;)\s*+(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden|mso-hide\s*+:\s*+all)",
    re.IGNORECASE,
)
INLINE_TAGS = frozenset(
    {"b", "strong", "span", "label", "font", "em", "i", "u"}
)  # as a label may be
LABEL_SEPARATOR = "\t"  # between it, first in its line, and the text beside it
LONGEST_LABEL = 80
LONGEST_CELL = 10_000
LINES_OF_COLUMN = 4  # of a cell beside another that is no value of a label
MOST_CHARACTERS = 500_000
MOST_GRIDS, MOST_ROWS, MOST_CELLS = 20, 300, 60
Grid = tuple[tuple[str, ...], ...]
Marker = Callable[[etree._Element, str], str]  # noqa: SLF001  puts a mark before the text of an element


def text_of_html(markup: str) -> str:
    """The lines of text; a table row is one line: its label, `CELL_SEPARATOR`, its value.

    Scripts, styles and hidden elements are left out, and what is nested beyond libxml2's limit.
    """
    return mark_text(markup, lambda _, text: text)


def mark_text(markup: str, mark: Marker) -> str:
    """The lines of text as `text_of_html` gives them, each text of an element with its mark.

    Rows of tables get none.
    """
    root = _tree(markup)
    if root is None:
        return ""
    pieces: list[str] = []
    skipped_node: etree._Element | None = None  # its text is written already, or never
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if skipped_node is None:
                is_skipped = tag in SKIPPED_TAGS or _is_hidden(node)
                row_text = "" if is_skipped else _table_row_lines(node)
                if row_text is None:
                    pieces.append(_break(tag) + mark(node, _collapse_spaces(node.text)))
                else:
                    skipped_node = node
                    pieces.append(row_text)
            continue
        if skipped_node is node:
            skipped_node = None
        if skipped_node is None:
            pieces.append(_break(tag) if tag != "br" else "")
            pieces.append(LABEL_SEPARATOR * _has_text_beside(node))
            tail = _alt_label(node) + _collapse_spaces(node.tail)
            parent = node.getparent()
            tail = tail if parent is None else mark(parent, tail)
            pieces.append(" " * (tag in CELLS) + tail)
    return _collapse_lines("".join(pieces))


def grids_of_html(markup: str) -> tuple[Grid, ...]:
    """The innermost tables of more than one row: rows of cells, each cell one line of text."""
    root = _tree(markup)
    if root is None:
        return ()
    inner = (
        table for table in root.iter("table") if next(table.iterdescendants("table"), None) is None
    )
    grids = []
    for table in itertools.islice(inner, MOST_GRIDS):
        rows = tuple(
            tuple(_one_line(cell) for cell in itertools.islice(_cells(row), MOST_CELLS))
            for row in itertools.islice(table.iter("tr"), MOST_ROWS)
        )
        if len(rows) > 1:
            grids.append(rows)
    return tuple(grids)


def _tree(markup: str) -> etree._Element | None:
    data = markup[:MOST_CHARACTERS].replace("\0", "").encode("utf-8", "replace")
    if not data.strip():
        return None
    return etree.fromstring(data, html.HTMLParser(encoding="utf-8", no_network=True))


def _is_hidden(node: etree._Element) -> bool:
    style = node.get("style") if isinstance(node.tag, str) else None
    return style is not None and HIDDEN_STYLE.search(style) is not None


def _has_text_beside(node: etree._Element) -> bool:
    """Whether an element begins its line as a label does, with more text behind it."""
    parent = node.getparent()
    if node.tag not in INLINE_TAGS or parent is None or parent.tag in INLINE_TAGS:
        return False
    before = node.getprevious()
    begins = not (parent.text or "").strip() if before is None else before.tag in BREAKS
    if not begins or (before is not None and (before.tail or "").strip()):
        return False
    after = node.getnext()
    has_text_after = bool((node.tail or "").strip()) or (
        after is not None and after.tag not in BREAKS
    )
    return has_text_after and _is_short(node)


def _is_short(node: etree._Element) -> bool:
    lengths = itertools.accumulate(len(text.strip()) for text in node.itertext())
    return all(length <= LONGEST_LABEL for length in lengths)


def _alt_label(node: etree._Element) -> str:
    """The other text of an icon that stands before a text in its line: it is the label."""
    alt = " ".join((node.get("alt") or "").split()) if node.tag == "img" else ""
    begins = node.getprevious() is None or node.getprevious().tag in BREAKS
    is_label = alt and len(alt) <= LONGEST_LABEL and (node.tail or "").strip() and begins
    return f"{alt.rstrip(':')}: " if is_label else ""


def _break(tag: str) -> str:
    if tag in PARAGRAPHS:
        return "\n"
    return SOFT_BREAK if tag in BLOCKS else ""


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (child for child in row if child.tag in CELLS)


def _table_row_lines(node: etree._Element) -> str | None:
    """The lines of a table row that is labels and their values, else None."""
    if node.tag != "tr":
        return None
    cells = list(itertools.islice(_cells(node), MOST_CELLS))
    if len(cells) < 2 or next(node.iter("table"), None) is not None:
        return None
    full = [(text, cell) for cell in cells if (text := _one_line(cell)) or len(cells) == 2]
    is_pairs = len(full) % 2 == 0 and (
        len(cells) == 2 or all(_is_label_cell(cell, text) for text, cell in full[::2])
    )
    if not is_pairs:
        return None
    if len(full) == 2 and all(_is_column(cell) for _, cell in full):
        columns = (_inner_lines(cell).replace(INNER_BREAK, SOFT_BREAK) for _, cell in full)
        return SOFT_BREAK + "\n\n".join(column[:LONGEST_CELL] for column in columns) + SOFT_BREAK
    lines = [
        f"{label[:LONGEST_CELL]}{CELL_SEPARATOR}{_inner_lines(cell)[:LONGEST_CELL]}"
        for (label, _), (_, cell) in zip(full[::2], full[1::2], strict=True)
        if label
    ]
    return SOFT_BREAK + SOFT_BREAK.join(lines) + SOFT_BREAK if lines else None


def _is_column(cell: etree._Element) -> bool:
    """Whether a cell has lines enough for labels with values below: it is no label."""
    return _inner_lines(cell).count(INNER_BREAK) >= LINES_OF_COLUMN - 1


def _is_label_cell(cell: etree._Element, text: str) -> bool:
    """Whether a cell of a wide row is a label, by its mark-up or its colon."""
    if text.endswith((":", "：")):
        return True
    return cell.tag == "th" or next(cell.iter("b", "strong"), None) is not None


def _one_line(cell: etree._Element) -> str:
    return " ".join(_inner_lines(cell).split())


def _inner_lines(cell: etree._Element) -> str:
    """The text of a cell, its lines with `INNER_BREAK` between them."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end", "comment")):
        if event == "start":
            text = _collapse_spaces(node.text)
            pieces += [INNER_BREAK if node.tag in BREAKS else "", text]
        elif node is not cell:
            pieces += [INNER_BREAK if node.tag in BREAKS else "", _collapse_spaces(node.tail)]
    lines = "".join(pieces).split(INNER_BREAK)
    return INNER_BREAK.join(" ".join(line.split()) for line in lines if line.strip())


def _collapse_spaces(text: str | None) -> str:
    if not text:
        return ""
    return " ".join(f".{text}.".replace(CELL_SEPARATOR, " ").replace(SOFT_BREAK, " ").split())[1:-1]


def _collapse_lines(text: str) -> str:
    """No blanks at the ends of a line, no two blank lines in a row."""
    broken = BREAK_RUN.sub(_merge_breaks, text)
    return "\n".join(BLANKS.sub(" ", line.strip(" ")) for line in broken.split("\n")).strip("\n")


def _merge_breaks(run: re.Match[str]) -> str:
    blanks, lines = run[0].strip(" "), min(run[0].count("\n"), 2)
    return "\n" * max(1, lines) if blanks else " "
