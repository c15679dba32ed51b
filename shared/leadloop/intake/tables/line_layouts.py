"""Lists whose lines were drawn, aligned, or parted by several signs, as programs print them.

Each layout becomes lines whose cells one sign parts. A line stays a line, so that its number stays.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise

from leadloop.intake.tables.quotes import (
    has_curly_quotes,
    has_other_quotes,
    has_wrapped_lines,
    replace_curly_quotes,
    replace_other_quotes,
    unwrap_lines,
)

Layout = Callable[[Iterable[str]], Iterator[str]]
UNIT_SEPARATOR = "\x1f"  # parts cells in the lines that a layout gives
RULE = re.compile(r"(?=.{0,2000}(?:-{3}|={3}|_{3}))[\s|+:=_-]{3,5000}")
BOXED = re.compile(r"\s{0,9}\|(.*)\|\s{0,9}")
SEVERAL_SIGNS = re.compile(r"[^\w\s\"'“”„«»@.+/&()\[\]{}<>-]{2,3}")
HEAD_LINES = 10  # among which the header is
MOST_ODD_SHARE = 0.1  # of the lines: titles, notes and counts
LEAST_GAP = 2  # blanks between two aligned columns
LEAST_ALIGNED = 3  # columns and lines
INNER_SIGNS = frozenset(",;|\t")  # in the header of a list that is not aligned


def find_layout(lines: Sequence[str]) -> Layout:
    """How the lines of a file become lines of cells, by a sample of them."""
    if has_wrapped_lines(lines):
        return unwrap_lines
    if has_curly_quotes(lines):
        return replace_curly_quotes
    if has_other_quotes(lines):
        return replace_other_quotes
    texts = [text for line in lines if (text := line.rstrip())]
    if _share(texts, _is_boxed) >= 1 - MOST_ODD_SHARE:
        return _open_boxes
    if (sign := _several_signs(texts)) is not None:
        return partial(_replace_sign, sign)
    if cuts := _aligned_columns(texts):
        return partial(_cut_lines, cuts)
    has_rule = any(map(RULE.fullmatch, texts[:HEAD_LINES]))
    if has_rule and not any(text.count('"') % 2 for text in texts):
        return _blank_rules
    return iter


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    """The share of lines, 0 if there are too few; a count below the rows is no line of them."""
    hits = sum(map(test, texts))
    odd = len(texts) - hits
    return 1.0 if hits >= LEAST_ALIGNED and odd <= 1 else hits / max(len(texts), LEAST_ALIGNED)


def _is_boxed(text: str) -> bool:
    return BOXED.fullmatch(text) is not None or RULE.fullmatch(text) is not None


def _open_boxes(lines: Iterable[str]) -> Iterator[str]:
    for line in _blank_rules(lines):
        match = BOXED.fullmatch(line.rstrip("\r\n"))
        yield line if match is None else f"{match[1]}\n"


def _blank_rules(lines: Iterable[str]) -> Iterator[str]:
    return ("\n" if RULE.fullmatch(line.rstrip()) else line for line in lines)


def _several_signs(texts: Sequence[str]) -> str | None:
    """Two or three signs that every line has equally often, and that the header has together."""
    for header in texts[:HEAD_LINES]:
        signs = {match[0] for match in SEVERAL_SIGNS.finditer(header)}
        sign = next(iter(signs), "")
        if len(signs) != 1 or set(header.replace(sign, "")) & set(sign):
            continue
        count = header.count(sign)
        hits = sum(text.count(sign) == count for text in texts)
        if hits >= max(2, len(texts) * (1 - MOST_ODD_SHARE)):
            return sign
    return None


def _replace_sign(sign: str, lines: Iterable[str]) -> Iterator[str]:
    return (line.replace(sign, UNIT_SEPARATOR) for line in lines)


def _aligned_columns(texts: Sequence[str]) -> tuple[int, ...]:
    """Where the columns of a list begin that are of one width; empty if it is not aligned."""
    for at, header in enumerate(texts[:HEAD_LINES]):
        below = texts[at + 1 :]
        if len(below) < LEAST_ALIGNED - 1:
            break
        if INNER_SIGNS & set(header) or RULE.fullmatch(header):
            continue
        starts = _starts_by_rule(below[0]) or _starts_by_gaps([header, *below])
        if len(starts) >= LEAST_ALIGNED and all(_cells(header, starts) or ("",)):
            return starts
    return ()


def _starts_by_rule(line: str) -> tuple[int, ...]:
    return tuple(m.start() for m in re.finditer(r"[-=]+", line)) if RULE.fullmatch(line) else ()


def _starts_by_gaps(texts: Sequence[str]) -> tuple[int, ...]:
    """The places at which text begins again below each other, after some blanks."""
    width, most_odd = max(map(len, texts)), int(len(texts) * MOST_ODD_SHARE)
    letters = [
        sum(place < len(text) and not text[place].isspace() for text in texts) > most_odd
        for place in range(width)
    ]
    starts, gap = [0], 0
    for place, has_letters in enumerate(letters):
        if has_letters and gap >= LEAST_GAP and place > gap:
            starts.append(place)
        gap = 0 if has_letters else gap + 1
    return tuple(starts)


def _cut_lines(starts: Sequence[int], lines: Iterable[str]) -> Iterator[str]:
    """A line with text across a gap is left as it is."""
    for line in _blank_rules(lines):
        cells = _cells(line.rstrip(), starts)
        yield f"{UNIT_SEPARATOR.join(cells)}\n" if any(cells) else line


def _cells(text: str, starts: Sequence[int]) -> tuple[str, ...]:
    """The cells of an aligned line; empty if text goes across from one into the next."""
    if any(text[start - 1 : start].strip() for start in starts[1:]):
        return ()
    places = [*starts, max(len(text), starts[-1])]
    return tuple(text[start:end].strip() for start, end in pairwise(places))
