"""Who is behind a browser: nobody, then somebody, and never two people in one."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.model.decision import Applied, Ignored, Outcome, SignalStored, Verdict
from leadloop.model.signal import Signal
from leadloop.model.submission import Submission
from leadloop.model.visitor import Visitor, VisitorRef
from leadloop.store.read import read
from tests.stories.world import World

BROWSER = "v-4f1e0b7a9c2d4e6f8a0b1c"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
ADA = {"email": "ada@lovelace.example", "company": "Engines Ltd"}
BOB = {"email": "bob@turing.example", "company": "Machines Ltd"}


def visit(world: World, n: int, *, at: Any = None, agent: str = CHROME) -> Outcome:
    signal = Signal(
        id=f"visit:{n}",
        signal="visit",
        visitor=BROWSER,
        at=at or world.now,
        confirmed=True,
        user_agent=agent,
    )
    (outcome,) = world.act(signal)
    world.settle()
    return outcome


def asks(world: World, person: dict[str, str], visitor: str | None = BROWSER) -> Submission:
    asked = world.post_form("machines-quote", person).but(visitor=visitor)
    world.submit(asked)
    return asked


def visits(world: World, lead_id: str) -> list[str]:
    return [touch.id for touch in world.person(lead_id).touchpoints if touch.signal == "visit"]


def browser(world: World) -> Visitor:
    found = read(world.table, [VisitorRef(BROWSER)])[VisitorRef(BROWSER)]
    assert isinstance(found, Visitor)
    return found


def test_what_an_unknown_visitor_did_counts_once_he_is_known() -> None:
    world = World()
    assert [type(visit(world, n)) for n in (1, 2, 2)] == [SignalStored, SignalStored, SignalStored]
    ada = asks(world, ADA)
    assert visits(world, ada.id) == ["visit:1", "visit:2"]
    assert any(points.rule == "signal:visit" for points in world.lead(ada.id).score.points)
    assert "VisitorRecognised" in world.event_names(ada.id)
    assert (browser(world).touches, browser(world).lead_id) == ((), ada.id)


def test_what_a_known_visitor_does_counts_at_once_and_only_once() -> None:
    world = World()
    visit(world, 1)
    ada = asks(world, ADA)
    outcomes = [visit(world, n) for n in (2, 2, 1)]
    assert [isinstance(each, Applied) and each.repeated for each in outcomes] == [False, True, True]
    assert visits(world, ada.id) == ["visit:1", "visit:2"]


def test_two_people_at_one_browser_stay_two_and_keep_what_is_theirs() -> None:
    world = World()
    visit(world, 1)
    ada = asks(world, ADA)
    visit(world, 2)
    before = world.lead(ada.id)
    world.now += timedelta(minutes=5)
    bob = asks(world, BOB)
    assert world.lead(ada.id) == before
    assert visits(world, bob.id) == []
    visit(world, 3)
    assert (visits(world, ada.id), visits(world, bob.id)) == (["visit:1", "visit:2"], ["visit:3"])


def test_what_is_told_late_is_whose_it_was_then() -> None:
    world = World()
    ada = asks(world, ADA)
    then = world.now + timedelta(minutes=1)
    world.now += timedelta(minutes=5)
    bob = asks(world, BOB)
    visit(world, 1, at=then)
    assert (visits(world, ada.id), visits(world, bob.id)) == (["visit:1"], [])


def test_a_form_that_comes_late_takes_the_browser_from_nobody() -> None:
    world = World()
    late = world.post_form("machines-quote", BOB).but(visitor=BROWSER)
    world.now += timedelta(minutes=5)
    ada = asks(world, ADA)
    world.submit(late)
    visit(world, 1)
    assert visits(world, ada.id) == ["visit:1"]
    assert visits(world, late.id) == []


def test_the_same_person_again_in_another_browser_is_known_in_both() -> None:
    world = World()
    ada = asks(world, ADA, visitor=None)
    visit(world, 1)
    again = world.post_form("machines-quote", ADA).but(visitor=BROWSER)
    verdict = world.submit(again)
    assert (verdict.outcome, verdict.lead_id) == ("merged", ada.id)
    assert visits(world, ada.id) == ["visit:1"]


@pytest.mark.parametrize(
    "agent",
    ["", "curl/8.1", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"],
)
def test_robots_count_for_nothing(agent: str) -> None:
    world = World()
    assert isinstance(visit(world, 1, agent=agent), Ignored)
    ada = asks(world, ADA)
    assert isinstance(visit(world, 2, agent=agent), Ignored)
    assert visits(world, ada.id) == []


def test_a_browser_keeps_the_latest_touches_only() -> None:
    world = World()
    for n in range(100, 140):
        visit(world, n)
        world.now += timedelta(seconds=1)
    assert [touch.id for touch in browser(world).touches] == [f"visit:{n}" for n in range(108, 140)]


def test_a_signal_of_nobody_is_ignored() -> None:
    world = World()
    nobodys = Signal(id="x", signal="visit", at=world.now, confirmed=True)
    (outcome,) = world.act(nobodys)
    assert isinstance(outcome, Ignored)


@given(order=st.permutations(range(6)))
def test_whatever_the_order_every_touch_is_one_persons_once(order: list[int]) -> None:
    """Four visits and two people's forms, in any order of arrival."""
    world = World()
    start = world.now
    forms = {1: world.post_form("machines-quote", ADA), 4: world.post_form("machines-quote", BOB)}
    for n in order:
        at = start + timedelta(minutes=n)
        if n in forms:
            made = forms[n].but(visitor=BROWSER, received_at=at)
            (outcome,) = world.act(made)
            assert isinstance(outcome, Verdict)
        else:
            visit(world, n, at=at)
    found = sorted(each for form in forms.values() for each in visits(world, form.id))
    assert found == [f"visit:{n}" for n in (0, 2, 3, 5)]
    assert all(world.person(form.id).contact.email for form in forms.values())
