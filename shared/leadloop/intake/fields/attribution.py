"""Where a visitor came from: the names in a form, or in the address of the landing page.

Tags stand in an address as people and programs really wrote it: in the fragment, behind a second
question mark, with `&` escaped once too often, in capitals, or as a macro that nobody filled.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import parse_qsl, unquote

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import normalise_whitespace, parse_number, storage_fault
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.model.submission import Touch

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICK_IDS = ("gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "dclid")
TAGS = frozenset({*UTM, *CLICK_IDS})
MOST_PARAMETERS = 100
MOST_ADDRESS = 10_000  # characters of an address that are read
ESCAPED_AMPERSAND = re.compile(
    r"&(?:amp;|#38;|#x26;)(?:amp;){0,5}|%26amp%3B(?=[a-z_]{2,20}(?:=|%3D))", re.IGNORECASE
)
PARTS = re.compile(r"[?&#]|;(?=[A-Za-z_]{2,20}=)")
ENCODED_QUERY = re.compile(r"^[\w.-]{1,40}%3D", re.IGNORECASE)
# What an advertising network puts a value in place of: {keyword}, {{ad.name}}, __CID__, *|ID|*.
UNFILLED_MACRO = re.compile(
    r"\{[^{}]*\}|\{\{[^{}]*\}\}|\$\{[^{}]*\}|#\{[^{}]*\}|\[\[?[^\[\]]*\]\]?|%%?[A-Za-z_.:-]{2,60}%%?"
    r"|__[A-Za-z_]{2,60}__|\*\|[^|]{1,60}\|\*|<[^<>]*>|@@[^@]{1,60}@@|\$\([^()]*\)"
)
MOST_QUERY_TEXT = 100  # characters of a name in a query with its value
MOST_DEVICE = 64  # characters


def read_touch(envelope: Envelope, values: Mapping[str, str]) -> Touch:
    """The envelope's touch with UTM values, click id, referrer and landing page.

    A value sent by name comes before the same name in the landing page's query (RFC 3986, 3.4).
    """
    landing_page = _storable_text(values.get("landing_page")) or _storable_text(envelope.referer)
    sent = {name: text for name, text in values.items() if name not in TAGS or has_value(text)}
    parameters = {**known_tags(envelope.query), **address_tags(landing_page or ""), **sent}
    click_ids = (
        f"{name}:{click}" for name in CLICK_IDS if (click := _storable_text(parameters.get(name)))
    )
    return envelope.touch.but(
        **{name: _storable_text(parameters.get(name)) for name in UTM},
        click_id=next(click_ids, None),
        referrer=_storable_text(values.get("referrer")),
        landing_page=landing_page,
        typed_seconds=parse_number(values.get("typed_seconds", "")),
        device=(_storable_text(values.get("device")) or "")[:MOST_DEVICE] or None,
    )


def ignored_query(envelope: Envelope) -> tuple[str, ...]:
    """What stands in the query of a post and tells of no campaign: `?name=value`."""
    return tuple(
        replace_unstorable(f"?{name}={value}" if value else f"?{name}")[:MOST_QUERY_TEXT]
        for name, value in islice(envelope.query.items(), MOST_PARAMETERS)
        if name.lower() not in TAGS
    )


def address_tags(address: str) -> dict[str, str]:
    """The tags of an address by their names in small letters, without macros.

    The first of several of a name counts. `form.js` reads an address in the same way.
    """
    parameters = [*_parameters(address[:MOST_ADDRESS])]
    tags = known_tags(dict(reversed(parameters)))
    return {name: text for name, text in tags.items() if has_value(text)}


def known_tags(parameters: Mapping[str, str]) -> dict[str, str]:
    """Those of the parameters that are tags, whatever the case of their names."""
    names = ((name.lower().removeprefix("amp;").strip(), name) for name in parameters)
    return {plain: parameters[name] for plain, name in names if plain in TAGS}


def has_value(text: str) -> bool:
    """Whether a tag's value is one, and no macro that the network did not fill."""
    return UNFILLED_MACRO.fullmatch(text.strip()) is None


def _parameters(address: str) -> Iterator[tuple[str, str]]:
    parts = PARTS.split(ESCAPED_AMPERSAND.sub("&", address))[1 : MOST_PARAMETERS + 1]
    for part in parts:
        plain = ESCAPED_AMPERSAND.sub("&", unquote(part))
        inner = PARTS.split(plain) if ENCODED_QUERY.match(part) else [part]
        for each in inner:
            yield from parse_qsl(each, separator="&", max_num_fields=MOST_PARAMETERS)


def _storable_text(text: str | None) -> str | None:
    """The text, or None if it cannot be stored: a hint never refuses a lead."""
    if text is None or storage_fault("interest.message", text) is not None:
        return None
    return normalise_whitespace(text)[:2_000] or None
