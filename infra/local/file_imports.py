"""A file of rows brought to the running system as a browser or a partner's program brings it."""

import json
import time
from collections.abc import Callable
from typing import Any

import urllib3

from infra.local.client import Answer, Client

LIMIT = 120.0  # seconds from the file's arrival to its last row
POLL = 0.5
ENDED = ("done", "refused", "proposed")


class NotImported(Exception):
    """It came to no end in time, or a door refused it; the message has the last answer."""


def bring(
    client: Client, source: str, data: bytes, meaning: dict[str, str] | None = None
) -> tuple[Answer, str]:
    """Through the admin API, its columns confirmed if asked; the last answer, and the id."""
    begun = client.admin("POST", "/imports", source=source, name="sample")
    import_id = sent(begun, data)
    path = f"/imports/{import_id}"
    answer = followed(lambda: client.admin("GET", path), ENDED)
    if answer.json()["state"] == "proposed":
        confirmed = client.admin("POST", f"{path}/confirm", meaning=dict(meaning or {}))
        if confirmed.status != 200:
            return confirmed, import_id
        answer = followed(lambda: client.admin("GET", path), ("done", "refused"))
    return answer, import_id


def bring_as(client: Client, partner: str, data: bytes) -> tuple[Answer, str]:
    """Through the partner's own door."""
    key = {"x-api-key": client.stack.partners[partner]}
    import_id = sent(client.call("POST", "/v1/imports", headers=key), data)
    path = f"/v1/imports/{import_id}?page=0"
    return followed(lambda: client.call("GET", path, headers=key), ENDED), import_id


def sent(begun: Answer, data: bytes) -> str:
    """To the address that the answer names; the import's id."""
    if begun.status != 201:
        raise NotImported(f"{begun.status}: {begun.text}")
    upload: dict[str, Any] = begun.json()["upload"]
    form = {**upload["fields"], "file": ("rows", data)}
    answer = urllib3.request("POST", upload["address"], fields=form)
    if answer.status >= 300:
        raise NotImported(f"the upload was answered {answer.status}: {answer.data[:300]!r}")
    return str(begun.json()["import_id"])


def first_row(client: Client, import_id: str) -> str | None:
    """The submission of the first row."""
    said = client.admin("GET", f"/imports/{import_id}/rows")
    rows = json.loads(said.body).get("rows", [])
    return rows[0]["submission_id"] if rows else None


def followed(ask: Callable[[], Answer], ends: tuple[str, ...]) -> Answer:
    """The first answer whose state is one of `ends`. Raises: NotImported."""
    deadline = time.monotonic() + LIMIT
    while True:
        answer = ask()
        if answer.json().get("state") in ends:
            return answer
        if answer.status >= 400 or time.monotonic() > deadline:
            raise NotImported(f"{answer.status}: {answer.text[:500]}")
        time.sleep(POLL)
