"""Decisions are made again from what they saw: equal by the same code, and told if by another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from leadloop.decide.lead import assignment, scoring
from leadloop.decide.recompute import Comparison
from leadloop.model.lead import Rating
from leadloop.model.trace import RoutingTurn
from leadloop.routing.choose import Placement, describe_turn
from leadloop.store.decision_history import Recomputer
from tests.stories.people import INES, KUBA
from tests.stories.recomputed import recompute_all
from tests.stories.world import World

ROOT = Path(__file__).parents[2]
FORM = "machines-quote"
# A month of two people, as the digest of all that is in the table then.
MONTH = """
import hashlib
from tests.stories.people import INES, KUBA
from tests.stories.world import World
world = World()
for person in (INES, KUBA, INES):
    world.submit(world.post_form("machines-quote", person))
world.advance(days=30)
items = sorted(repr(sorted(item.items())) for item in world.table.all_items())
print(len(items), hashlib.sha256("".join(items).encode()).hexdigest())
"""


def build_month() -> World:
    world = World()
    for person in (INES, KUBA, INES):
        world.submit(world.post_form(FORM, person))
    world.advance(days=30)
    return world


def test_a_month_comes_out_equal() -> None:
    results = recompute_all(build_month())
    assert len(results) > 10
    assert {each.comparison for each in results} == {Comparison.EQUAL}
    assert not any(each.is_other_code for each in results)


def test_what_another_score_would_have_decided_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_month()
    monkeypatch.setattr(scoring, "rate_score", lambda *_: Rating.HOT)
    different = [each for each in recompute_all(world) if each.comparison == Comparison.DIFFERENT]
    assert different
    assert different[0].version == 1
    assert "was" in different[0].why
    assert "hot" in different[0].why
    monkeypatch.undo()


def test_a_share_that_is_left_out_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.submit(world.post_form(FORM, INES, key="INES"))

    def silent(placement: Placement) -> RoutingTurn:
        turn = describe_turn(placement)
        return turn.but(candidates=tuple(each.but(propensity=0.0) for each in turn.candidates))

    monkeypatch.setattr(assignment, "describe_turn", silent)
    (result,) = recompute_all(world)
    assert result.comparison is Comparison.DIFFERENT
    assert "propensity" in result.why
    monkeypatch.undo()


def test_decisions_of_another_bundle_are_named_as_such() -> None:
    world = World()
    world.submit(world.post_form(FORM, INES, key="INES"))
    (result,) = Recomputer(world.table, world.find_playbook, "another").recompute_each(["INES"])
    assert result.is_other_code
    assert result.comparison is Comparison.EQUAL


def test_without_its_playbook_a_decision_cannot_be_made_again() -> None:
    world = World()
    world.submit(world.post_form(FORM, INES, key="INES"))
    (result,) = Recomputer(world.table, lambda _: None, "").recompute_each(["INES"])
    assert result.comparison is Comparison.NOT_KEPT
    assert world.playbook.version in result.why


def test_the_order_of_hashes_makes_no_difference() -> None:
    paths = os.pathsep.join(str(ROOT / each) for each in ("shared", "functions", "."))
    said = {
        subprocess.run(
            [sys.executable, "-c", MONTH],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1, said
