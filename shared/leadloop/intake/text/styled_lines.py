"""The lines of an HTML mail with how each looks: labels look like labels, answers otherwise."""

import re
from typing import NamedTuple

from lxml import etree

from leadloop.intake.text.html_text import BLOCKS, CELLS, PARAGRAPHS, mark_text

FIRST_MARK, LAST_MARK = 0x100000, 0x10FFFD  # private use: no mail has a letter there
MARK = re.compile(f"[{chr(FIRST_MARK)}-{chr(LAST_MARK)}]")
MOST_STYLES = 20_000
MOST_PARENTS = 6  # elements from a text up to its block
LINK = re.compile(r"\s{0,9}https?:", re.IGNORECASE)
UNSEEN_TAGS = frozenset({"a", "span", "font", "u", "em", "i", "tbody", "center"})


class StyledLine(NamedTuple):
    """A line; `style` numbers how it looks, 0 where this is not known or not the same all along.

    `is_link`: the whole line leads somewhere, as a button does. `is_bold`: it stands out.
    """

    text: str
    style: int = 0
    is_link: bool = False
    is_bold: bool = False


class _Style(NamedTuple):
    look: tuple[str, ...]
    is_link: bool
    is_bold: bool


BOLD_TAGS = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "label"})
BOLD_STYLE = re.compile(r"font-weight\s{0,3}:\s{0,3}(?:bold|[6-9]00)", re.IGNORECASE)
LETTER_STYLE = re.compile(  # of a style, what one sees at the letters
    r"(?<![\w-])(?:color|font-size|font-weight|text-transform)\s{0,3}:\s{0,3}[^;]{1,40}",
    re.IGNORECASE,
)


class _StyleBook:
    """Numbers the looks of texts in the order in which they come."""

    def __init__(self) -> None:
        self._numbers: dict[_Style, int] = {}
        self.styles: list[_Style] = []

    def mark(self, node: etree._Element, text: str) -> str:
        """The text behind the mark of its element's look."""
        if not text.strip():
            return text
        style = _style_of(node)
        number = self._numbers.setdefault(style, len(self.styles))
        if number == len(self.styles):
            self.styles.append(style)
        mark = chr(FIRST_MARK + min(number, MOST_STYLES))
        return mark + MARK.sub("", text)


def styled_lines_of_html(markup: str) -> tuple[StyledLine, ...]:
    """The lines of `text_of_html`, each with its look."""
    book = _StyleBook()
    text = mark_text(markup, book.mark)
    looks: dict[tuple[str, ...], int] = {}
    lines = []
    for line in text.split("\n"):
        styles = [_style_at(book.styles, mark) for mark in MARK.findall(line)]
        plain = MARK.sub("", line).strip(" ")
        distinct = {style.look for style in styles}
        number = 0
        if len(distinct) == 1:
            number = looks.setdefault(styles[0].look, len(looks) + 1)
        lines.append(
            StyledLine(
                plain,
                number,
                is_link=bool(styles) and all(style.is_link for style in styles),
                is_bold=bool(styles) and all(style.is_bold for style in styles),
            )
        )
    return tuple(lines)


def _style_at(styles: list[_Style], mark: str) -> _Style:
    return styles[min(ord(mark) - FIRST_MARK, len(styles) - 1)]


def _style_of(node: etree._Element) -> _Style:
    """How a text looks by the elements round it, up to its block."""
    look: list[str] = []
    is_link = is_bold = False
    element: etree._Element | None = node
    for _ in range(MOST_PARENTS):
        if element is None or not isinstance(element.tag, str):
            break
        tag = element.tag
        if tag == "a":
            is_link = is_link or LINK.match(element.get("href") or "") is not None
        css = element.get("style") or ""
        is_bold = is_bold or tag in BOLD_TAGS or BOLD_STYLE.search(css) is not None
        seen = "" if tag in UNSEEN_TAGS else tag
        letters = " ".join(LETTER_STYLE.findall(css)).casefold()
        if tag != "a" and (seen or letters or element.get("class")):
            look.append(f"{seen} {element.get('class') or ''} {letters}")
        if tag in BLOCKS or tag in PARAGRAPHS or tag in CELLS:
            break
        element = element.getparent()
    return _Style(tuple(look), is_link, is_bold)
