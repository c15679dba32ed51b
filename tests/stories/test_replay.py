"""A vendor changes its mails overnight; a row of the playbook mends it, and a replay the night."""

from collections.abc import Iterator

import pytest

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.policy import MailSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.replay import replay_record
from leadloop.model.command import Actor
from leadloop.model.decision import Verdict
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.model.submission import Channel, Location
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.store import keys, register
from leadloop.store.items import to_entity
from tests.stories.world import World, compile_acme

SOURCE = "branchenblick"
MIA = Actor(id="mia", role="marketing")
NIGHT = 12


def mail(n: int) -> bytes:
    return (
        f"From: leads@branchenblick.example\r\nTo: {SOURCE}@leads.example\r\nSubject: Neu\r\n"
        f"Message-ID: <{n}@branchenblick.example>\r\n\r\n"
        f"Ansprechstelle: Frieda Nummer {n}\r\nSchreibt unter: frieda@werk{n}.example\r\n"
        f"Haus: Werk {n}\r\n"
    ).encode()


def with_vendor(version: str, **labels: str) -> CompiledPlaybook:
    """The sample company, whose vendor must name the company, with these rows beside its own."""
    playbook = compile_acme().playbook
    vendor = playbook.sources[SOURCE]
    assert isinstance(vendor, MailSource)
    changed = vendor.but(required=("contact.company",), labels={**vendor.labels, **labels})
    return CompiledPlaybook(
        playbook.but(sources={**playbook.sources, SOURCE: changed}, version=version)
    )


def mended() -> CompiledPlaybook:
    return with_vendor("mended", haus="contact.company", ansprechstelle="contact.name")


def receive(world: World, n: int) -> Verdict:
    body, key = mail(n), f"in/{n}"
    envelope = Envelope(
        id=submission_id(SOURCE, key),
        source=SOURCE,
        channel=Channel.MAIL,
        received_at=world.now,
        sha256=sha256(body),
        size=len(body),
        location=Location(bucket="raw", key=key),
        key=key,
        content_type="message/rfc822",
    )
    found = read_envelope(envelope, body, world.playbook.source(SOURCE))
    (submission,) = (found.submission,) if isinstance(found, UnreadableEnvelope) else found
    assert submission.unreadable
    return world.submit(submission)


def records(world: World) -> list[Record]:
    items = [item for item in world.table.all_items() if item["sk"] == keys.RECORD]
    return [entity for item in items if isinstance(entity := to_entity(item), Record)]


def quarantined(world: World) -> Iterator[Record]:
    for sheet in register.walk_sheets(world.table):
        for record in register.read_records(world.table, sheet):
            if record.outcome is SubmissionOutcome.QUARANTINED and record.released_as is None:
                yield record


def replay(world: World, most: int = NIGHT) -> list[Verdict]:
    """As `upkeep` does it, and dies after `most`."""
    verdicts = []
    for held in list(quarantined(world))[:most]:
        assert held.raw.location is not None
        body = mail(int(held.raw.location.key.removeprefix("in/")))
        anew = replay_record(held, body, world.playbook.source(SOURCE), MIA)
        assert anew is not None
        verdicts.append(world.submit(anew.successor.but(replayed=True)))
    return verdicts


@pytest.fixture
def world() -> World:
    """After the night: all of it lies in quarantine."""
    world = World(playbook=with_vendor("night"))
    outcomes = {receive(world, n).outcome for n in range(NIGHT)}
    assert outcomes == {SubmissionOutcome.QUARANTINED}
    register.put_records(world.table, records(world))
    return world


def leads(world: World) -> list[str]:
    return sorted(r.person.contact.email or "" for r in records(world) if r.person is not None)


def test_a_replay_before_the_template_is_mended_changes_nothing(world: World) -> None:
    before = records(world)
    assert all(verdict.repeated for verdict in replay(world))
    assert records(world) == before


def test_each_mail_of_the_night_becomes_one_lead_and_nobody_is_told_twice(world: World) -> None:
    world.playbook = mended()
    world.advance(hours=9)
    assert {verdict.outcome for verdict in replay(world)} == {SubmissionOutcome.LEAD}
    assert leads(world) == sorted(f"frieda@werk{n}.example" for n in range(NIGHT))
    told = [(send.delivery.lead_id, send.delivery.purpose, send.address) for send in world.said]
    assert len(told) == len(set(told))

    said = len(world.said)
    assert replay(world) == []
    assert len(world.said) == said


def test_a_replay_that_dies_in_the_middle_and_is_started_again_ends_in_the_same(
    world: World,
) -> None:
    world.playbook = mended()
    replay(world, most=5)
    replay(world)
    twin = World(playbook=with_vendor("night"))
    for n in range(NIGHT):
        receive(twin, n)
    register.put_records(twin.table, records(twin))
    twin.playbook = mended()
    replay(twin)
    assert leads(world) == leads(twin)
    assert len(world.said) == len(twin.said)
    assert len(records(world)) == len(records(twin)) == 2 * NIGHT


def test_who_had_asked_again_by_himself_meanwhile_is_merged_not_doubled(world: World) -> None:
    own = world.post_form("machines-quote", {"email": "frieda@werk3.example", "company": "Werk 3"})
    lead = world.submit(own).submission_id
    world.playbook = mended()
    outcomes = [verdict.outcome for verdict in replay(world)]
    assert outcomes.count(SubmissionOutcome.MERGED) == 1
    assert "SubmissionMerged" in world.event_names(lead)
    assert len(leads(world)) == NIGHT
