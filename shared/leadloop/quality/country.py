"""Countries by the names that people write; data: Unicode CLDR, in ten languages."""

import json
import unicodedata
from functools import lru_cache
from importlib.resources import files

COUNTRIES = "countries.json"  # ISO 3166 alpha-2 → names with "|" between them, English first


def country_code(text: str) -> str | None:
    """ISO 3166 alpha-2 of a code or a name; None where neither is known."""
    return _codes().get(unicodedata.normalize("NFC", " ".join(text.split())).casefold())


def country_name(code: str) -> str:
    """In English, for reasons that people read."""
    return _names().get(code, (code,))[0]


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    data = json.loads(files("leadloop.quality").joinpath(COUNTRIES).read_text("utf-8"))
    return {code: tuple(names.split("|")) for code, names in data.items()}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    named = {name.casefold(): code for code, names in _names().items() for name in names}
    return {**named, **{code.casefold(): code for code in _names()}}
