"""Typeform's Responses API: the responses of a form in a period, whole."""

import json
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote, urlencode

from leadloop.providers.lead_list import Asking, Listed

API = "https://api.typeform.com"
PAGE = 100
MOST_PAGES = 50
MOST_BYTES = 2_000_000  # a page of whole responses


def listed(asking: Asking, since: datetime, until: datetime) -> Iterator[Listed]:
    """By the forms that the row names; pages go backwards in time."""
    for form in asking.source.forms:
        before = ""
        for _ in range(MOST_PAGES):
            address = _page(form, since, until, before)
            said = asking.outside.json(address, headers=asking.bearer, most=MOST_BYTES)
            rows = json.loads(said).get("items", ())
            yield from (Listed(str(row["token"]), _post(row)) for row in rows)
            if len(rows) < PAGE:
                break
            before = str(rows[-1]["token"])


def _page(form: str, since: datetime, until: datetime, before: str) -> str:
    query = {"page_size": str(PAGE), "since": _seconds(since), "until": _seconds(until)}
    if before:
        query["before"] = before
    return f"{API}/forms/{quote(form, safe='')}/responses?{urlencode(query)}"


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _post(row: dict[str, object]) -> bytes:
    return json.dumps({"event_type": "form_response", "form_response": row}).encode()
