"""Policy is data: another playbook is live within seconds, and a broken one never."""

import json
import time
from pathlib import Path

import pytest

from infra.local.client import ApiResponse, Client
from tests.stack.people import post_form

LIVE_WITHIN = 15.0  # seconds from the answer of publishing, as promised
FAIR = {
    "name": "Besucher Eins",
    "phone": "+49 1512 3999999",
    "consent": True,
    "submission_key": "fair-1",
}


@pytest.fixture(scope="module")
def files(company: Path) -> dict[str, str]:
    paths = (path for path in company.rglob("*.yaml"))
    return {str(path.relative_to(company)): path.read_text() for path in paths}


def publish(client: Client, files: dict[str, str]) -> ApiResponse:
    return client.publish(files, live(client))


def live(client: Client) -> str:
    return client.admin("GET", "/playbook").headers["etag"]


def test_a_published_form_is_open_within_seconds_without_a_deploy(
    client: Client, files: dict[str, str]
) -> None:
    assert post_form(client, "fair", FAIR).status == 404
    changed = files | {"sources/fair.yaml": files["sources/homecare-callback.yaml"]}
    said = publish(client, changed)
    assert said.status == 200, said.text
    assert said.json()["version"] != said.json()["replaced"]
    deadline = time.monotonic() + LIVE_WITHIN
    while (status := post_form(client, "fair", FAIR).status) == 404 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert status == 202


def test_a_broken_one_is_refused_by_file_and_line_and_the_last_good_one_stays(
    client: Client, files: dict[str, str]
) -> None:
    before = live(client)
    broken = files["routes.yaml"].replace("pools: [senior, field", "pools: [seniors, field")
    assert broken != files["routes.yaml"]
    said = publish(client, files | {"routes.yaml": broken})
    assert said.status == 422
    assert said.headers["content-type"] == "application/problem+json"
    assert "routes.yaml:" in json.dumps(said.json())
    assert "seniors" in json.dumps(said.json())
    assert live(client) == before


def test_who_publishes_over_a_version_that_came_between_is_told(
    client: Client, files: dict[str, str]
) -> None:
    said = client.publish(files, '"never-published"')
    assert said.status == 412


def test_s24_an_example_that_does_not_hold_and_a_rep_without_an_address_are_refused(
    client: Client, files: dict[str, str]
) -> None:
    before = live(client)
    name = "scores/machines.yaml"
    strict = files[name].replace("qualify: 50", "qualify: 90")
    said = publish(client, files | {name: strict})
    assert (said.status, "examples/" in said.text) == (422, True)
    said = client.admin("POST", "/playbook", files=files)
    assert said.status == 428
    assert live(client) == before


def test_s23_a_text_without_bounds_is_refused_at_publish(
    client: Client, files: dict[str, str]
) -> None:
    before = live(client)
    name = "templates/machines_story.yaml"
    endless = "texts:\n  en:\n    subject: x\n    body: \"{{ (1..1000000000) | join: ',' }}\"\n"
    said = publish(client, files | {name: endless})
    assert (said.status, name in said.text) == (422, True)
    assert live(client) == before
