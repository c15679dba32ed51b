"""The kind and pattern of a cell, by which a price differs from a name, and column from column."""

import re
from functools import lru_cache

SAMPLE_CHARACTERS = 60  # of a cell that a pattern is made of
PATTERN_CHARACTERS = 20  # of a pattern
LONGEST_TYPED = 300  # characters of a cell that is anything but text
RUNS = (
    (re.compile(r"[^\W\d_]+"), "a"),
    (re.compile(r"\d+"), "9"),
    (re.compile(r"\s+"), " "),
)
KINDS = (
    ("none", re.compile(r"")),
    ("mail", re.compile(r"[^\s@]+@[^\s@]+\.\w+")),
    ("address", re.compile(r"(?:https?://|www\.)\S+")),
    ("date", re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}\S*)?")),
    ("time", re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")),
    ("whole", re.compile(r"[-+]?\d+")),
    ("number", re.compile(r"[-+]?(?=[.,'’ ]*\d)[\d.,'’ ]+(?:[eE][-+]?\d+)?\s?%?")),
    ("money", re.compile(r"-?[$€£¥]\s?-?[\d.,'’]+|[\d.,'’]+\s?[$€£¥]")),
    ("phone", re.compile(r"\+?[\d\s().\-–/]{6,25}")),
    ("code", re.compile(r"(?=\S*\d)[\w\-./#]{2,30}")),
    ("word", re.compile(r"\S+")),
    ("words", re.compile(r"\S.{0,60}", re.DOTALL)),
)
DATA_KINDS = frozenset({"mail", "address", "date", "time", "whole", "number", "money", "phone"})


@lru_cache(maxsize=20_000)
def cell_kind(cell: str) -> str:
    """The first kind of `KINDS` that the cell fits, else “text”; the cell has no outer blanks."""
    if len(cell) > LONGEST_TYPED:
        return "text"
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(cell)), "text")


def is_data(cell: str) -> bool:
    """Whether a cell holds a value that no column's label looks like."""
    return cell_kind(cell.strip()) in DATA_KINDS


@lru_cache(maxsize=20_000)
def run_pattern(cell: str) -> str:
    """The cell with one sign for each run of letters or digits: `a-9` of “MG-8769”."""
    pattern = cell[:SAMPLE_CHARACTERS]
    for run, sign in RUNS:
        pattern = run.sub(sign, pattern)
    return pattern[:PATTERN_CHARACTERS]


@lru_cache(maxsize=20_000)
def letter_pattern(cell: str) -> str:
    """The cell with one sign for each letter or digit: `AA-9999` of “MG-8769”."""
    return "".join(
        "9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c
        for c in cell[:PATTERN_CHARACTERS]
    )
