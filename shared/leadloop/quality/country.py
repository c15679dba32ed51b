"""Country codes by the names that people write, in ten languages.

Source: Unicode CLDR, territory names.
"""

import json
import unicodedata
from functools import lru_cache
from importlib.resources import files

COUNTRIES = "countries.json"  # ISO 3166 alpha-2 → names with "|" between them, English first


def country_code(text: str) -> str | None:
    """The ISO 3166 alpha-2 code of a code or a name; None: it is neither."""
    return _codes().get(unicodedata.normalize("NFC", " ".join(text.split())).casefold())


def country_name(code: str) -> str:
    """The English name of an ISO 3166 alpha-2 code; the code itself if it is unknown."""
    return _names().get(code, (code,))[0]


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    data = json.loads(files("leadloop.quality").joinpath(COUNTRIES).read_text("utf-8"))
    return {code: tuple(names.split("|")) for code, names in data.items()}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    by_name = {name.casefold(): code for code, names in _names().items() for name in names}
    return {**by_name, **{code.casefold(): code for code in _names()}}
