"""S19: what says that it came back counts only for a mail that went from us to that address."""

from datetime import timedelta

import pytest

from leadloop.model.command import Edit
from leadloop.model.consent import Suppression, SuppressionRef
from leadloop.model.decision import Applied, Ignored
from leadloop.model.delivery import Delivery, DeliveryRef, DeliveryState, delivery_digest
from leadloop.model.facts import Change
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.signal import Signal
from leadloop.store.commit import commit
from leadloop.store.read import read
from tests.stories.people import INES, KUBA
from tests.stories.test_replies import nurtured, reply
from tests.stories.world import World

KUBAS = "jakub@tartak-wisniewski.pl"


def news(world: World, word: str, lead_id: str, **more: object) -> Signal:
    return Signal.model_validate(
        {
            "id": f"{word}:news",
            "signal": word,
            "lead_id": lead_id,
            "at": world.now,
            "confirmed": True,
            **more,
        }
    )


def stop_of(world: World, address: str) -> Suppression | None:
    ref = SuppressionRef(address, "all")
    stop = read(world.table, [ref])[ref]
    assert stop is None or isinstance(stop, Suppression)
    return stop


def is_ignored(world: World, signal: Signal, lead_id: str) -> bool:
    before = world.record(lead_id)
    (outcome,) = world.act(signal)
    return isinstance(outcome, Ignored) and world.record(lead_id) == before


def set_state(world: World, mail: Delivery, state: DeliveryState) -> None:
    ref = DeliveryRef(mail.lead_id, mail.id)
    stored = read(world.table, [ref])[ref]
    assert isinstance(stored, Delivery)
    after = stored.but(state=state, version=stored.version + 1)
    assert not commit(world.table, [Change(ref, stored.version, after)])


@pytest.mark.parametrize("word", ["bounce", "complaint", "auto_reply", "delayed"])
def test_s19_news_without_a_mail_falls_back_to_nobody(word: str) -> None:
    world = World()
    kuba = nurtured(world)
    assert is_ignored(world, news(world, word, kuba), kuba)
    assert is_ignored(world, news(world, word, kuba, delivery_id="made-up#0"), kuba)
    assert is_ignored(world, news(world, word, kuba, delivery_digest="abcdefg"), kuba)
    assert stop_of(world, KUBAS) is None


def test_s19_the_mail_of_one_lead_says_nothing_of_another() -> None:
    world = World()
    kuba = nurtured(world)
    (welcome,) = world.said
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    assert is_ignored(world, news(world, "bounce", ines, delivery_id=welcome.delivery.id), ines)
    assert stop_of(world, KUBAS) is stop_of(world, "ines@vogelpumpen.de") is None
    assert world.lead(kuba).enrolments


@pytest.mark.parametrize("state", ["ready", "waiting", "dropped", "failed"])
def test_s19_a_mail_that_was_not_sent_cannot_come_back(state: str) -> None:
    world = World()
    kuba = nurtured(world)
    (welcome,) = world.said
    set_state(world, welcome.delivery, DeliveryState(state))
    signal = news(world, "bounce", kuba, delivery_id=welcome.delivery.id, recipients=[KUBAS])
    assert is_ignored(world, signal, kuba)


@pytest.mark.parametrize(
    ("recipient", "counts"),
    [
        (KUBAS, True),
        ("Jakub@TARTAK-wisniewski.pl", True),
        ("someone@else.example", False),
        ("kuba@nowy.pl", False),
    ],
)
@pytest.mark.parametrize("named", ["id", "digest"])
def test_s19_the_recipient_is_the_one_the_mail_went_to(
    recipient: str, counts: bool, named: str
) -> None:
    world = World()
    kuba = nurtured(world)
    (welcome,) = world.said
    world.run_command(kuba, Edit(contact={"email": "kuba@nowy.pl"}), by="desk", role="admin")
    mail = welcome.delivery.id
    name = {"delivery_id": mail} if named == "id" else {"delivery_digest": delivery_digest(mail)}
    (outcome,) = world.act(news(world, "bounce", kuba, recipients=[recipient], **name))
    assert isinstance(outcome, Applied) is counts
    assert (stop_of(world, KUBAS) is not None) is counts
    assert stop_of(world, "kuba@nowy.pl") is None


def test_s19_the_same_bounce_by_two_ways_counts_once() -> None:
    world = World()
    kuba = nurtured(world)
    mail = world.said[0].delivery.id
    world.act(news(world, "bounce", kuba, id="one", delivery_id=mail))
    (second,) = world.act(
        news(world, "bounce", kuba, id="two", delivery_digest=delivery_digest(mail))
    )
    assert isinstance(second, Applied)
    assert second.repeated
    assert world.event_names(kuba).count("SignalConfirmed") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"answered_by": "colleague@tartak-wisniewski.pl"},
        {"answered_by": None},
        {"answered_mail": "abcdefg"},
        {"answered_mail": None},
    ],
)
def test_s19_an_answer_of_somebody_else_is_held_and_changes_nothing(
    changes: dict[str, str | None],
) -> None:
    world = World()
    kuba = nurtured(world)
    before = world.record(kuba)
    verdict = world.submit(reply(world, kuba).but(**changes))
    assert verdict.outcome is SubmissionOutcome.QUARANTINED
    assert [reason.code for reason in verdict.reasons] == ["answers_no_mail"]
    assert world.record(kuba) == before


