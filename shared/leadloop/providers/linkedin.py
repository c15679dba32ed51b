"""LinkedIn's Lead Sync API: a response by its id, and the responses of an account in a period."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

from leadloop.providers.lead_list import Asking, Listed

API = "https://api.linkedin.com/rest"
HEADERS = {"LinkedIn-Version": "202509", "X-Restli-Protocol-Version": "2.0.0"}
FIELDS = "id,submittedAt,testLead,formResponse,form:(hiddenFields,name,id,content)"
PAGE = 100
MOST_PAGES = 50


def lead(asking: Asking, of: str) -> bytes:
    """The response with its form's questions, as JSON; raises `NoAnswer`."""
    address = f"{API}/leadFormResponses/{quote(of, safe='')}?fields={FIELDS}"
    return asking.outside.json(address, headers=_headers(asking))


def listed(asking: Asking, since: datetime, until: datetime) -> Iterator[Listed]:
    """Of the accounts (`urn:li:sponsoredAccount:…`) that the row names under `forms`."""
    for account in asking.source.forms:
        for number in range(MOST_PAGES):
            address = _page(account, since, until, number * PAGE)
            page = json.loads(asking.outside.json(address, headers=_headers(asking)))
            rows = page.get("elements", ())
            yield from (Listed(str(row["id"]), _post(str(row["id"]))) for row in rows)
            if len(rows) < PAGE:
                break


def _headers(asking: Asking) -> Mapping[str, str]:
    return {**HEADERS, **asking.bearer}


def _page(account: str, since: datetime, until: datetime, start: int) -> str:
    kind = account.split(":")[-2] if account.count(":") >= 3 else "sponsoredAccount"
    period = f"(start:{int(since.timestamp() * 1000)},end:{int(until.timestamp() * 1000)})"
    return (
        f"{API}/leadFormResponses?q=owner&owner=({kind}:{quote(account, safe='')})"
        f"&leadType=(leadType:SPONSORED)&submittedAtTimeRange={period}"
        f"&fields=id,submittedAt&count={PAGE}&start={start}"
    )


def _post(id_: str) -> bytes:
    response = f"urn:li:leadGenFormResponse:{id_}"
    said = {"type": "LEAD_ACTION", "leadAction": "CREATED", "leadGenFormResponse": response}
    return json.dumps(said).encode()
