"""S16 and S19 on the stack: news of a mail counts only if SNS and we have signed it."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

from infra.local.client import Client
from infra.local.returned_mails import bounce_message, headers_of
from infra.local.sns_signer import read_key
from infra.local.travel import fire_timers
from leadloop.cli.sent_mails import SentMail
from leadloop.model.due import Due
from tests.stack.conftest import RunningSystem
from tests.stack.people import cold_person
from tests.stack.test_links import eventually, founded


def mailed_person(running: RunningSystem, client: Client, name: str) -> SentMail:
    """The first mail of a sequence to a new person."""
    lead_id = founded(client, "machines-quote", cold_person(name))
    machine = running.stack.state_machines["journey"]

    def is_step(due: Due) -> bool:
        return due.lead_id == lead_id and due.timer == "step"

    eventually(
        lambda: fire_timers(running.table, running.aws.stepfunctions, machine, is_step), "enrolled"
    )
    found: list[SentMail] = []

    def mailed() -> bool:
        found[:] = [m for m in client.mails() if m.message["X-Leadloop-Lead"] == lead_id]
        return bool(found)

    eventually(mailed, "mailed")
    return found[0]


def report(
    running: RunningSystem, headers: Mapping[str, str], address: str, *, signed: bool = True
) -> None:
    """Say that the mail came back, as SES does by SNS."""
    key = read_key(Path(running.stack.sns_key))
    message = bounce_message(headers, address, running.stack.mail_events_topic, key)
    if not signed:
        message["Timestamp"] = "2026-12-01T09:00:01.000Z"
    running.aws.sqs.send_message(
        QueueUrl=running.stack.queues["signals"], MessageBody=json.dumps(message)
    )
    assert running.wait_until_idle() == {}


def stops(running: RunningSystem) -> int:
    return sum(
        str(item["pk"]).startswith("CONSENT#") and item["sk"] == "all" for item in running.items()
    )


def test_s19_only_a_signed_bounce_of_our_own_mail_stops_its_address(
    running: RunningSystem, client: Client
) -> None:
    mail = mailed_person(running, client, "Returned")
    headers, address = headers_of(mail), mail.recipient
    time.sleep(1)  # until `deliver` has noted that it was sent
    before = stops(running)
    report(running, headers, address, signed=False)
    report(running, {**headers, "X-Leadloop-Signature": "a" * 20}, address)
    report(running, {**headers, "X-Leadloop-Lead": "A" * 26}, address)
    report(running, headers, "somebody@else.example")
    assert stops(running) == before
    report(running, headers, address)
    assert stops(running) == before + 1
    assert client.event_names(headers["X-Leadloop-Lead"]).count("SignalConfirmed") == 1
