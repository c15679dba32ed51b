"""Quotes that another program added: around whole lines, or of another kind than straight ones.

A spreadsheet that took each line for one cell wraps the line in quotes and doubles the quotes in
it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

WRAPPED_LINE = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"[,;\t]{0,500}\s{0,3}')
INNER_DELIMITERS = (",", ";", "\t", "|")
CURLY_CELL = re.compile(r"(?:^|[,;\t|])\s?[“„«»][^“”„«»\r\n]{0,500}+[“”«»](?=\s?(?:[,;\t|\r\n]|$))")
OTHER_CELL = re.compile(
    r"(^|[,;\t|])\s?[`‚‘›‹「『]([^\r\n]{0,500}?)[`‘’‹›」』](?=\s?(?:[,;\t|\r\n]|$))"
)
STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))


def has_curly_quotes(lines: Sequence[str]) -> bool:
    """Whether most lines have cells in curly quotes, and none has straight ones."""
    nonblank_lines = [line for line in lines if line.strip()]
    hits = sum(CURLY_CELL.search(line) is not None for line in nonblank_lines)
    return hits * 2 > len(nonblank_lines) and not any('"' in line for line in nonblank_lines)


def replace_curly_quotes(lines: Iterable[str]) -> Iterator[str]:
    """The lines with straight quotes for curly ones."""
    return (line.translate(STRAIGHT_QUOTES) for line in lines)


def has_other_quotes(lines: Sequence[str]) -> bool:
    """Whether most lines have a cell in backticks, brackets or the like, and some need them.

    Where no such cell has a delimiter in it, the signs are the writer's own.
    """
    nonblank_lines = [line for line in lines if line.strip()]
    cells = [found for line in nonblank_lines if (found := OTHER_CELL.findall(line))]
    return (
        len(cells) * 2 > len(nonblank_lines)
        and not any('"' in line for line in nonblank_lines)
        and any(sign in text for found in cells for _, text in found for sign in INNER_DELIMITERS)
    )


def replace_other_quotes(lines: Iterable[str]) -> Iterator[str]:
    """The lines with straight quotes around the cells that have others."""
    return (OTHER_CELL.sub(_quote_cell, line) for line in lines)


def _quote_cell(match: re.Match[str]) -> str:
    text = match[2].replace('"', '""')
    return f'{match[1]}"{text}"'


def has_wrapped_lines(lines: Sequence[str]) -> bool:
    """Whether each line is one quoted cell, and the cells hold a table."""
    matches = [WRAPPED_LINE.fullmatch(line) for line in lines if line.strip()]
    texts = [_undouble_quotes(match[1]) for match in matches if match is not None]
    return 1 < len(texts) == len(matches) and any(
        _is_table(texts, sign) for sign in INNER_DELIMITERS
    )


def unwrap_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the quotes around them; a line that is not wrapped is unchanged."""
    for line in lines:
        match = WRAPPED_LINE.fullmatch(line)
        yield line if match is None else f"{_undouble_quotes(match[1])}\n"


def _undouble_quotes(text: str) -> str:
    return text.replace('""', '"')


def _is_table(texts: Sequence[str], sign: str) -> bool:
    widths = {len(cells) for cells in csv.reader(texts, delimiter=sign)}
    return len(widths) == 1 and widths != {1}
