"""A delivery is claimed, said at most once, and closed; whatever comes twice or in between."""

from datetime import timedelta

import pytest

from leadloop.model.command import Accept
from leadloop.model.decision import Applied, DropDelivery, Ignored, Outcome, Send
from leadloop.model.delivery import Delivery, DeliveryRef, DeliveryState
from leadloop.model.report import Report, SendStatus
from leadloop.store.read import read
from tests.stories.people import INES, KUBA
from tests.stories.world import World


class Mouth:
    """A world whose first delivery nobody has said yet."""

    def __init__(self, *, nurture: bool) -> None:
        self.world = World()
        self.world.settle = lambda: None  # type: ignore[method-assign] # the test is the mouth
        person = KUBA if nurture else INES
        self.lead_id = self.world.submit(
            self.world.post_form("machines-quote", person)
        ).submission_id
        if nurture:
            self.world.advance(hours=2)
        (ready,) = self.world.ready()
        self.delivery_id = ready.id

    def report(self, met: SendStatus, claim: str = "mine") -> Outcome:
        report = Report(
            id=f"{claim}-{met}",
            lead_id=self.lead_id,
            delivery_id=self.delivery_id,
            met=met,
            claim=claim,
            at=self.world.now,
        )
        (outcome,) = self.world.act(report)
        return outcome

    @property
    def delivery(self) -> Delivery:
        ref = DeliveryRef(self.lead_id, self.delivery_id)
        delivery = read(self.world.table, [ref])[ref]
        assert isinstance(delivery, Delivery)
        return delivery


@pytest.mark.parametrize("nurture", [False, True])
def test_claimed_said_and_closed(nurture: bool) -> None:
    mouth = Mouth(nurture=nurture)
    send = mouth.report(SendStatus.SENDING)
    assert isinstance(send, Send)
    assert send.address == ("jakub@tartak-wisniewski.pl" if nurture else send.address)
    assert isinstance(mouth.report(SendStatus.SENT), Applied)
    assert mouth.delivery.state is DeliveryState.SENT


def test_a_second_run_finds_the_claim_foreign_and_says_nothing() -> None:
    mouth = Mouth(nurture=False)
    mouth.report(SendStatus.SENDING)
    assert isinstance(mouth.report(SendStatus.SENDING, claim="theirs"), DropDelivery)
    assert mouth.delivery.state is DeliveryState.UNKNOWN


def test_our_own_claim_whose_answer_was_lost_goes_on() -> None:
    mouth = Mouth(nurture=True)
    mouth.report(SendStatus.SENDING)
    assert isinstance(mouth.report(SendStatus.SENDING), Send)
    assert mouth.delivery.state is DeliveryState.SENDING


def test_our_own_claim_goes_on_though_it_was_the_last_message_allowed() -> None:
    mouth = Mouth(nurture=True)
    world = mouth.world
    most = world.playbook.playbook.contact.most
    world.remember_sends(mouth.lead_id, [world.now - timedelta(hours=1)] * (most - 1))
    assert isinstance(mouth.report(SendStatus.SENDING), Send)
    assert isinstance(mouth.report(SendStatus.SENDING), Send)


def test_our_own_claim_goes_on_though_a_copy_gave_it_up_before_its_answer_came() -> None:
    """Else nobody says it: the copy takes us for dead, and we take it for said."""
    mouth = Mouth(nurture=True)
    mouth.report(SendStatus.SENDING)
    mouth.report(SendStatus.SENDING, claim="theirs")
    send = mouth.report(SendStatus.SENDING)
    assert isinstance(send, Send)
    assert send.delivery == mouth.delivery
    assert mouth.delivery.state is DeliveryState.SENDING
    mouth.report(SendStatus.SENT)
    assert (mouth.delivery.state, mouth.delivery.detail) == (DeliveryState.SENT, None)


def test_what_may_have_left_is_not_said_again_by_its_own_run() -> None:
    mouth = Mouth(nurture=False)
    mouth.report(SendStatus.SENDING)
    mouth.report(SendStatus.UNKNOWN)
    assert isinstance(mouth.report(SendStatus.SENDING), DropDelivery)
    assert mouth.delivery.state is DeliveryState.UNKNOWN


@pytest.mark.parametrize("met", [SendStatus.FAILED, SendStatus.REFUSED])
def test_what_never_left_the_house_counts_against_no_limit(met: SendStatus) -> None:
    mouth = Mouth(nurture=True)
    before = mouth.world.person(mouth.lead_id).sends
    mouth.report(SendStatus.SENDING)
    assert mouth.world.person(mouth.lead_id).sends == (*before, mouth.world.now)
    mouth.report(met)
    assert mouth.world.person(mouth.lead_id).sends == before


