"""Behaviour and news of mails: whose it is decides what it means."""

import pytest

from leadloop.model.command import Edit
from leadloop.model.consent import SuppressionRef
from leadloop.model.decision import Applied, Outcome
from leadloop.model.lifecycle import Stage
from leadloop.model.signal import Signal
from leadloop.store.read import read
from tests.stories.people import INES, KUBA
from tests.stories.world import World


def news(world: World, word: str, lead_id: str, delivery_id: str) -> Outcome:
    signal = Signal(
        id=f"{word}:{delivery_id}",
        signal=word,
        lead_id=lead_id,
        delivery_id=delivery_id,
        at=world.now,
        confirmed=True,
    )
    (outcome,) = world.act(signal)
    world.settle()
    return outcome


@pytest.mark.parametrize("word", ["bounce", "complaint", "auto_reply"])
def test_a_reps_mail_that_came_back_is_no_word_of_the_person(word: str) -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    (alert,) = world.said
    before = world.lead(ines)
    assert isinstance(news(world, word, ines, alert.delivery.id), Applied)
    stop = SuppressionRef("ines@vogelpumpen.de", "all")
    assert read(world.table, [stop])[stop] is None
    after = world.lead(ines)
    assert world.person(ines).touchpoints == ()
    assert (after.score, after.stage) == (before.score, Stage.QUALIFIED)
    assert world.event_names(ines)[-1] == "AlertReturned"
    news(world, word, ines, alert.delivery.id)
    assert world.event_names(ines).count("AlertReturned") == 1


def test_a_persons_mail_that_came_back_stops_every_message() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.advance(hours=2)
    (welcome,) = world.said
    news(world, "bounce", kuba, welcome.delivery.id)
    stop = SuppressionRef("jakub@tartak-wisniewski.pl", "all")
    assert read(world.table, [stop])[stop] is not None


def test_a_bounce_stops_the_address_that_was_written_to_not_todays() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.advance(hours=2)
    (welcome,) = world.said
    world.run_command(
        kuba,
        Edit(contact={"email": "kuba@nowy.pl"}),
        by="desk",
        role="admin",
    )
    news(world, "bounce", kuba, welcome.delivery.id)
    old, new = (
        SuppressionRef(email, "all") for email in ("jakub@tartak-wisniewski.pl", "kuba@nowy.pl")
    )
    stops = read(world.table, [old, new])
    assert (stops[old] is not None, stops[new]) == (True, None)
    assert world.lead(kuba).enrolments
