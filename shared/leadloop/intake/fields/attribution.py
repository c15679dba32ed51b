"""Where a visitor came from, as the form or the landing page's address tells."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import fault_of, number_of, tidied
from leadloop.model.submission import Touch

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICK_IDS = ("gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "dclid")
MOST_PARAMETERS = 100
MOST_DEVICE = 64


def touch_of(envelope: Envelope, values: Mapping[str, str]) -> Touch:
    """UTM and click ids given by name win over those in the landing page's query."""
    landing_page = _fit(values.get("landing_page")) or _fit(envelope.referer)
    found = {**_query(landing_page), **values}
    clicks = (f"{name}:{click}" for name in CLICK_IDS if (click := _fit(found.get(name))))
    return envelope.touch.but(
        **{name: _fit(found.get(name)) for name in UTM},
        click_id=next(clicks, None),
        referrer=_fit(values.get("referrer")),
        landing_page=landing_page,
        typed_seconds=number_of(values.get("typed_seconds", "")),
        device=(_fit(values.get("device")) or "")[:MOST_DEVICE] or None,
    )


def _query(address: str | None) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(address or "").query, max_num_fields=MOST_PARAMETERS))
    except ValueError:  # no address, or one made to cost
        return {}


def _fit(text: str | None) -> str | None:
    """Attribution is a hint: what cannot be stored is left out and refuses nobody."""
    if text is None or fault_of("interest.message", text) is not None:
        return None
    return tidied(text)[:2_000] or None
