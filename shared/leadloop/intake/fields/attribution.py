"""Where a visitor came from, as the form or the landing page's address tells."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import normalise_whitespace, parse_number, storage_fault
from leadloop.model.submission import Touch

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICK_IDS = ("gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "dclid")
MOST_PARAMETERS = 100
MOST_DEVICE = 64


def read_touch(envelope: Envelope, values: Mapping[str, str]) -> Touch:
    """UTM and click ids given by name win over those in the landing page's query."""
    landing_page = _storable_text(values.get("landing_page")) or _storable_text(envelope.referer)
    found = {**_query_parameters(landing_page), **values}
    clicks = (f"{name}:{click}" for name in CLICK_IDS if (click := _storable_text(found.get(name))))
    return envelope.touch.but(
        **{name: _storable_text(found.get(name)) for name in UTM},
        click_id=next(clicks, None),
        referrer=_storable_text(values.get("referrer")),
        landing_page=landing_page,
        typed_seconds=parse_number(values.get("typed_seconds", "")),
        device=(_storable_text(values.get("device")) or "")[:MOST_DEVICE] or None,
    )


def _query_parameters(address: str | None) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(address or "").query, max_num_fields=MOST_PARAMETERS))
    except ValueError:  # no address, or one made to cost
        return {}


def _storable_text(text: str | None) -> str | None:
    """Attribution is a hint: what cannot be stored is left out and refuses nobody."""
    if text is None or storage_fault("interest.message", text) is not None:
        return None
    return normalise_whitespace(text)[:2_000] or None
