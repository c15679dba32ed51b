"""Files of rows by the real address, flow and functions: a text to confirm, and a workbook."""

import csv
import io

import pytest
import urllib3

from infra.local.client import Client
from infra.local.file_imports import first_row_submission, import_as_admin, poll_until_state
from tests.stack.conftest import RunningSystem
from tests.unit.intake.tables.test_workbook import saved, sheet

TEXT = (
    b"Where to write,Name,Firma\n"
    b"ines@halle7.example,Ines Okafor,Halle 7\n"
    b",Nobody To Reach,Halle 8\n"
    b"ines@halle7.example,Ines Okafor,\n"
)
WORKBOOK = saved(sheet(["E-Mail", "Vorname", "Firma"], ["juri@halle9.example", "Juri", "Halle 9"]))
QUIET = (
    b"E-Mail,Name,Angelegt,Status,Betreuer\n"
    b"vera@altwerk.example,Vera Alt,14.03.2021,Qualifiziert,Jonas Brandt\n"
)


def told(client: Client, import_id: str) -> list[str]:
    """What became of each row, as the file tells that the answer's address gives."""
    address = client.admin("GET", f"/imports/{import_id}/result").json()["address"]
    answer = urllib3.request("GET", address)
    assert answer.status == 200, answer.data[:300]
    lines = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    return [f"{line['outcome']} {line['imported before']}".strip() for line in lines]


@pytest.mark.parametrize(
    ("data", "outcomes"),
    [(TEXT, ["lead", "quarantined", "merged"]), (WORKBOOK, ["lead"])],
    ids=["text", "workbook"],
)
def test_each_row_of_a_file_ends_and_the_same_file_again_creates_nothing(
    running: RunningSystem, client: Client, data: bytes, outcomes: list[str]
) -> None:
    shown, import_id = import_as_admin(client, "trade-fair", data)
    assert (shown.json()["state"], shown.json()["done"]) == ("done", len(outcomes)), shown.text
    assert told(client, import_id) == outcomes
    before = running.records().keys()
    _, again = import_as_admin(client, "trade-fair", data)
    assert told(client, again) == [f"{outcome} yes" for outcome in outcomes]
    assert running.records().keys() == before


def test_a_quiet_list_is_worked_once_its_import_is_released(client: Client) -> None:
    _, import_id = import_as_admin(client, "old-crm", QUIET)
    lead_id = str(first_row_submission(client, import_id))
    kept = client.lead(lead_id)
    assert kept is not None
    assert kept.lead.assignment is not None
    assert (kept.lead.stage, kept.lead.assignment.rep) == ("qualified", "jonas")
    assert client.admin("GET", "/leads?owner=jonas").text.count(lead_id) == 0
    path = f"/imports/{import_id}"
    assert client.admin("POST", f"{path}/release").status == 200
    shown = poll_until_state(lambda: client.admin("GET", path), ("released",))
    assert shown.json()["released"] == 1
    assert client.admin("GET", "/leads?owner=jonas").text.count(lead_id) == 1
