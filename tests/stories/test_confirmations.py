"""S6, S21: nothing of value goes to an address that has not said yes, and limits come before."""

from datetime import timedelta

import pytest

from leadloop.content.policy import SeatOffer
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.signal import Signal
from leadloop.model.submission import Submission, Touch
from leadloop.playbook.compiled import CompiledPlaybook
from tests.stories.world import World, compile_acme

NEWSLETTER, ADVICE = "homecare-newsletter", "homecare-advice"
ZOFIA: dict[str, str | int] = {"email": "zofia.lis@poczta.example", "language": "en"}


def mails(world: World, purpose: Purpose) -> list[Delivery]:
    return [send.delivery for send in world.said if send.delivery.purpose is purpose]


def post(world: World, email: str, ip: str | None = None, source: str = NEWSLETTER) -> Submission:
    made = world.post_form(source, {"email": email, "language": "en"})
    return made.but(touch=Touch(at=world.now, source=source, ip=ip))


def with_two_offers() -> CompiledPlaybook:
    playbook = compile_acme().playbook
    seat = SeatOffer(id="open-day", kind="seat", template="offer_voucher", seats=50)
    advice = playbook.sources[ADVICE].but(offer="open-day", auto_responses=(), asks=None)
    return CompiledPlaybook(
        playbook.but(
            version="two",
            offers={**playbook.offers, "open-day": seat},
            sources={**playbook.sources, ADVICE: advice},
        )
    )


def test_s21_a_code_goes_out_only_after_the_address_has_said_yes() -> None:
    world = World()
    lead_id = world.submit(world.post_form(NEWSLETTER, ZOFIA)).submission_id
    (asked,) = mails(world, Purpose.CONFIRMATION)
    assert (asked.offer, asked.template) == ("filter-voucher", "offer_confirmation")
    assert mails(world, Purpose.OFFER) == []
    assert world.person(lead_id).given == ()
    world.confirm(asked)
    (given,) = mails(world, Purpose.OFFER)
    assert given.data["offer_code"] == "ACME-7KQ2-M9XF"
    world.confirm(asked)  # the button, pressed again
    assert len(mails(world, Purpose.OFFER)) == 1
    assert len(world.person(lead_id).given) == 1


def test_s21_proof_of_asking_and_answering_is_kept() -> None:
    world = World()
    lead_id = world.submit(post(world, "zofia.lis@poczta.example", "198.51.100.7")).submission_id
    began = world.now
    world.advance(hours=3)
    (asked,) = mails(world, Purpose.CONFIRMATION)
    world.confirm(asked)
    (proof,) = world.person(lead_id).asked
    assert (proof.submission, proof.at, proof.ip) == (lead_id, began, "198.51.100.7")
    assert (proof.delivery, proof.address) == (asked.id, "zofia.lis@poczta.example")
    assert proof.confirmed_at == began + timedelta(hours=3)
    names = world.event_names(lead_id)
    assert [each for each in names if "Confirm" in each and each != "SignalConfirmed"] == [
        "ConfirmationAsked",
        "AddressConfirmed",
    ]


def test_s6_an_address_is_asked_once_a_day_at_most() -> None:
    world = World()
    for _ in range(50):
        world.submit(world.post_form(NEWSLETTER, ZOFIA))
    assert len(mails(world, Purpose.CONFIRMATION)) == 1
    world.advance(hours=23)
    world.submit(world.post_form(NEWSLETTER, ZOFIA))
    assert len(mails(world, Purpose.CONFIRMATION)) == 1
    world.advance(hours=2)
    world.submit(world.post_form(NEWSLETTER, ZOFIA))
    assert len(mails(world, Purpose.CONFIRMATION)) == 2


def test_s21_a_second_purpose_asks_again_on_its_own_day() -> None:
    world = World(playbook=with_two_offers())
    world.submit(world.post_form(NEWSLETTER, ZOFIA))
    world.confirm_all()
    assert len(mails(world, Purpose.OFFER)) == 1
    lead_id = world.submit(world.post_form(ADVICE, ZOFIA)).lead_id
    assert lead_id is not None
    assert len(mails(world, Purpose.OFFER)) == 1
    assert len(mails(world, Purpose.CONFIRMATION)) == 1, "one a day, whatever it asks"
    world.advance(hours=25)
    first, second = mails(world, Purpose.CONFIRMATION)
    assert (first.offer, second.offer) == ("filter-voucher", "open-day")
    world.confirm(second)
    assert [each.offer for each in mails(world, Purpose.OFFER)] == ["filter-voucher", "open-day"]


