"""Quotes that another program has put: around whole lines, or in its typographers' shape.

A spreadsheet that took each line for one cell writes it so, and doubles the quotes inside.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

WRAPPED_LINE = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"[,;\t]{0,500}\s{0,3}')
INNER_DELIMITERS = (",", ";", "\t", "|")


CURLY_CELL = re.compile(r"(?:^|[,;\t|])\s?[“„][^“”„\r\n]{0,500}+[“”](?=\s?(?:[,;\t|\r\n]|$))")
STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("“”„", '"'))


def has_curly_quotes(lines: Sequence[str]) -> bool:
    """Most of them have cells in such quotes, and none has the plain ones."""
    said = [line for line in lines if line.strip()]
    hits = sum(CURLY_CELL.search(line) is not None for line in said)
    return hits * 2 > len(said) and not any('"' in line for line in said)


def replace_curly_quotes(lines: Iterable[str]) -> Iterator[str]:
    """With plain quotes in their place."""
    return (line.translate(STRAIGHT_QUOTES) for line in lines)


def has_wrapped_lines(lines: Sequence[str]) -> bool:
    """Every line is one quoted cell, and inside all have as many cells again."""
    found = [WRAPPED_LINE.fullmatch(line) for line in lines if line.strip()]
    texts = [_undouble_quotes(each[1]) for each in found if each is not None]
    return 1 < len(texts) == len(found) and any(_is_table(texts, sign) for sign in INNER_DELIMITERS)


def unwrap_lines(lines: Iterable[str]) -> Iterator[str]:
    """What stands in them; one that is not wrapped stays as it is."""
    for line in lines:
        found = WRAPPED_LINE.fullmatch(line)
        yield line if found is None else f"{_undouble_quotes(found[1])}\n"


def _undouble_quotes(text: str) -> str:
    return text.replace('""', '"')


def _is_table(texts: Sequence[str], sign: str) -> bool:
    widths = {len(cells) for cells in csv.reader(texts, delimiter=sign)}
    return len(widths) == 1 and widths != {1}
