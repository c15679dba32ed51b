"""Meta's Graph API: a lead by its id, and the leads of a form in a period.

Source: developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote, urlencode

from leadloop.providers.vendor_api import ListedLead, VendorApi, VendorSession

BASE_URL = "https://graph.facebook.com/v24.0"
FIELDS = "id,created_time,ad_id,form_id,campaign_id,platform,field_data,custom_disclaimer_responses"
PAGE_SIZE = 100
MOST_PAGES = 50  # pages of one form and period


def fetch_lead(session: VendorSession, lead_id: str) -> bytes:
    """The whole lead, as JSON.

    Raises:
        NoAnswer: Meta did not answer with it.

    """
    query = urlencode({"fields": FIELDS})
    url = f"{BASE_URL}/{quote(lead_id, safe='')}?{query}"
    return session.http.get_json(url, headers=session.bearer_header)


def list_leads(session: VendorSession, since: datetime, until: datetime) -> Iterator[ListedLead]:
    """The leads of a period, of each form in the source's `forms`.

    Raises:
        NoAnswer: on any page; the leads of earlier pages were yielded already.

    """
    for form in session.source.forms:
        after = ""
        for _ in range(MOST_PAGES):
            url = _page_url(form, since, after)
            page = json.loads(session.http.get_json(url, headers=session.bearer_header))
            for row in page.get("data", ()):
                if datetime.fromisoformat(row["created_time"]) <= until:
                    yield ListedLead(str(row["id"]), _build_post(form, str(row["id"])))
            paging = page.get("paging", {})
            after = paging.get("cursors", {}).get("after", "")
            if not paging.get("next") or not after:
                break


def _page_url(form: str, since: datetime, after: str) -> str:
    """The address of a page. Meta's own `next` address has the token in it, and is not used."""
    newer = {"field": "time_created", "operator": "GREATER_THAN", "value": int(since.timestamp())}
    query = {"fields": "id,created_time", "limit": str(PAGE_SIZE), "filtering": json.dumps([newer])}
    return f"{BASE_URL}/{quote(form, safe='')}/leads?{urlencode({**query, **_cursor(after)})}"


def _cursor(after: str) -> dict[str, str]:
    return {"after": after} if after else {}


def _build_post(form: str, id_: str) -> bytes:
    value = {"leadgen_id": id_, "form_id": form}
    entry = {"changes": [{"field": "leadgen", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


VENDOR_API = VendorApi(list_leads, fetch_lead)
