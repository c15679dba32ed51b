"""LinkedIn's Lead Sync API: a response by its id, and the responses of an account in a period.

Source: learn.microsoft.com/linkedin/marketing/lead-sync/leadsync.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

from leadloop.providers.vendor_api import ListedLead, VendorApi, VendorSession

BASE_URL = "https://api.linkedin.com/rest"
HEADERS = {"LinkedIn-Version": "202509", "X-Restli-Protocol-Version": "2.0.0"}
FIELDS = "id,submittedAt,testLead,formResponse,form:(hiddenFields,name,id,content)"
PAGE_SIZE = 100
MOST_PAGES = 50  # pages of one account and period


def fetch_lead(session: VendorSession, lead_id: str) -> bytes:
    """The response with its form's questions, as JSON.

    Raises:
        NoAnswer: LinkedIn did not answer with it.

    """
    url = f"{BASE_URL}/leadFormResponses/{quote(lead_id, safe='')}?fields={FIELDS}"
    return session.http.get_json(url, headers=_headers(session))


def list_leads(session: VendorSession, since: datetime, until: datetime) -> Iterator[ListedLead]:
    """The responses of a period, of each account (`urn:li:sponsoredAccount:…`) in `forms`.

    Raises:
        NoAnswer: on any page; the responses of earlier pages were yielded already.

    """
    for account in session.source.forms:
        for number in range(MOST_PAGES):
            url = _page_url(account, since, until, number * PAGE_SIZE)
            page = json.loads(session.http.get_json(url, headers=_headers(session)))
            rows = page.get("elements", ())
            yield from (ListedLead(str(row["id"]), _build_post(str(row["id"]))) for row in rows)
            if len(rows) < PAGE_SIZE:
                break


def _headers(session: VendorSession) -> Mapping[str, str]:
    return {**HEADERS, **session.bearer_header}


def _page_url(account: str, since: datetime, until: datetime, start: int) -> str:
    kind = account.split(":")[-2] if account.count(":") >= 3 else "sponsoredAccount"
    period = f"(start:{int(since.timestamp() * 1000)},end:{int(until.timestamp() * 1000)})"
    return (
        f"{BASE_URL}/leadFormResponses?q=owner&owner=({kind}:{quote(account, safe='')})"
        f"&leadType=(leadType:SPONSORED)&submittedAtTimeRange={period}"
        f"&fields=id,submittedAt&count={PAGE_SIZE}&start={start}"
    )


def _build_post(id_: str) -> bytes:
    response = f"urn:li:leadGenFormResponse:{id_}"
    post = {"type": "LEAD_ACTION", "leadAction": "CREATED", "leadGenFormResponse": response}
    return json.dumps(post).encode()


VENDOR_API = VendorApi(list_leads, fetch_lead)
