"""A vendor's mails nobody could read, read anew by the deployed flow once a row has mended it."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.client import Client
from leadloop.intake.envelope import submission_id
from tests.stack.conftest import RunningSystem

WITHIN = 90.0  # seconds, cold starts included
NIGHT = 3
SOURCE = "branchenblick"
LEARNED = """
  ansprechstelle: contact.name
  schreibt unter: contact.email
  haus: contact.company
"""


def publish(client: Client, company: Path, more: str = "") -> None:
    """The company's playbook, with `more` labels of the vendor's known."""
    paths = (path for path in company.rglob("*.yaml"))
    files = {str(path.relative_to(company)): path.read_text() for path in paths}
    vendor = f"sources/{SOURCE}.yaml"
    files[vendor] = files[vendor].replace("\nlabels:\n", f"\nlabels:{more.rstrip()}\n")
    said = client.publish(files)
    assert said.status == 200, said.text


def mail(client: Client, n: int) -> str:
    """The id that it is a submission by."""
    domain = client.stack.smtp.domain
    kept = client.send_mail(
        f"a@{SOURCE}.example",
        f"{SOURCE}@{domain}",
        f"From: a@{SOURCE}.example\r\nTo: {SOURCE}@{domain}\r\nSubject: Neu\r\n\r\n"
        f"Ansprechstelle: Frieda Nummer {n}\r\nSchreibt unter: frieda@nacht{n}.example\r\n"
        f"Haus: Nacht {n}\r\n".encode(),
    )
    return submission_id(SOURCE, f"in/{kept}")


def replay(client: Client, **wanted: object) -> dict[str, Any]:
    """Its end and its results, however long the list of those is."""
    started = client.admin("POST", "/replays", source=SOURCE, **wanted)
    assert started.status == 202, started.text
    place = f"/replays/{started.json()['id']}"
    deadline = time.monotonic() + WITHIN
    while (now := client.admin("GET", place).json())["state"] != "ended":
        assert time.monotonic() < deadline, now
        time.sleep(0.5)
    return now


def outcome(client: Client, id_: str) -> str | None:
    found = client.submission(id_)
    return found.outcome if found else None


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


@pytest.fixture(scope="module")
def night(client: Client, company: Path) -> Iterator[list[str]]:
    """Mails that nobody could read, on the register; and then the row that mends it."""
    ids = [mail(client, n) for n in range(NIGHT)]
    until(lambda: {outcome(client, id_) for id_ in ids} == {"quarantined"}, "not in quarantine")
    until(lambda: registered(client) >= set(ids), "not on the register")
    publish(client, company, LEARNED)
    yield ids
    publish(client, company)


def registered(client: Client) -> set[str]:
    found: set[str] = set()
    place = "/exports/submissions.jsonl"
    while place:
        page = client.admin("GET", place)
        found |= {json.loads(line)["id"] for line in page.text.splitlines()}
        link = page.headers.get("link", "")
        place = f"/exports/{link.partition('<')[2].partition('>')[0]}" if link else ""
    return found


def test_each_becomes_one_lead_and_nobody_is_told_twice(
    running: RunningSystem, client: Client, night: list[str]
) -> None:
    def foreseen() -> bool:  # within seconds of publishing
        return replay(client, dry_run=True)["ended"]["counts"].get("lead") == NIGHT

    until(foreseen, "the mended row is not live")
    assert {outcome(client, f"{id_}.2") for id_ in night} == {None}, "a dry run writes nothing"

    def replayed() -> bool:
        replay(client)
        return {outcome(client, f"{id_}.2") for id_ in night} == {"lead"}

    until(replayed, "not all are leads")
    assert running.wait_until_idle() == {}
    mails = len(client.mails())
    again = replay(client)
    assert {each["what"] for each in again["results"] if each["id"] in night} == {"settled"}
    assert running.wait_until_idle() == {}
    assert len(client.mails()) == mails
    waiting = client.admin("GET", f"/quarantine?source={SOURCE}&limit=50").json()["rows"]
    assert not {row["id"] for row in waiting} & set(night)


def test_the_hourly_account_is_kept_and_told(running: RunningSystem, client: Client) -> None:
    (upkeep,) = [
        each["FunctionName"]
        for page in running.aws.functions.get_paginator("list_functions").paginate()
        for each in page["Functions"]
        if "Upkeep" in each["FunctionName"]
    ]
    answer = running.aws.functions.invoke(FunctionName=upkeep, Payload=b'{"task": "balance"}')
    assert "FunctionError" not in answer, answer["Payload"].read()
    told = client.admin("GET", "/reports/reconciliation")
    assert told.status == 200, told.text
    assert [row["missing"] for row in told.json()["rows"] if row["missing"]] == []
