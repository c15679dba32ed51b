"""Meta's Graph API: a lead by its id, and the leads of a form in a period."""

import json
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote, urlencode

from leadloop.providers.lead_list import ListedLead, VendorSession

API = "https://graph.facebook.com/v24.0"
FIELDS = "id,created_time,ad_id,form_id,campaign_id,platform,field_data,custom_disclaimer_responses"
PAGE_SIZE = 100
MOST_PAGES = 50  # of one form and period


def fetch_lead(asking: VendorSession, of: str) -> bytes:
    """The whole lead, as JSON; raises `NoAnswer`."""
    query = urlencode({"fields": FIELDS})
    return asking.outside.get_json(
        f"{API}/{quote(of, safe='')}?{query}", headers=asking.bearer_header
    )


def list_leads(asking: VendorSession, since: datetime, until: datetime) -> Iterator[ListedLead]:
    """The leads that came between two times, by the forms that the row names.

    Raises:
        NoAnswer: on any page; what came before it has been given.

    """
    for form in asking.source.forms:
        after = ""
        for _ in range(MOST_PAGES):
            page = json.loads(
                asking.outside.get_json(_page_url(form, since, after), headers=asking.bearer_header)
            )
            for row in page.get("data", ()):
                if datetime.fromisoformat(row["created_time"]) <= until:
                    yield ListedLead(str(row["id"]), _build_post(form, str(row["id"])))
            paging = page.get("paging", {})
            after = paging.get("cursors", {}).get("after", "")
            if not paging.get("next") or not after:
                break


def _page_url(form: str, since: datetime, after: str) -> str:
    """The page's own `next` has the token in it, and is not followed."""
    newer = {"field": "time_created", "operator": "GREATER_THAN", "value": int(since.timestamp())}
    query = {"fields": "id,created_time", "limit": str(PAGE_SIZE), "filtering": json.dumps([newer])}
    return f"{API}/{quote(form, safe='')}/leads?{urlencode({**query, **_cursor(after)})}"


def _cursor(after: str) -> dict[str, str]:
    return {"after": after} if after else {}


def _build_post(form: str, id_: str) -> bytes:
    value = {"leadgen_id": id_, "form_id": form}
    entry = {"changes": [{"field": "leadgen", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()
