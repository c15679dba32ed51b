"""Names of people, kept letter for letter; split only where the split is certain.

The library `nameparser` takes some 1,400 words for titles and degrees, and among them are names:
Prince, Pastor, Royal, Ma, Do, Obi. So a name with such a word is split only if `name_titles.json`
has it, too, or its dots tell. Two words that are none of all these, with or without a particle such
as “von” between them, need no library: it takes a third of a start to load, and half a millisecond
a name.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

FAMILY_FIRST = frozenset(
    {"VN", "CN", "HK", "TW", "JP", "KR", "KH", "HU", "vi", "hu", "zh", "ja", "ko"}
)
TWO_SURNAMES = frozenset(  # where Spanish is spoken; the first of the two is how one is called
    {"es", "ES", "MX", "AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "GQ", "GT", "HN", "NI", "PA"}
    | {"PE", "PR", "PY", "SV", "UY", "VE"}
)
MOST_SPANISH = 2  # words where a name may have two surnames
MOST_WORDS = 3  # of any name, particles such as “de la” left out
INNER_DOT = re.compile(r"\w\.\w")
VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
SEVERAL_PEOPLE = re.compile(r"[&+/\d@]|\s(?:and|und|et|y|e|i|or|oder)\s", re.IGNORECASE)
TITLES = "name_titles.json"  # groups of words with "|" between them
WORDS_BESIDE_NAMES = "words_beside_names.txt"  # all that the library knows
PLAIN_WORD = re.compile(r"[^\W\d_]{2,}")  # of letters alone
LONGEST = 120  # characters; more is no name


class PersonName(NamedTuple):
    """A name. `first` and `last` are None where the name has no certain split."""

    full: str | None
    first: str | None
    last: str | None


def build_person_name(
    full: str | None, first: str | None, last: str | None, locales: frozenset[str]
) -> PersonName:
    """The name from its parts, or the parts from the name.

    `locales` are the person's country and language, because some put the family name first. Parts
    that were sent stay as they are. A missing full name is joined from them.
    """
    full, first, last = (normalise_nfc(part) for part in (full, first, last))
    if first or last:
        both = f"{last} {first}" if locales & FAMILY_FIRST else f"{first} {last}"
        return PersonName(full or (both if first and last else first or last), first, last)
    if full is None:
        return PersonName(None, None, None)
    if locales & FAMILY_FIRST or not _is_splittable(full) or _may_end_in_title(full, locales):
        return PersonName(full, None, None)
    most_words = MOST_SPANISH if locales & TWO_SURNAMES else MOST_WORDS
    return PersonName(full, *(_split_plain(full) or _split_name(full, most_words)))


def normalise_nfc(text: str | None) -> str | None:
    """The text in Unicode's NFC without blanks around it; None: it is empty."""
    return unicodedata.normalize("NFC", text).strip() or None if text else None


def _is_splittable(full: str) -> bool:
    return (
        len(full) <= LONGEST
        and len(full.split()) > 1
        and not SEVERAL_PEOPLE.search(full)
        and not VIETNAMESE.search(full)
        and all(
            unicodedata.name(c, "").startswith("LATIN")
            for c in full
            if not c.isascii() and c.isalpha()
        )
    )


def _may_end_in_title(full: str, locales: frozenset[str]) -> bool:
    """Whether a title of the person's language, be it without its dot, ends a whole name.

    “Petit Claire Me” is a lawyer; elsewhere it may be a family name.
    """
    *before, last = full.split()
    titles = _titles_by_language()
    own = (titles.get(each.casefold(), frozenset()) for each in locales)
    return len(before) > 1 and any(_plain(last) in words for words in own)


def _split_plain(full: str) -> tuple[str, str] | None:
    """Given and family name of a name of two plain words; None: it takes more to tell.

    Particles may stand between them: “Ana de la Rosa”.
    """
    first, *particles, last = full.split()
    is_plain = PLAIN_WORD.fullmatch(first) and PLAIN_WORD.fullmatch(last)
    if not is_plain or not _beside_names().isdisjoint((_fold(first), _fold(last))):
        return None
    if any(word not in _words("particles") for word in particles):
        return None
    return first, " ".join((*particles, last))


@lru_cache(maxsize=1024)
def _split_name(full: str, most_words: int) -> tuple[str | None, str | None]:
    from nameparser import HumanName  # noqa: PLC0415  slow to load, and seldom needed at the doors

    name = HumanName(full)
    first = " ".join(part for part in (name.first, name.middle) if part)
    if not first or not name.last:
        return None, None
    words = f"{first} {name.last}".split()
    last_word = full.rsplit(maxsplit=1)[-1]  # the library takes a title off there, too
    ends = [last_word] if not _is_suffix(last_word) else []
    later = [word for word in (*words[1:], *ends) if len(_plain(word)) > 1]
    is_certain = (
        all(_is_title(word) for word in name.title.split())
        and all(_is_suffix(word) for word in name.suffix.replace(",", " ").split())
        and not any(_is_title(word) or _is_degree(word) for word in (words[0], *later))
        and _count_words(words) <= most_words
    )
    return (first, name.last) if is_certain else (None, None)


def _is_title(word: str) -> bool:
    """Whether a word can be nothing but a title: “Dr”, “Ing.”; “Ing” is a surname."""
    plain = _plain(word)
    has_dot = word.rstrip(",").endswith(".")
    return plain in _words("titles") and (has_dot or plain not in _words("dotted"))


def _is_suffix(word: str) -> bool:
    return _plain(word) in _words("suffixes") or _is_degree(word)


def _is_degree(word: str) -> bool:
    """Whether a word has dots as a degree has: “M.Sc.”, “Dipl.-Ing.”; not as initials have."""
    return (INNER_DOT.search(word) is not None or ".-" in word) and any(map(str.islower, word))


def _count_words(words: list[str]) -> int:
    """How many of the words are neither particles, such as “van”, nor initials."""
    from nameparser.config import CONSTANTS  # noqa: PLC0415  slow to load

    return sum(len(_plain(w)) > 1 and w.casefold() not in CONSTANTS.prefixes for w in words)


def _plain(word: str) -> str:
    return word.casefold().replace(".", "").strip(",")


@cache
def _beside_names() -> frozenset[str]:
    lines = files("leadloop.quality").joinpath(WORDS_BESIDE_NAMES).read_text("utf-8").splitlines()
    texts = " ".join(line for line in lines if not line.startswith("#"))
    return frozenset(map(_fold, texts.split()))


def _fold(word: str) -> str:
    return word.upper().casefold()  # “ıı” is II, too, and casefold alone does not tell


@cache
def _titles_by_language() -> dict[str, frozenset[str]]:
    return {language: frozenset(text.split("|")) for language, text in _data()["titles"].items()}


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("leadloop.quality").joinpath(TITLES).read_text("utf-8"))
    return data


@cache
def _words(group: str) -> frozenset[str]:
    data = _data()[group]
    texts = data.values() if isinstance(data, dict) else (data,)
    return frozenset(word for text in texts for word in text.split("|"))
