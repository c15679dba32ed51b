"""A playbook is published while leads are under way: what it no longer has must strand nobody."""

import pytest

from leadloop.model.command import Accept, Convert, Edit, Win
from leadloop.model.decision import Applied
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.lifecycle import Stage
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.model import Playbook
from tests.stories.people import INES, KUBA
from tests.stories.world import World, compile_acme


def without(section: str, *names: str) -> CompiledPlaybook:
    playbook = compile_acme().playbook
    rows = {key: row for key, row in getattr(playbook, section).items() if key not in names}
    changed: Playbook = playbook.but(**{section: rows, "version": f"no {section}"})
    return CompiledPlaybook(changed)


@pytest.mark.parametrize(
    ("section", "name"),
    [("sources", "machines-quote"), ("scores", "machines"), ("sequences", "machines")],
)
def test_a_lead_goes_on_when_the_playbook_has_its_row_no_longer(section: str, name: str) -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.playbook = without(section, name)
    assert isinstance(world.send_signal(kuba, "click"), Applied)
    edit = Edit(contact={"company": "Tartak"})
    assert isinstance(world.run_command(kuba, edit, by="mia", role="marketing"), Applied)
    world.advance(days=20)
    assert world.lead(kuba).stage is Stage.NURTURING


def test_a_rep_who_left_the_playbook_is_told_nothing_and_the_lead_is_taken_back() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    senior = compile_acme().playbook.pools["senior"]
    assignment = world.lead(ines).assignment
    assert assignment is not None
    stayed = tuple(rep for rep in senior.reps if rep.id != assignment.rep)
    pools = compile_acme().playbook.pools | {"senior": senior.but(reps=stayed)}
    world.playbook = CompiledPlaybook(compile_acme().playbook.but(pools=pools, version="one left"))
    world.advance(minutes=31)
    after = world.lead(ines).assignment
    assert after is not None
    assert after.rep in {rep.id for rep in stayed}


def test_a_product_line_nobody_sells_is_read_as_the_sources_own() -> None:
    world = World()
    submission = world.post_form("machines-quote", INES)
    asked = submission.but(interest=submission.interest.but(product_line="spaceships"))
    verdict = world.submit(asked)
    assert verdict.outcome is SubmissionOutcome.LEAD
    assert world.lead(verdict.submission_id).product_line == "machines"


def test_a_deal_under_way_is_won_though_its_source_is_gone() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    world.playbook = without("sources", "machines-quote")
    for action in (Accept(), Convert(), Win(value=1)):
        assert isinstance(world.run_command(ines, action, by="mia", role="manager"), Applied)
    assert world.lead(ines).stage is Stage.CUSTOMER
