"""Typeform's Responses API: the whole responses of a form in a period.

Source: www.typeform.com/developers/responses.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote, urlencode

from leadloop.providers.vendor_api import ListedLead, VendorApi, VendorSession

BASE_URL = "https://api.typeform.com"
PAGE_SIZE = 100
MOST_PAGES = 50  # pages of one form and period
MOST_BYTES = 2_000_000  # of a page, which holds whole responses


def list_leads(session: VendorSession, since: datetime, until: datetime) -> Iterator[ListedLead]:
    """The responses of a period, of each form in the source's `forms`, the latest first.

    Raises:
        NoAnswer: on any page; the responses of earlier pages were yielded already.

    """
    for form in session.source.forms:
        before = ""
        for _ in range(MOST_PAGES):
            url = _page_url(form, since, until, before)
            body = session.http.get_json(url, headers=session.bearer_header, most=MOST_BYTES)
            rows = json.loads(body).get("items", ())
            yield from (ListedLead(str(row["token"]), _build_post(row)) for row in rows)
            if len(rows) < PAGE_SIZE:
                break
            before = str(rows[-1]["token"])


def _page_url(form: str, since: datetime, until: datetime, before: str) -> str:
    query = {"page_size": str(PAGE_SIZE), "since": _seconds(since), "until": _seconds(until)}
    if before:
        query["before"] = before
    return f"{BASE_URL}/forms/{quote(form, safe='')}/responses?{urlencode(query)}"


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _build_post(row: dict[str, object]) -> bytes:
    return json.dumps({"event_type": "form_response", "form_response": row}).encode()


VENDOR_API = VendorApi(list_leads)
