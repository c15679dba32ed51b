"""Names of people, kept letter for letter; split only where the split is certain."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

FAMILY_FIRST = frozenset(
    {"VN", "CN", "HK", "TW", "JP", "KR", "KH", "HU", "vi", "hu", "zh", "ja", "ko"}
)
VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
SEVERAL_PEOPLE = re.compile(r"[&+/\d@]|\s(?:and|und|et|y|e|i|or|oder)\s", re.IGNORECASE)
LONGEST = 120  # characters; more is no name


class PersonName(NamedTuple):
    """`first` and `last` are None where the name has no certain split."""

    full: str | None
    first: str | None
    last: str | None


def build_person_name(
    full: str | None, first: str | None, last: str | None, spoken: frozenset[str]
) -> PersonName:
    """`spoken` are the person's country and language: some put the family name first.

    Parts that were given are never changed, and a missing full name is put together from them.
    """
    full, first, last = (normalise_nfc(part) for part in (full, first, last))
    if first or last:
        both = f"{last} {first}" if spoken & FAMILY_FIRST else f"{first} {last}"
        return PersonName(full or (both if first and last else first or last), first, last)
    if full is None:
        return PersonName(None, None, None)
    if spoken & FAMILY_FIRST or not _is_splittable(full):
        return PersonName(full, None, None)
    return PersonName(full, *_split_name(full))


def normalise_nfc(text: str | None) -> str | None:
    """NFC, so that one name is one spelling in bytes; no letter is changed for another."""
    return unicodedata.normalize("NFC", text).strip() or None if text else None


def _is_splittable(full: str) -> bool:
    return (
        len(full) <= LONGEST
        and len(full.split()) > 1
        and not SEVERAL_PEOPLE.search(full)
        and not VIETNAMESE.search(full)
        and all(unicodedata.name(c, "").startswith("LATIN") for c in full if c.isalpha())
    )


@lru_cache(maxsize=1024)
def _split_name(full: str) -> tuple[str | None, str | None]:
    from nameparser import HumanName  # noqa: PLC0415  slow to load, and seldom needed at the doors

    name = HumanName(full)
    given = " ".join(part for part in (name.first, name.middle) if part)
    if not given or not name.last:
        return None, None
    return given, name.last
