"""Where a visitor came from: the names in a form, or in the query of the landing page."""

from collections.abc import Mapping
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import normalise_whitespace, parse_number, storage_fault
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.model.submission import Touch

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICK_IDS = ("gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "dclid")
MOST_PARAMETERS = 100
MOST_QUERY_TEXT = 100  # characters of a name in a query with its value
MOST_DEVICE = 64  # characters


def read_touch(envelope: Envelope, values: Mapping[str, str]) -> Touch:
    """The envelope's touch with UTM values, click id, referrer and landing page.

    A value sent by name comes before the same name in the landing page's query (RFC 3986, 3.4).
    """
    landing_page = _storable_text(values.get("landing_page")) or _storable_text(envelope.referer)
    parameters = {**envelope.query, **_query_parameters(landing_page), **values}
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
        if name not in UTM and name not in CLICK_IDS
    )


def _query_parameters(address: str | None) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(address or "").query, max_num_fields=MOST_PARAMETERS))
    except ValueError:  # no address, or one made to cost
        return {}


def _storable_text(text: str | None) -> str | None:
    """The text, or None if it cannot be stored: a hint never refuses a lead."""
    if text is None or storage_fault("interest.message", text) is not None:
        return None
    return normalise_whitespace(text)[:2_000] or None
