"""S26 on the stack: a vendor's wish to forget somebody holds, in whatever order the posts come."""

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.local.vendor_keys import HOOKS
from leadloop.intake.envelope import submission_id
from leadloop.model.consent import SuppressionRef
from leadloop.model.lead import Record
from leadloop.store.read import read
from tests.stack.conftest import RunningSystem

HOOK = "chatwell"
PAIRS = 12  # each posted at one moment


def tell(running: RunningSystem, number: int, event: str, **visitor: str) -> None:
    conversation = {"id": f"s26-{number}", "event": event, "visitor": visitor}
    body = json.dumps({"conversations": [conversation]}).encode()
    key = HOOKS["chat-hook"].encode()
    headers = {
        "Content-Type": "application/json",
        "X-Chat-Signature": f"sha256={hmac.digest(key, body, hashlib.sha256).hex()}",
    }
    assert running.client.call("POST", f"/hooks/{HOOK}", headers=headers, body=body).status == 202


def tell_person(running: RunningSystem, number: int) -> None:
    visitor = {"name": f"Ilse {number}", "email": f"ilse-{number}@s26.example"}
    tell(running, number, "lead.captured", **visitor)


def tell_erasure(running: RunningSystem, number: int) -> None:
    tell(running, number, "visitor.erased")


def ends(running: RunningSystem, number: int) -> tuple[Record, Record]:
    """What became of the person's post, and of the wish."""
    records = running.records()
    person, wish = (
        records[submission_id(HOOK, key)] for key in (f"s26-{number}", f"s26-{number}#deleted")
    )
    return person, wish


def reason_codes(record: Record) -> list[str]:
    return [reason.code for reason in record.reasons]


def test_s26_what_was_to_be_forgotten_before_it_came_makes_no_lead(running: RunningSystem) -> None:
    tell_erasure(running, 0)
    assert running.wait_until_idle() == {}
    tell_person(running, 0)
    assert running.wait_until_idle() == {}
    for record in ends(running, 0):
        assert (record.outcome, reason_codes(record)) == ("quarantined", ["erasure_asked"])
        assert record.lead is None
    assert not any("ilse-0@" in str(mail.message["To"]) for mail in running.client.mails())


def test_s26_two_that_come_at_one_moment_do_not_miss_each_other(running: RunningSystem) -> None:
    posts: list[tuple[Any, int]] = [
        (teller, number) for number in range(1, PAIRS + 1) for teller in (tell_person, tell_erasure)
    ]
    with ThreadPoolExecutor(2) as callers:  # the emulated gateway refuses more of a laptop
        list(callers.map(lambda post: post[0](running, post[1]), posts))
    assert running.wait_until_idle() == {}
    for number in range(1, PAIRS + 1):
        person, wish = ends(running, number)
        assert reason_codes(wish) == ["erasure_asked"]
        if person.lead is None or person.person is None:
            assert reason_codes(person) == ["erasure_asked"]
        else:
            ref = SuppressionRef(person.person.contact.email or "", "all")
            assert person.lead.stage == "disqualified"
            assert read(running.table, [ref])
