"""LinkedIn's Lead Sync API: a response by its id, and the responses of an account in a period."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

from leadloop.providers.lead_list import ListedLead, VendorSession

API = "https://api.linkedin.com/rest"
HEADERS = {"LinkedIn-Version": "202509", "X-Restli-Protocol-Version": "2.0.0"}
FIELDS = "id,submittedAt,testLead,formResponse,form:(hiddenFields,name,id,content)"
PAGE_SIZE = 100
MOST_PAGES = 50


def fetch_lead(asking: VendorSession, of: str) -> bytes:
    """The response with its form's questions, as JSON; raises `NoAnswer`."""
    address = f"{API}/leadFormResponses/{quote(of, safe='')}?fields={FIELDS}"
    return asking.outside.get_json(address, headers=_headers(asking))


def list_leads(asking: VendorSession, since: datetime, until: datetime) -> Iterator[ListedLead]:
    """Of the accounts (`urn:li:sponsoredAccount:…`) that the row names under `forms`."""
    for account in asking.source.forms:
        for number in range(MOST_PAGES):
            address = _page_url(account, since, until, number * PAGE_SIZE)
            page = json.loads(asking.outside.get_json(address, headers=_headers(asking)))
            rows = page.get("elements", ())
            yield from (ListedLead(str(row["id"]), _build_post(str(row["id"]))) for row in rows)
            if len(rows) < PAGE_SIZE:
                break


def _headers(asking: VendorSession) -> Mapping[str, str]:
    return {**HEADERS, **asking.bearer_header}


def _page_url(account: str, since: datetime, until: datetime, start: int) -> str:
    kind = account.split(":")[-2] if account.count(":") >= 3 else "sponsoredAccount"
    period = f"(start:{int(since.timestamp() * 1000)},end:{int(until.timestamp() * 1000)})"
    return (
        f"{API}/leadFormResponses?q=owner&owner=({kind}:{quote(account, safe='')})"
        f"&leadType=(leadType:SPONSORED)&submittedAtTimeRange={period}"
        f"&fields=id,submittedAt&count={PAGE_SIZE}&start={start}"
    )


def _build_post(id_: str) -> bytes:
    response = f"urn:li:leadGenFormResponse:{id_}"
    said = {"type": "LEAD_ACTION", "leadAction": "CREATED", "leadGenFormResponse": response}
    return json.dumps(said).encode()
