"""Texts that make a pattern work hardest, made from the pattern itself.

Whatever it may repeat is repeated to the length asked for, behind what must stand before it, and
ends in something that fits nothing: so an engine that goes back over its steps has to.
"""

import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

MANY = 8  # a repetition of fewer is not worth pumping
LETTERS = "a 0\n-.<@([\"',;:=/>|\t\rZ_*&?\x1e\x1f"
MOST = 12  # samples of one part
ENDS = ("\0", "")


def attack_texts(pattern: "re.Pattern[Any]", length: int) -> Iterator[Any]:
    """Of the pattern's own kind, str or bytes."""
    source = pattern.pattern
    plain = source if isinstance(source, str) else source.decode("latin-1")
    tree = parser.parse(plain, pattern.flags & ~re.UNICODE)
    units = dict.fromkeys(islice(_pumped(tree, ("",)), 30))
    every = [*units, *(("", letter) for letter in 'a 0<-\n[,"')]
    for before, unit in dict.fromkeys(every):
        for end in ENDS:
            text = before + unit * (length // max(len(unit), 1)) + end
            yield text if isinstance(source, str) else text.encode("latin-1", "replace")


def _pumped(tree: Any, before: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What stands before a repetition, and what is repeated; also both of them over and over."""
    for code, given in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, most, body = given
            if most >= MANY:
                for first, unit in product(before[:2], _samples(body)[:4]):
                    yield first, unit
                    if first:
                        yield "", first + unit
            yield from _pumped(body, before)
        for inner in _inside(code, given):
            yield from _pumped(inner, before)
        before = tuple(a + b for a, b in product(before[:3], _sample(code, given)[:3]))


def _inside(code: Any, given: Any) -> Iterator[Any]:
    match code:
        case codes.SUBPATTERN:
            yield given[3]
        case codes.BRANCH:
            yield from given[1]
        case codes.ATOMIC_GROUP:
            yield given
        case codes.ASSERT | codes.ASSERT_NOT:
            yield given[1]


def _samples(tree: Any) -> list[str]:
    """Texts that fit; an anchor or a look around is taken for met."""
    found = [""]
    for code, given in tree:
        found = [a + b for a, b in product(found[:4], _sample(code, given)[:4])]
    return found[:MOST]


def _sample(code: Any, given: Any) -> list[str]:
    match code:
        case codes.LITERAL:
            return [chr(given)]
        case codes.IN | codes.NOT_LITERAL | codes.ANY:
            return _letters(code, given)
        case codes.MAX_REPEAT | codes.MIN_REPEAT | codes.POSSESSIVE_REPEAT:
            least, most, body = given
            one = _samples(body)
            return [text * max(least, min(most, 1)) for text in one]
        case codes.SUBPATTERN | codes.BRANCH | codes.ATOMIC_GROUP:
            every = [_samples(inner) for inner in _inside(code, given)]
            return [text for found in every for text in found[:3]][:MOST]
        case _:
            return [""]


def _letters(code: Any, given: Any) -> list[str]:
    state = parser.State()
    state.str = ""
    one = re.compile(_category_text(code, given), re.DOTALL)
    return [letter for letter in LETTERS if one.fullmatch(letter)][:MOST] or _first(given)


def _category_text(code: Any, given: Any) -> str:
    if code is codes.ANY:
        return "[^\\n]"
    if code is codes.NOT_LITERAL:
        return f"[^{re.escape(chr(given))}]"
    parts = ""
    for kind, value in given:
        match kind:
            case codes.NEGATE:
                parts += "^"
            case codes.LITERAL:
                parts += re.escape(chr(value))
            case codes.RANGE:
                parts += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
            case codes.CATEGORY:
                parts += CATEGORIES[value]
    return f"[{parts}]"


def _first(given: Any) -> list[str]:
    """Of a set in which none of our letters is."""
    for kind, value in given:
        if kind is codes.LITERAL:
            return [chr(value)]
        if kind is codes.RANGE:
            return [chr(value[0])]
    return [""]


CATEGORIES = {
    codes.CATEGORY_DIGIT: "\\d",
    codes.CATEGORY_NOT_DIGIT: "\\D",
    codes.CATEGORY_SPACE: "\\s",
    codes.CATEGORY_NOT_SPACE: "\\S",
    codes.CATEGORY_WORD: "\\w",
    codes.CATEGORY_NOT_WORD: "\\W",
}
