"""What a form promised is given: a file at once, a code or a seat when the address has said yes.

And a subscription is a contact with that one purpose, not a lead, until its score says so.
"""

from leadloop.content.policy import CodeOffer, SeatOffer
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.lifecycle import Stage
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.versions import stamp_version
from tests.stories.people import INES, KUBA
from tests.stories.world import World, compile_acme

NEWSLETTER, GUIDE = "homecare-newsletter", "machines-guide"


def reader(number: int) -> dict[str, str | int]:
    return {"email": f"reader{number}@web.de"}


def given(world: World) -> list[Delivery]:
    deliveries = [send.delivery for send in world.said]
    return [each for each in deliveries if each.purpose is Purpose.OFFER]


def with_offer(offer: CodeOffer | SeatOffer) -> CompiledPlaybook:
    playbook = compile_acme().playbook
    return CompiledPlaybook(
        stamp_version(playbook.but(offers={**playbook.offers, offer.id: offer}))
    )


def vouchers(*codes: str) -> CodeOffer:
    return CodeOffer(id="filter-voucher", kind="code", template="offer_voucher", codes=codes)


def test_the_guide_a_form_promised_is_sent_at_once() -> None:
    world = World()
    world.submit(world.post_form(GUIDE, KUBA))
    assert [(each.offer, each.template) for each in given(world)] == [
        ("pump-guide", "offer_pump_guide")
    ]


def test_every_subscriber_gets_a_code_of_his_own_though_they_come_in_one_batch() -> None:
    world = World()
    world.act(*(world.post_form(NEWSLETTER, reader(n)) for n in range(8)))
    world.settle()
    world.confirm_all()
    codes = [each.data["offer_code"] for each in given(world)]
    assert len(codes) == len(set(codes)) == 8


def test_who_asks_again_gets_the_same_code_and_no_more_than_once_a_day() -> None:
    world = World()
    world.submit(world.post_form(NEWSLETTER, reader(1)))
    world.confirm_all()
    world.submit(world.post_form(NEWSLETTER, reader(1)))
    assert len(given(world)) == 1
    world.advance(hours=25)
    world.submit(world.post_form(NEWSLETTER, reader(1)))
    first, again = given(world)
    assert first.data == again.data


def test_an_empty_pool_gives_nobody_a_second_hand_code() -> None:
    world = World(playbook=with_offer(vouchers("ONE", "TWO")))
    verdicts = [world.submit(world.post_form(NEWSLETTER, reader(n))) for n in range(3)]
    world.confirm_all()
    assert [each.data["offer_code"] for each in given(world)] == ["ONE", "TWO"]
    assert "OfferExhausted" in world.event_names(verdicts[2].submission_id)


def test_a_pool_that_grows_goes_on_where_it_was() -> None:
    world = World(playbook=with_offer(vouchers("ONE")))
    world.submit(world.post_form(NEWSLETTER, reader(1)))
    world.confirm_all()
    world.playbook = with_offer(vouchers("ONE", "TWO"))
    world.submit(world.post_form(NEWSLETTER, reader(2)))
    world.confirm_all()
    assert [each.data["offer_code"] for each in given(world)] == ["ONE", "TWO"]


def test_a_pool_whose_given_codes_were_moved_gives_none_rather_than_one_twice() -> None:
    world = World(playbook=with_offer(vouchers("ONE", "TWO")))
    world.submit(world.post_form(NEWSLETTER, reader(1)))
    world.confirm_all()
    world.playbook = with_offer(vouchers("TWO", "ONE"))
    late = world.submit(world.post_form(NEWSLETTER, reader(2)))
    assert len(given(world)) == 1
    assert "OfferExhausted" in world.event_names(late.submission_id)


def test_seats_are_given_while_there_are_any() -> None:
    seats = SeatOffer(id="filter-voucher", kind="seat", template="offer_voucher", seats=2)
    world = World(playbook=with_offer(seats))
    for n in range(3):
        world.submit(world.post_form(NEWSLETTER, reader(n)))
    world.confirm_all()
    assert [each.data["offer_code"] for each in given(world)] == ["1", "2"]


def test_a_subscriber_is_told_to_nobody_and_is_in_no_sequence() -> None:
    world = World()
    verdict = world.submit(world.post_form(NEWSLETTER, reader(1)))
    lead = world.lead(verdict.submission_id)
    assert (lead.stage, lead.assignment, lead.enrolments) == (Stage.NEW, None, ())
    assert world.event_names(verdict.submission_id) == [
        "ContactSubscribed",
        "ConfirmationAsked",
    ]
    world.advance(days=30)
    assert [each.delivery.purpose for each in world.said] == [Purpose.CONFIRMATION]


def test_a_subscriber_who_asks_is_a_lead_on_the_same_record() -> None:
    world = World()
    subscribed = world.submit(world.post_form(NEWSLETTER, {"email": INES["email"]}))
    asked = world.submit(world.post_form("machines-quote", INES))
    assert (asked.outcome, asked.lead_id) == (SubmissionOutcome.MERGED, subscribed.submission_id)
    assert "LeadCreated" in world.event_names(subscribed.submission_id)
    assert not world.lead(subscribed.submission_id).subscriber


def test_a_lead_in_work_who_subscribes_disturbs_nobody() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    mails = len(world.said)
    world.submit(world.post_form(NEWSLETTER, {"email": INES["email"]}))
    assert [each.delivery.purpose for each in world.said[mails:]] == [Purpose.CONFIRMATION]
    assert world.lead(ines).stage is Stage.QUALIFIED