def test_failed_tries_leave_the_last_message_allowed_to_the_next_try() -> None:
    mouth = Mouth(nurture=True)
    world = mouth.world
    most = world.playbook.playbook.contact.most
    world.remember_sends(mouth.lead_id, [world.now - timedelta(hours=1)] * (most - 1))
    mouth.report(SendStatus.SENDING)
    mouth.report(SendStatus.FAILED)
    world.advance(minutes=2)
    assert isinstance(mouth.report(SendStatus.SENDING, claim="next"), Send)


def test_what_is_said_is_not_said_again() -> None:
    mouth = Mouth(nurture=False)
    mouth.report(SendStatus.SENDING)
    mouth.report(SendStatus.SENT)
    assert isinstance(mouth.report(SendStatus.SENDING, claim="theirs"), DropDelivery)
    assert mouth.delivery.state is DeliveryState.SENT


def test_a_failed_try_waits_longer_each_time_and_at_last_has_failed() -> None:
    mouth = Mouth(nurture=False)
    mouth.world.run_command(
        mouth.lead_id, Accept(), by="mia", role="manager"
    )  # or it is taken back
    waits = []
    for number in range(6):
        mouth.report(SendStatus.SENDING, claim=f"run{number}")
        mouth.report(SendStatus.FAILED, claim=f"run{number}")
        if mouth.delivery.retry_at is None:
            break
        waits.append(mouth.delivery.retry_at - mouth.world.now)
        mouth.world.now = mouth.delivery.retry_at
        mouth.world.tick()
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 30, 120, 480]
    assert mouth.delivery.state is DeliveryState.FAILED


@pytest.mark.parametrize(
    ("met", "state"),
    [(SendStatus.REFUSED, DeliveryState.FAILED), (SendStatus.UNKNOWN, DeliveryState.UNKNOWN)],
)
def test_what_was_refused_or_may_have_left_is_never_tried_again(
    met: SendStatus, state: DeliveryState
) -> None:
    mouth = Mouth(nurture=False)
    mouth.report(SendStatus.SENDING)
    mouth.report(met)
    assert mouth.delivery.state is state
    mouth.world.now += timedelta(days=30)
    mouth.world.tick()
    assert mouth.delivery.state is state


@pytest.mark.parametrize(
    ("met", "state"),
    [
        (SendStatus.SENT, DeliveryState.SENT),
        (SendStatus.REFUSED, DeliveryState.FAILED),
        (SendStatus.FAILED, DeliveryState.WAITING),
        (SendStatus.UNKNOWN, DeliveryState.UNKNOWN),
    ],
)
def test_a_run_that_was_given_up_too_early_still_tells_what_came_of_it(
    met: SendStatus, state: DeliveryState
) -> None:
    mouth = Mouth(nurture=False)
    mouth.report(SendStatus.SENDING)
    mouth.report(
        SendStatus.SENDING, claim="theirs"
    )  # a copy of the message, while ours is being said
    mouth.report(met)
    assert mouth.delivery.state is state


def test_who_gave_a_run_up_cannot_end_it() -> None:
    mouth = Mouth(nurture=False)
    mouth.report(SendStatus.SENDING)
    mouth.report(SendStatus.SENDING, claim="theirs")
    assert isinstance(mouth.report(SendStatus.SENT, claim="theirs"), Ignored)
    assert mouth.delivery.state is DeliveryState.UNKNOWN


def test_an_end_reported_by_a_run_that_has_no_claim_changes_nothing() -> None:
    mouth = Mouth(nurture=False)
    mouth.report(SendStatus.SENDING)
    assert isinstance(mouth.report(SendStatus.SENT, claim="theirs"), Ignored)
    assert mouth.delivery.state is DeliveryState.SENDING


def test_a_nurture_message_that_is_too_late_is_dropped() -> None:
    mouth = Mouth(nurture=True)
    mouth.world.now += timedelta(days=30)
    assert isinstance(mouth.report(SendStatus.SENDING), DropDelivery)
    assert mouth.delivery.state is DeliveryState.DROPPED


def test_a_delivery_nobody_knows_is_ignored() -> None:
    mouth = Mouth(nurture=False)
    mouth.delivery_id = "other#0"
    assert isinstance(mouth.report(SendStatus.SENDING), Ignored)