def test_s21_a_form_asks_twenty_addresses_in_an_hour() -> None:
    world = World()
    for n in range(30):
        world.submit(post(world, f"r{n}@poczta.example", f"198.51.{n}.1"))
    assert len(mails(world, Purpose.CONFIRMATION)) == 20
    world.advance(hours=1)
    for n in range(30, 32):
        world.submit(post(world, f"r{n}@poczta.example", f"198.51.{n}.1"))
    assert len(mails(world, Purpose.CONFIRMATION)) == 22


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("203.0.113.{}", "203.0.114.{}"),
        ("2001:db8:7:{}::1", "2001:db8:8:{}::1"),
        ("::ffff:203.0.113.{}", "::ffff:203.0.114.{}"),
    ],
)
def test_s21_a_network_asks_five_addresses_in_an_hour(near: str, far: str) -> None:
    world = World()
    for n in range(1, 9):
        verdict = world.submit(post(world, f"near{n}@poczta.example", near.format(n)))
    assert len(mails(world, Purpose.CONFIRMATION)) == 5
    assert "OfferLimited" in world.event_names(verdict.submission_id)
    world.submit(post(world, "far@poczta.example", far.format(1)))
    assert len(mails(world, Purpose.CONFIRMATION)) == 6


def test_s21_the_limits_stand_in_the_playbook() -> None:
    playbook = compile_acme().playbook
    voucher = playbook.offers["filter-voucher"].but(form_hour=2)
    offers = {**playbook.offers, "filter-voucher": voucher}
    world = World(playbook=CompiledPlaybook(playbook.but(version="two-an-hour", offers=offers)))
    for n in range(5):
        world.submit(post(world, f"r{n}@poczta.example"))
    assert len(mails(world, Purpose.CONFIRMATION)) == 2


@pytest.mark.parametrize("delivery_id", ["nothing#0", None])
def test_s21_a_yes_without_our_mail_gives_nothing(delivery_id: str | None) -> None:
    world = World()
    lead_id = world.submit(world.post_form(NEWSLETTER, ZOFIA)).submission_id
    world.act(
        Signal(
            id="confirm:forged",
            signal="confirm",
            lead_id=lead_id,
            delivery_id=delivery_id,
            at=world.now,
            confirmed=True,
        )
    )
    world.settle()
    assert mails(world, Purpose.OFFER) == []


def with_download(**more: object) -> CompiledPlaybook:
    """The newsletter promises a file."""
    playbook = compile_acme().playbook
    guide = playbook.offers["pump-guide"].but(**more)
    newsletter = playbook.sources[NEWSLETTER].but(offer="pump-guide")
    return CompiledPlaybook(
        playbook.but(
            version="three",
            offers={**playbook.offers, "pump-guide": guide},
            sources={**playbook.sources, NEWSLETTER: newsletter},
        )
    )


def test_s21_a_file_of_value_goes_out_only_after_the_address_has_said_yes() -> None:
    world = World(playbook=with_download(of_value=True))
    lead_id = world.submit(world.post_form(NEWSLETTER, ZOFIA)).submission_id
    (asked,) = mails(world, Purpose.CONFIRMATION)
    assert (asked.offer, mails(world, Purpose.OFFER)) == ("pump-guide", [])
    world.confirm(asked)
    (given,) = mails(world, Purpose.OFFER)
    assert (given.offer, given.template) == ("pump-guide", "offer_pump_guide")
    assert len(world.person(lead_id).given) == 1


def test_s21_requests_for_a_file_of_value_are_limited_by_form_and_network() -> None:
    world = World(playbook=with_download(of_value=True, network_hour=2))
    for number in range(4):
        world.submit(post(world, f"p{number}@poczta.example", "198.51.100.7"))
    assert len(mails(world, Purpose.CONFIRMATION)) == 2


def test_a_file_that_is_no_gift_is_given_at_once() -> None:
    world = World(playbook=with_download())
    world.submit(world.post_form(NEWSLETTER, ZOFIA))
    assert mails(world, Purpose.CONFIRMATION) == []
    (given,) = mails(world, Purpose.OFFER)
    assert given.offer == "pump-guide"
