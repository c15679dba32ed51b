"""A vendor is asked for its leads, over a socket of this machine; who is missing is taken in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from pytest_socket import enable_socket, socket_allow_hosts

from capture.handler import handler as capture
from infra.local import vendor_keys
from infra.local.fake_vendors import serve_fake_vendors
from infra.local.ports import HOST
from leadloop.edge.batches import QueueMessage
from leadloop.intake.envelope import submission_id
from leadloop.model.lead import RecordRef
from leadloop.playbook.load import load_playbook
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import AwsFixture, batch_failures, sqs_event
from upkeep import dead_letters, vendor_catch_up

ACME = load_playbook(Path(__file__).parents[3] / "shared" / "playbooks" / "acme")
HAS = {"meta-home": 4, "linkedin-pumps": 1, "typeform-home": 1}  # what the vendors' lists name


@pytest.fixture
def asked(home: AwsFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsFixture]:
    enable_socket()
    socket_allow_hosts([HOST], allow_unix_socket=True)
    vendor_keys.store(home.aws.secretsmanager, hooks="test/hooks/", vendors="test/vendors/")
    home.publish(ACME)
    with serve_fake_vendors() as address:
        monkeypatch.setenv("OUTBOUND_GATEWAY", address)
        yield home


def worked_off(home: AwsFixture, context: LambdaContext) -> int:
    bodies = [json.dumps(message) for message in home.receive_messages("submissions")]
    for body in bodies:
        assert qualify(sqs_event(body), context) == batch_failures()
    return len(bodies)


def test_who_never_came_is_taken_in_once(asked: AwsFixture, context: LambdaContext) -> None:
    assert vendor_catch_up.fetch_missing_leads() == HAS
    assert worked_off(asked, context) == sum(HAS.values())
    greta = asked.read_entity(RecordRef(submission_id("meta-home", "90071")))
    assert greta.person.contact.email == "greta.sand@posteo.example"
    assert vendor_catch_up.fetch_missing_leads() == dict.fromkeys(HAS, 0)
    assert asked.receive_messages("submissions") == []


def test_who_came_by_the_door_is_not_missing(asked: AwsFixture, context: LambdaContext) -> None:
    vendor_catch_up.fetch_missing_leads()
    kept = [m for m in asked.receive_messages("submissions") if m["source"] == "linkedin-pumps"]
    assert qualify(sqs_event(*map(json.dumps, kept)), context) == batch_failures()
    assert vendor_catch_up.fetch_missing_leads() == {**HAS, "linkedin-pumps": 0}


def test_a_vendor_that_does_not_answer_holds_up_no_other(
    asked: AwsFixture, context: LambdaContext
) -> None:
    asked.aws.secretsmanager.delete_secret(
        SecretId="test/vendors/meta-page", ForceDeleteWithoutRecovery=True
    )
    assert vendor_catch_up.fetch_missing_leads() == {
        n: c for n, c in HAS.items() if n != "meta-home"
    }


def test_of_a_dead_letter_every_lead_has_its_end(asked: AwsFixture, context: LambdaContext) -> None:
    """Two leads in one message that nobody could work off."""
    event = json.loads(
        (Path(__file__).parents[3] / "events/capture/hook-meta-batch.json").read_text()
    )
    changes = json.loads(event["body"])["entry"][0]["changes"]
    assert len(changes) == 2
    assert capture(event, context)["statusCode"] == 202
    (message,) = asked.receive_messages("submissions")
    dead_letters.end_letter(
        QueueMessage(id="m", body=json.dumps(message), queue="q", attributes={})
    )
    for key in ("90072", "90073"):
        record = asked.read_entity(RecordRef(submission_id("meta-home", key)))
        assert (record.outcome, record.reasons[0].code) == ("quarantined", "failed")
