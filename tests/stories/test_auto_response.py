"""Who asks is answered at once: by source, in his language, once a day and never against a stop."""

from datetime import timedelta

from leadloop.model.consent import Suppression, SuppressionRef
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.facts import Change
from leadloop.store.commit import commit
from tests.stories.people import INES
from tests.stories.world import World

HEIKE = {"email": "heike@web.de", "first_name": "Heike", "message": "Unser Keller ist nass."}
ADVICE = "homecare-advice"


def answers(world: World) -> list[Delivery]:
    deliveries = [send.delivery for send in world.said]
    return [each for each in deliveries if each.purpose is Purpose.AUTO_RESPONSE]


def test_a_question_is_answered_at_once_in_the_persons_language() -> None:
    world = World()
    world.submit(world.post_form(ADVICE, HEIKE | {"language": "pl"}))
    (answer,) = answers(world)
    assert (answer.template, answer.language) == ("homecare_received", "pl")


def test_who_says_no_language_is_answered_in_the_sources() -> None:
    world = World()
    world.submit(world.post_form(ADVICE, HEIKE))
    assert [answer.language for answer in answers(world)] == ["de"]


def test_a_source_without_a_row_answers_nobody() -> None:
    world = World()
    world.submit(world.post_form("machines-quote", INES))
    assert not answers(world)


def test_an_address_is_answered_once_a_day_however_often_a_form_is_sent_in_its_name() -> None:
    world = World()
    for _ in range(5):
        world.submit(world.post_form(ADVICE, HEIKE))
        world.advance(hours=4)
    assert len(answers(world)) == 1
    world.advance(hours=5)
    world.submit(world.post_form(ADVICE, HEIKE))
    assert len(answers(world)) == 2


def test_a_shared_address_is_answered_once_a_day_too_though_each_of_its_people_is_a_lead() -> None:
    world = World()
    first = world.submit(world.post_form(ADVICE, HEIKE | {"email": "info@brunnen.de"}))
    second = world.submit(
        world.post_form(
            ADVICE, {"email": "info@brunnen.de", "first_name": "Olaf", "message": "Hallo"}
        )
    )
    assert first.lead_id != second.lead_id
    assert len(answers(world)) == 1


def test_who_wants_no_message_at_all_is_not_answered() -> None:
    world = World()
    stop = Suppression(why="complaint", at=world.now)
    assert not commit(world.table, [Change(SuppressionRef(str(HEIKE["email"]), "all"), None, stop)])
    world.submit(world.post_form(ADVICE, HEIKE))
    assert not answers(world)
    assert [drop.why for drop in world.dropped] == ["the person has stopped all messages"]


def test_who_has_left_the_newsletter_is_still_answered() -> None:
    world = World()
    stop = Suppression(why="unsubscribe", at=world.now)
    ref = SuppressionRef(str(HEIKE["email"]), "marketing")
    assert not commit(world.table, [Change(ref, None, stop)])
    world.submit(world.post_form(ADVICE, HEIKE))
    assert len(answers(world)) == 1


def test_an_answer_that_is_a_day_late_is_not_given() -> None:
    world = World()
    late = world.post_form(ADVICE, HEIKE)
    world.now += timedelta(days=2)
    world.submit(late)
    assert not answers(world)
