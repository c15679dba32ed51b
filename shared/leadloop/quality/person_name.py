"""Names of people. No letter is changed, and a name is split only where the split is certain."""

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
    if locales & FAMILY_FIRST or not _is_splittable(full):
        return PersonName(full, None, None)
    return PersonName(full, *_split_name(full))


def normalise_nfc(text: str | None) -> str | None:
    """The text in Unicode's NFC without blanks around it; None: it is empty."""
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
    first = " ".join(part for part in (name.first, name.middle) if part)
    if not first or not name.last:
        return None, None
    return first, name.last
