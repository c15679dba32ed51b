"""Typeform's Responses API: the responses of a form in a period, whole."""

import json
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote, urlencode

from leadloop.providers.lead_list import ListedLead, VendorSession

API = "https://api.typeform.com"
PAGE_SIZE = 100
MOST_PAGES = 50
MOST_BYTES = 2_000_000  # a page of whole responses


def list_leads(asking: VendorSession, since: datetime, until: datetime) -> Iterator[ListedLead]:
    """By the forms that the row names; pages go backwards in time."""
    for form in asking.source.forms:
        before = ""
        for _ in range(MOST_PAGES):
            address = _page_url(form, since, until, before)
            said = asking.outside.get_json(address, headers=asking.bearer_header, most=MOST_BYTES)
            rows = json.loads(said).get("items", ())
            yield from (ListedLead(str(row["token"]), _build_post(row)) for row in rows)
            if len(rows) < PAGE_SIZE:
                break
            before = str(rows[-1]["token"])


def _page_url(form: str, since: datetime, until: datetime, before: str) -> str:
    query = {"page_size": str(PAGE_SIZE), "since": _seconds(since), "until": _seconds(until)}
    if before:
        query["before"] = before
    return f"{API}/forms/{quote(form, safe='')}/responses?{urlencode(query)}"


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _build_post(row: dict[str, object]) -> bytes:
    return json.dumps({"event_type": "form_response", "form_response": row}).encode()
