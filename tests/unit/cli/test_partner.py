"""A partner's key: made, registered, stored as a hash, shown once."""

import hashlib
from pathlib import Path

import boto3
import pytest
from botocore.stub import ANY, Stubber

from leadloop.cli import partner
from leadloop.cli.main import main
from leadloop.cli.partner import NotAdded, PartnerRegistry, add_partner
from leadloop.playbook.load import load_playbook
from leadloop.playbook.model import Playbook
from leadloop.store import partners
from leadloop.store.memory_table import MemoryTable

SAMPLE = Path(__file__).parents[3] / "shared" / "playbooks" / "acme"


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load_playbook(SAMPLE)


@pytest.fixture
def place() -> PartnerRegistry:
    client = boto3.client(
        "apigateway", "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    return PartnerRegistry(client, "plan-1", MemoryTable())


def test_the_key_is_registered_with_the_plan_and_only_its_hash_is_kept(
    place: PartnerRegistry, playbook: Playbook
) -> None:
    with Stubber(place.apigateway) as gateway:
        asked = {"name": "AutoPoint", "value": ANY, "enabled": True}
        gateway.add_response("create_api_key", {"id": "k-1"}, asked)
        joined = {"usagePlanId": "plan-1", "keyId": "k-1", "keyType": "API_KEY"}
        gateway.add_response("create_usage_plan_key", {}, joined)
        key = add_partner("AutoPoint", "autopoint", place, playbook)
        gateway.assert_no_pending_responses()

    assert 20 <= len(key) <= 128
    kept = partners.get(place.table, hashlib.sha256(key.encode()).hexdigest())
    assert kept == partners.Partner(source="autopoint", name="AutoPoint")
    assert key not in str(vars(place.table))


@pytest.mark.parametrize("source", ["machines-quote", "nobody", ""])
def test_a_source_that_is_no_partner_of_the_live_playbook_gets_no_key(
    place: PartnerRegistry, playbook: Playbook, source: str
) -> None:
    with Stubber(place.apigateway), pytest.raises(NotAdded, match="autopoint, leadhaus"):
        add_partner("AutoPoint", source, place, playbook)


def test_two_keys_are_never_the_same(place: PartnerRegistry, playbook: Playbook) -> None:
    with Stubber(place.apigateway) as gateway:
        for n in range(2):
            gateway.add_response("create_api_key", {"id": f"k-{n}"})
            gateway.add_response("create_usage_plan_key", {})
        keys = {add_partner("AutoPoint", "autopoint", place, playbook) for _ in range(2)}
    assert len(keys) == 2


def test_the_command_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["partner", "add", "AutoPoint"])
    assert "--source" in capsys.readouterr().err
    assert partner.KEY_BYTES >= 16
