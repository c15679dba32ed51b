"""How a text file of rows is written: what parts its cells, and what quotes them.

Each way of writing is tried on the first lines. The right one gives rows of one width, and cells
that look like something: a number, a date, an address, a few words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.tables.records import Dialect, TextRecord, parse_records

# By how likely each is to part cells rather than words.
DELIMITERS = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 1.0,
    "~": 0.8,
    "^": 0.8,
    "\x1f": 1.0,
    "\x01": 1.0,
    ":": 0.4,
    " ": 0.4,
}
UNUSUAL_WEIGHT = 0.5  # what weighs a sign that seldom parts cells
PART_OF_WORDS = "\"'“”„.@-+/()_&\ufeff"
LEAST_LINES = 3  # lines that show it
SEP_LINE = re.compile(r"\s{0,9}\"?sep=(.)\"?\s{0,9}", re.IGNORECASE)
SAMPLE_LINES = 300  # lines
PLAIN_CELL = re.compile(
    r"""\s{0,3}(?:
      [-+(]?\s?[$€£¥]?\s?[-+]?\d[\d.,'’ \u00a0]{0,30}(?:[eE][-+]?\d{1,4})?\s?[%$€£¥)]?  # number
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?\S{0,9})?        # date
    | \d{1,2}:\d{2}(?::\d{2})?                                                      # time
    | [^\s@,;|"]{1,64}@[^\s@,;|"]{1,80}                                              # mail
    | (?:https?://|www\.)[^\s"]{1,200}                                               # address
    | [\w.'’&/()#*°+-]{1,40}(?:\s[\w.,:!?'’&/()#*°+-]{1,40}){0,11}                  # a few words
    )\s{0,3}""",
    re.VERBOSE,
)


class ScoredDialect(NamedTuple):
    """A dialect, the rows it gives, and how well they look."""

    score: float
    dialect: Dialect
    records: tuple[TextRecord, ...]


def detect_dialect(lines: Sequence[str]) -> Dialect:
    """The best of all tried; a comma, where there is only one column."""
    head = lines[:SAMPLE_LINES]
    said = SEP_LINE.fullmatch(head[0]) if head else None
    if said is not None:
        return Dialect(delimiter=said[1])
    text = "".join(head)
    delimiters = [*(sign for sign in DELIMITERS if sign in text), *_unusual_delimiters(head)]
    if not delimiters:
        return Dialect()
    found = [
        _score_dialect(head, way) for sign in delimiters for way in _candidate_dialects(text, sign)
    ]
    best = max(found, key=lambda tried: tried.score)
    return best.dialect if best.score > 0 else Dialect()


def _unusual_delimiters(head: Sequence[str]) -> Iterator[str]:
    """Signs that stand as often in every line, and are none of a number's or an address's."""
    said = [line for line in head if line.strip()]
    if len(said) < LEAST_LINES:
        return
    for sign in set(said[0]) - DELIMITERS.keys():
        often = said[0].count(sign)
        odd = not (sign.isalnum() or sign.isspace() or sign in PART_OF_WORDS)
        if odd and often > 1 and all(line.count(sign) == often for line in said):
            yield sign


def _candidate_dialects(text: str, delimiter: str) -> Iterable[Dialect]:
    """Quotes are tried that stand at the edge of a cell, a backslash that stands before one."""
    edge = re.escape(delimiter)
    single = len(re.findall(rf"(?:^|{edge})'[^'\r\n]*'(?={edge}|\r|\n|$)", text, re.MULTILINE))
    double = len(re.findall(rf"(?:^|{edge})\s?\"", text, re.MULTILINE))
    quotes = ['"'] if single <= double else ['"', "'"] if double else ["'"]
    for quote in quotes:
        yield Dialect(delimiter=delimiter, quote=quote)
        if f"\\{quote}" in text:
            yield Dialect(delimiter=delimiter, quote=quote, escape="\\")


def _score_dialect(head: Sequence[str], dialect: Dialect) -> ScoredDialect:
    found = tuple(r for r in parse_records(iter(head), dialect, None) if r.text.strip())
    widths = Counter(len(r.cells) for r in found if r.cells is not None and len(r.cells) > 1)
    if not widths:
        return ScoredDialect(0, dialect, found)
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    cells = [c for r in found if r.cells and len(r.cells) == width for c in r.cells]
    plain = sum(not c or PLAIN_CELL.fullmatch(c[:200]) is not None for c in cells) / len(cells)
    even = rows / len(found)
    weight = DELIMITERS.get(dialect.delimiter, UNUSUAL_WEIGHT)
    if dialect.escape and not any(dialect.quote * 2 in line for line in head):
        weight *= 1.01  # who does not double quotes escapes them
    return ScoredDialect(weight * even * (0.2 + plain) * (1 - 1 / (width + 1)), dialect, found)
