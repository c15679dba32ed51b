"""Imports a file of rows into the running system, as a browser or a partner's program does."""

import json
import time
from collections.abc import Callable
from typing import Any

import urllib3

from infra.local.client import ApiResponse, Client

IMPORT_TIMEOUT = 120.0  # seconds from the file's arrival to its last row
POLL = 0.5
FINAL_STATES = ("done", "refused", "proposed")


class ImportFailed(Exception):
    """The import did not end in time, or a door refused it; the message has the last answer."""


def import_as_admin(
    client: Client, source: str, data: bytes, meaning: dict[str, str] | None = None
) -> tuple[ApiResponse, str]:
    """Import through the admin API and confirm the columns; return the last answer and the id.

    `meaning` is column → field.

    Raises:
        ImportFailed: a door refused it, or it did not end in time.

    """
    creation = client.admin("POST", "/imports", source=source, name="sample")
    import_id = upload_file(creation, data)
    path = f"/imports/{import_id}"
    answer = poll_until_state(lambda: client.admin("GET", path), FINAL_STATES)
    if answer.json()["state"] == "proposed":
        confirmed = client.admin("POST", f"{path}/confirm", meaning=dict(meaning or {}))
        if confirmed.status != 200:
            return confirmed, import_id
        answer = poll_until_state(lambda: client.admin("GET", path), ("done", "refused"))
    return answer, import_id


def import_as_partner(client: Client, partner: str, data: bytes) -> tuple[ApiResponse, str]:
    """Import through the partner's own door; return the last answer and the id.

    Raises:
        ImportFailed: a door refused it, or it did not end in time.

    """
    key = {"x-api-key": client.stack.partners[partner]}
    import_id = upload_file(client.call("POST", "/v1/imports", headers=key), data)
    path = f"/v1/imports/{import_id}?page=0"
    return poll_until_state(lambda: client.call("GET", path, headers=key), FINAL_STATES), import_id


def upload_file(creation: ApiResponse, data: bytes) -> str:
    """Upload the file to the address in the answer; return the import's id.

    Raises:
        ImportFailed: the answer or the upload is a refusal.

    """
    if creation.status != 201:
        raise ImportFailed(f"{creation.status}: {creation.text}")
    upload: dict[str, Any] = creation.json()["upload"]
    form = {**upload["fields"], "file": ("rows", data)}
    answer = urllib3.request("POST", upload["address"], fields=form)
    if answer.status >= 300:
        raise ImportFailed(f"the upload was answered {answer.status}: {answer.data[:300]!r}")
    return str(creation.json()["import_id"])


def first_row_submission(client: Client, import_id: str) -> str | None:
    """The submission id of the first row; None if the file has no rows."""
    response = client.admin("GET", f"/imports/{import_id}/rows")
    rows = json.loads(response.body).get("rows", [])
    return rows[0]["submission_id"] if rows else None


def poll_until_state(ask: Callable[[], ApiResponse], ends: tuple[str, ...]) -> ApiResponse:
    """The first answer whose state is one of `ends`.

    Raises:
        ImportFailed: an answer is a refusal, or none has such a state in time.

    """
    deadline = time.monotonic() + IMPORT_TIMEOUT
    while True:
        answer = ask()
        if answer.json().get("state") in ends:
            return answer
        if answer.status >= 400 or time.monotonic() > deadline:
            raise ImportFailed(f"{answer.status}: {answer.text[:500]}")
        time.sleep(POLL)
