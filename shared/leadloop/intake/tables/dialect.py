"""Detects the dialect of a text file: its delimiter, quote and escape.

Each dialect is tried on a sample of lines. The right one gives rows of the same width, and cells
of a known form: a number, a date, an address, a few words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.tables.records import Dialect, TextRecord, parse_records

# Delimiter → weight: how likely it stands between cells rather than between words, from 0 to 1.
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
UNUSUAL_WEIGHT = 0.5  # of any other delimiter
PART_OF_WORDS = "\"'“”„.@-+/()_&\ufeff"
LEAST_LINES = 3  # lines of a sample that can show an unusual delimiter
ESCAPE_WEIGHT = 1.01  # of a dialect with an escape, where no quote is doubled
SEP_LINE = re.compile(r"\s{0,9}\"?sep=(.)\"?\s{0,9}", re.IGNORECASE)  # Excel's own declaration
SAMPLE_LINES = 300
CELL_CHARACTERS = 200  # of a cell that are looked at
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
    """A dialect, the records of the sample in it, and its score, from 0."""

    score: float
    dialect: Dialect
    records: tuple[TextRecord, ...]


def detect_dialect(lines: Sequence[str]) -> Dialect:
    """The dialect with the best score on a sample of lines; a comma if there is one column only."""
    head = lines[:SAMPLE_LINES]
    declared = SEP_LINE.fullmatch(head[0]) if head else None
    if declared is not None:
        return Dialect(delimiter=declared[1])
    text = "".join(head)
    delimiters = [*(sign for sign in DELIMITERS if sign in text), *_unusual_delimiters(head)]
    if not delimiters:
        return Dialect()
    scored = [
        _score_dialect(head, dialect)
        for sign in delimiters
        for dialect in _candidate_dialects(text, sign)
    ]
    best = max(scored, key=lambda each: each.score)
    return best.dialect if best.score > 0 else Dialect()


def _unusual_delimiters(head: Sequence[str]) -> Iterator[str]:
    """Other signs that are in every line the same number of times, and in no number or address."""
    nonblank_lines = [line for line in head if line.strip()]
    if len(nonblank_lines) < LEAST_LINES:
        return
    for sign in set(nonblank_lines[0]) - DELIMITERS.keys():
        count = nonblank_lines[0].count(sign)
        is_unusual = not (sign.isalnum() or sign.isspace() or sign in PART_OF_WORDS)
        if is_unusual and count > 1 and all(line.count(sign) == count for line in nonblank_lines):
            yield sign


def _candidate_dialects(text: str, delimiter: str) -> Iterable[Dialect]:
    """The dialects to try: with the quotes at the edges of cells, and a backslash before quotes."""
    edge = re.escape(delimiter)
    single = len(
        re.findall(rf"(?:^|{edge})'(?:[^'\r\n]++|'')*+'(?={edge}|\r|\n|$)", text, re.MULTILINE)
    )
    double = len(re.findall(rf"(?:^|{edge})\s?\"", text, re.MULTILINE))
    quotes = ['"'] if single <= double else ['"', "'"] if double else ["'"]
    for quote in quotes:
        yield Dialect(delimiter=delimiter, quote=quote)
        if f"\\{quote}" in text:
            yield Dialect(delimiter=delimiter, quote=quote, escape="\\")


def _score_dialect(head: Sequence[str], dialect: Dialect) -> ScoredDialect:
    """Scores the share of rows of one width, that of plain cells, and the number of columns."""
    records = tuple(r for r in parse_records(iter(head), dialect, None) if r.text.strip())
    widths = Counter(len(r.cells) for r in records if r.cells is not None and len(r.cells) > 1)
    if not widths:
        return ScoredDialect(0, dialect, records)
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    cells = [c for r in records if r.cells and len(r.cells) == width for c in r.cells]
    plain_cells = sum(
        not cell or PLAIN_CELL.fullmatch(cell[:CELL_CHARACTERS]) is not None for cell in cells
    )
    plain_share, even_share = plain_cells / len(cells), rows / len(records)
    weight = DELIMITERS.get(dialect.delimiter, UNUSUAL_WEIGHT)
    if dialect.escape and not any(dialect.quote * 2 in line for line in head):
        weight *= ESCAPE_WEIGHT
    score = weight * even_share * (0.2 + plain_share) * (1 - 1 / (width + 1))
    return ScoredDialect(score, dialect, records)
