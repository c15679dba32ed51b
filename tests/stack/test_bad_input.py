"""What cannot be read is answered with what to mend, and leaves no trace."""

import json

import pytest

from infra.local.client import Client
from infra.local.run import EVENTS
from infra.local.samples import Sample, fill_placeholders, read_samples, send_event
from leadloop.store import keys, lease
from leadloop.store.items import text_attribute
from tests.stack.conftest import RunningSystem

DOORS = ("capture", "partners")
PAGES = ("-token", "/page-again", "/page-unknown")  # are answered with a page
BAD = [
    each
    for each in read_samples(EVENTS)
    if each.name.partition("/")[0] in DOORS
    and each.expected.status in range(400, 500)
    and each.expected.outcome is None  # a business no is kept
    and each.expected.after is None
    and not each.name.endswith(PAGES)
]


def test_the_bad_samples_are_of_every_kind() -> None:
    names = {each.name.partition("/")[2] for each in BAD}
    assert names >= {
        "field-missing",
        "foreign-origin",
        "half-a-character",
        "lone-surrogate",
        "malformed",
        "no-consent",
        "no-mail",
        "nul",
        "too-big",
        "unknown-form",
        "wrong-key",
        "wrong-media-type",
        "wrong-type",
    }


@pytest.fixture(scope="module")
def items_before(running: RunningSystem) -> set[tuple[str, str]]:
    assert running.wait_until_idle() == {}
    return everything(running)


@pytest.mark.parametrize("sample", BAD, ids=lambda sample: sample.name)
def test_bad_input_is_told_what_to_mend_and_nothing_is_written(
    sample: Sample, running: RunningSystem, client: Client, items_before: set[tuple[str, str]]
) -> None:
    event = json.loads(fill_placeholders(sample.path.read_text(), partners=running.stack.partners))
    answer = send_event(client, event)
    problem = answer.json()
    assert answer.status == sample.expected.status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status
    assert problem["title"]
    if problem["type"] != "about:blank":  # then the gateway itself refused, and says why in full
        assert problem["type"].startswith("urn:leadloop:problem:")
        assert problem["detail"]
    assert "Traceback" not in answer.text
    assert running.wait_until_idle() == {}
    assert everything(running) == items_before


def everything(running: RunningSystem) -> set[tuple[str, str]]:
    """Keys of the table and names in the raw bucket.

    Not the journey's clock, nor the register, which tells a moment later what came before.
    """
    bucket = running.stack.buckets["raw"]
    pages = running.aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    raw = {("raw", each["Key"]) for page in pages for each in page.get("Contents", ())}
    table = {(text_attribute(item, "pk"), text_attribute(item, "sk")) for item in running.items()}
    late = {tuple(keys.lease(lease.JOURNEY))}
    return raw | {each for each in table - late if not each[0].startswith(keys.REGISTER)}
