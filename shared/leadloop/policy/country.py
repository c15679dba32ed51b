"""Country codes by the names that people write, in forty languages.

Source: Unicode CLDR as in Babel 2.18, territory names and aliases (ISO 3166 alpha-3); the last
names of a country are those that people write beside them: “Great Britain”, “Repubblica Ceca”.
"""

import json
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

COUNTRIES = "countries.json"  # ISO 3166 alpha-2 → names with "|" between them, English first


FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")  # two letters of a code, as a picture
AROUND_A_NAME = re.compile(r"[()\[\]/|,;:+\d–—-]")  # "Germany (DE)", "+49 Germany", "DE - Germany"
SHORTEST_NAME = 3  # a code alone beside a word may be a state: "Wilmington, DE"


@lru_cache(maxsize=512)
def country_code(text: str) -> str | None:
    """The ISO 3166 alpha-2 code of a code or a name; None: it is neither.

    A name may stand beside its code or another of its names, and none of another country.
    """
    without_flag = FLAG.sub(" ", text)
    if whole := _code_of_name(without_flag):
        return whole
    parts = [part.strip() for part in AROUND_A_NAME.split(without_flag)]
    found = {part: code for part in parts if (code := _code_of_name(part))}
    is_named = any(len(part) >= SHORTEST_NAME for part in found)
    return next(iter(found.values())) if is_named and len(set(found.values())) == 1 else None


def _code_of_name(text: str) -> str | None:
    written = unicodedata.normalize("NFC", " ".join(text.split()))
    if written.isascii() and written.upper() in _names():  # a code, as most forms send it
        return written.upper()
    return _codes().get(written.casefold())


def country_name(code: str) -> str:
    """The English name of an ISO 3166 alpha-2 code; the code itself if it is unknown."""
    return _names().get(code, (code,))[0]


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    data = json.loads(files("leadloop.policy").joinpath(COUNTRIES).read_text("utf-8"))
    return {code: tuple(names.split("|")) for code, names in data.items()}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, names in _names().items() for name in names}
