"""A release asks others as an arrival does: a vendor for its lead, nobody about a captcha."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_socket import enable_socket, socket_allow_hosts

from infra.local import vendor_keys
from infra.local.fake_vendors import serve_fake_vendors
from infra.local.ports import HOST
from leadloop.edge import clock
from leadloop.edge.act import act_now
from leadloop.edge.live_playbook import playbook
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.read import read_or_raise
from leadloop.intake.replay import replay_record
from leadloop.model.base import Reason
from leadloop.model.command import Actor
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Channel
from leadloop.playbook.load import load_playbook
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.admin.desk import Desk, json_body
from tests.functions.aws_fixture import SECTIONS

ACME = load_playbook(Path(__file__).parents[3] / "shared" / "playbooks" / "acme")
SOURCE, KNOWN, UNKNOWN = "meta-home", "90071", "1"
QUARANTINE = "/admin/v1/quarantine"
LONG_AGO = timedelta(hours=2)


@pytest.fixture
def asking(desk: Desk) -> Desk:
    desk.home.publish(ACME)
    return desk


@pytest.fixture
def vendor(asking: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    enable_socket()
    socket_allow_hosts([HOST], allow_unix_socket=True)
    vendor_keys.store(asking.home.aws.secretsmanager, hooks="test/hooks/", vendors="test/vendors/")
    with serve_fake_vendors() as address:
        monkeypatch.setenv("OUTBOUND_GATEWAY", address)
        yield


def unfetched(lead: str = KNOWN, ago: timedelta = LONG_AGO) -> str:
    """As a post that named it left it, when nobody could ask."""
    value = {"leadgen_id": lead, "form_id": "527829"}
    change = {"field": "leadgen", "value": value}
    body = json.dumps({"object": "page", "entry": [{"changes": [change]}]}).encode()
    envelope = Envelope(
        id=submission_id(SOURCE, lead),
        source=SOURCE,
        channel=Channel.WEBHOOK,
        received_at=clock.now() - ago,
        sha256=sha256(body),
        size=len(body),
        body=body,
        content_type="application/json",
    )
    (named,) = read_or_raise(envelope, body, playbook().source(SOURCE))
    assert act_now(named).outcome == "quarantined"  # type: ignore[union-attr]
    return named.id


@pytest.mark.usefixtures("vendor")
def test_a_lead_that_was_not_fetched_is_asked_for_when_it_is_released(asking: Desk) -> None:
    id_ = unfetched()
    told = json_body(asking.post(f"{QUARANTINE}/{id_}/fix", {}))
    assert (told["submission_id"], told["outcome"]) == (f"{id_}.2", "lead")
    record = asking.home.read_entity(RecordRef(f"{id_}.2"))
    assert record.person.contact.email == "greta.sand@posteo.example"
    assert record.checks[0].provider == "meta"


@pytest.mark.usefixtures("vendor")
def test_many_are_asked_for_at_once(asking: Desk) -> None:
    ids = [unfetched(), unfetched(UNKNOWN)]
    results = json_body(asking.post(f"{QUARANTINE}/fix", {"ids": ids}))["results"]
    assert [each["verdict"]["outcome"] for each in results] == ["lead", "quarantined"]


@pytest.mark.usefixtures("vendor")
def test_what_the_vendor_says_of_one_it_does_not_know_stands_in_the_quarantine(
    asking: Desk,
) -> None:
    told = json_body(asking.post(f"{QUARANTINE}/{unfetched(UNKNOWN)}/fix", {}))
    assert told["outcome"] == "quarantined"
    assert told["reasons"][0]["code"] == "not_fetched"
    assert "404" in told["reasons"][0]["text"]


def test_a_vendor_that_is_silent_just_now_releases_nothing(asking: Desk) -> None:
    id_ = unfetched(ago=timedelta(minutes=2))
    answer = asking.post(f"{QUARANTINE}/{id_}/fix", {})
    assert answer["statusCode"] == 503
    assert asking.home.read_entity(RecordRef(id_)).released_as is None


def test_what_a_person_typed_in_is_asked_of_nobody(asking: Desk) -> None:
    fix = {"fields": {"contact.email": "greta@posteo.example"}}
    told = json_body(asking.post(f"{QUARANTINE}/{unfetched()}/fix", fix))
    assert told["outcome"] == "lead"


def test_a_captchas_token_is_good_for_one_look_and_what_was_found_stands(desk: Desk) -> None:
    captcha = {"provider": "turnstile", "site_key": "k", "secret": "s"}
    form = {**SECTIONS["sources"]["contact"], "captcha": captcha}
    made = Playbook.model_validate({**SECTIONS, "sources": {"contact": form}})
    desk.home.publish(stamp_version(made))
    source = made.sources["contact"]
    body = json.dumps(
        {"email": "a@b.example", "consent": True, "cf-turnstile-response": "token"}
    ).encode()
    failed = (Reason(code="captcha_failed", text="a machine"),)
    held = desk.submit("", source="contact", body=body, unreadable=failed)
    record = desk.home.read_entity(RecordRef(held.submission_id))
    record = record.but(raw=record.raw.but(content_type="application/json"))
    found = replay_record(record, body, source, Actor(id="u", role="admin"))
    assert found is not None
    anew = found.successor
    assert anew.contact.email == "a@b.example"
    assert anew.captcha is None
    assert read_or_raise(_as_it_came(body), body, source)[0].captcha is not None
    assert anew.unreadable == failed  # a replay has not looked; a person's release clears it


def _as_it_came(body: bytes) -> Envelope:
    return Envelope(
        id="X",
        source="contact",
        channel=Channel.FORM,
        received_at=clock.now(),
        sha256=sha256(body),
        size=len(body),
        body=body,
        content_type="application/json",
    )
