"""S22: alerts to a rep about one person are one within ten minutes, then say how often."""

from datetime import timedelta
from itertools import pairwise

import pytest

from leadloop.content.template_context import CompanyContext, build_template_context
from leadloop.content.templates import render_template
from leadloop.model.decision import Send
from leadloop.model.delivery import Purpose
from leadloop.model.lead import Rating
from tests.stories.people import INES, KUBA, Person
from tests.stories.test_replies import nurtured, reply
from tests.stories.world import World

QUOTE = "machines-quote"
WARM: Person = {
    "name": "Odile Marchand",
    "email": "odile@moulin-marchand.example",
    "company": "Moulin Marchand",
    "job_title": "Managing Director",
    "country": "DE",
    "employees": 900,
    "message": "Une pompe, s'il vous plaît",
}


def alerts(world: World) -> list[Send]:
    return [send for send in world.said if send.delivery.purpose is Purpose.REP_ALERT]


def ask_again(world: World, person: Person, said: str) -> None:
    world.submit(world.post_form(QUOTE, person | {"message": said}))


def test_s22_a_hundred_posts_in_a_minute_are_two_alerts() -> None:
    world = World()
    ines = world.submit(world.post_form(QUOTE, INES)).submission_id
    for n in range(100):
        ask_again(world, INES, f"Pump {n}")
    assert len(alerts(world)) == 1
    world.advance(minutes=9)
    assert len(alerts(world)) == 1
    world.advance(minutes=2)
    _, collected = alerts(world)
    assert collected.delivery.data["alert_count"] == "100"
    assert collected.delivery.data["said"].startswith("Pump 0\nPump 1\n")
    assert world.event_names(ines).count("SubmissionMerged") == 100


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_s22_the_collected_alert_says_how_often(language: str) -> None:
    world = World()
    world.submit(world.post_form(QUOTE, INES))
    for each in ("First", "Second", "Third"):
        ask_again(world, INES, each)
    world.advance(minutes=11)
    text = alert_text(world, language)
    assert "> First\n> Second\n> Third\n" in text
    assert any(times in text for times in ("3 times", "3-mal", "minutach: 3"))


def test_s22_the_window_runs_on_from_the_collected_alert() -> None:
    world = World()
    world.submit(world.post_form(QUOTE, INES))
    began = world.now
    for _ in range(40):  # one a minute
        world.advance(minutes=1)
        ask_again(world, INES, "Hello?")
    at = [(send.delivery.retry_at or send.delivery.claimed_at or began) for send in alerts(world)]
    assert 4 <= len(at) <= 5
    assert all(later - earlier >= timedelta(minutes=9) for earlier, later in pairwise(at))


def test_s22_after_ten_quiet_minutes_an_alert_goes_at_once() -> None:
    world = World()
    world.submit(world.post_form(QUOTE, INES))
    world.advance(minutes=10)
    ask_again(world, INES, "And a filter")
    assert len(alerts(world)) == 2
    assert "alert_count" not in alerts(world)[-1].delivery.data


def test_s22_replies_alert_at_once_three_times_and_then_wait() -> None:
    world = World()
    kuba = nurtured(world)  # has a mail of ours, which he can answer
    ask_again(world, KUBA | {"budget": 500_000, "timeframe": "now"}, "Forty pumps now")
    before = len(alerts(world))
    for n in range(8):
        world.submit(reply(world, kuba, f"Answer {n}", f"<{n}@mail.example>"))
    assert len(alerts(world)) == before + 3
    world.advance(minutes=11)
    assert len(alerts(world)) == before + 4
    assert alerts(world)[-1].delivery.data["said"].startswith("Answer 3\nAnswer 4\n")


def test_s22_a_rise_to_hot_alerts_at_once() -> None:
    world = World()
    lead = world.submit(world.post_form(QUOTE, WARM)).submission_id
    ask_again(world, WARM, "Bonjour ?")
    assert world.lead(lead).rating is not Rating.HOT
    assert len(alerts(world)) == 1
    ask_again(world, WARM | {"budget": 500_000, "timeframe": "now"}, "Forty pumps now")
    assert world.lead(lead).rating is Rating.HOT
    assert len(alerts(world)) == 2


def alert_text(world: World, language: str) -> str:
    send = alerts(world)[-1]
    company = world.playbook.playbook.company
    context = build_template_context(
        send.person,
        send.lead,
        send.delivery,
        company=CompanyContext(name=company.name, postal_address=company.postal_address),
        accept_url="https://x.example/a/1",
    )
    template = world.playbook.playbook.templates["rep_alert"]
    return render_template(template, language, context, default="en").text