def test_s19_a_stop_by_bounce_is_lifted_by_the_persons_own_later_answer() -> None:
    world = World()
    kuba = nurtured(world)
    world.act(news(world, "bounce", kuba, delivery_id=world.said[0].delivery.id))
    world.now += timedelta(hours=1)
    world.submit(reply(world, kuba))
    stop = stop_of(world, KUBAS)
    assert stop is not None
    assert not stop.holds
    assert "StopLifted" in world.event_names(kuba)


@pytest.mark.parametrize(("word", "lifted"), [("bounce", True), ("complaint", False)])
@pytest.mark.parametrize("hours", [1, -1])
def test_s19_a_stop_by_bounce_is_lifted_by_a_later_yes_of_the_address(
    word: str, lifted: bool, hours: int
) -> None:
    world = World()
    kuba = nurtured(world)
    mail = world.said[0].delivery.id
    world.act(news(world, word, kuba, delivery_id=mail))
    at = world.now + timedelta(hours=hours)
    world.act(news(world, "confirm", kuba, delivery_id=mail, at=at))
    stop = stop_of(world, KUBAS)
    assert stop is not None
    assert stop.holds is not (lifted and hours > 0)


def test_s19_a_yes_without_a_mail_lifts_nothing() -> None:
    world = World()
    kuba = nurtured(world)
    world.act(news(world, "bounce", kuba, delivery_id=world.said[0].delivery.id))
    world.now += timedelta(hours=1)
    world.act(news(world, "confirm", kuba))
    stop = stop_of(world, KUBAS)
    assert stop is not None
    assert stop.holds


def test_s19_a_stop_by_complaint_is_lifted_by_nothing() -> None:
    world = World()
    kuba = nurtured(world)
    mail = world.said[0].delivery.id
    world.act(news(world, "bounce", kuba, delivery_id=mail))
    world.act(news(world, "complaint", kuba, delivery_id=mail))
    world.now += timedelta(hours=1)
    world.submit(reply(world, kuba))
    stop = stop_of(world, KUBAS)
    assert stop is not None
    assert (stop.why, stop.holds) == ("complaint", True)


def test_s19_a_stop_that_was_lifted_can_be_put_again() -> None:
    world = World()
    kuba = nurtured(world)
    mail = world.said[0].delivery.id
    world.act(news(world, "bounce", kuba, delivery_id=mail))
    world.now += timedelta(hours=1)
    world.submit(reply(world, kuba))
    world.act(news(world, "complaint", kuba, delivery_id=mail))
    stop = stop_of(world, KUBAS)
    assert stop is not None
    assert (stop.why, stop.holds) == ("complaint", True)


def test_s19_a_mail_to_a_person_without_one_is_none() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    assert is_ignored(world, news(world, "bounce", kuba, delivery_digest="abcdefg"), kuba)


@pytest.mark.parametrize("word", ["delivered", "bounce", "delayed"])
def test_news_of_a_mail_settles_whether_it_was_sent(word: str) -> None:
    """A crash left it unknown; the provider knows the mail, so it was sent."""
    world = World()
    kuba = nurtured(world)
    (welcome,) = world.said
    set_state(world, welcome.delivery, DeliveryState.UNKNOWN)
    signal = news(world, word, kuba, delivery_id=welcome.delivery.id, recipients=[KUBAS])
    (outcome,) = world.act(signal)
    assert isinstance(outcome, Applied)
    ref = DeliveryRef(kuba, welcome.delivery.id)
    settled = read(world.table, [ref])[ref]
    assert isinstance(settled, Delivery)
    assert settled.state is DeliveryState.SENT
    assert (stop_of(world, KUBAS) is not None) is (word == "bounce")


def test_news_that_a_mail_arrived_changes_nothing_of_one_that_was_sent() -> None:
    world = World()
    kuba = nurtured(world)
    (welcome,) = world.said
    before = world.record(kuba)
    signal = news(world, "delivered", kuba, delivery_id=welcome.delivery.id, recipients=[KUBAS])
    (outcome,) = world.act(signal)
    assert outcome == Applied(lead_id=kuba, version=before.version, what="delivered", repeated=True)
    assert world.record(kuba) == before
    forged = news(world, "delivered", kuba, delivery_id=welcome.delivery.id, recipients=["x@y.eu"])
    assert is_ignored(world, forged, kuba)
