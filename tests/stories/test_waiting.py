"""Leads that nobody can take now: they wait in a queue, and their timeline is not filled."""

from datetime import date

from leadloop.model.command import Accept, Convert, Lose, Win
from leadloop.model.decision import Refused
from leadloop.model.lifecycle import Stage
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.calendar import Leave
from tests.stories.people import INES
from tests.stories.world import World, compile_acme

AWAY = (Leave(first=date(2026, 1, 1), last=date(2099, 12, 31)),)


def away(*pools: str) -> CompiledPlaybook:
    """The playbook with everybody of `pools` on leave."""
    known = compile_acme().playbook.pools
    changed = {
        name: known[name].but(reps=tuple(rep.but(leave=AWAY) for rep in known[name].reps))
        for name in pools
    }
    return CompiledPlaybook(compile_acme().playbook.but(pools=known | changed, version="away"))


def won(world: World) -> str:
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    for action in (Accept(), Convert(), Win(value=1)):
        world.run_command(ines, action, by="mia", role="manager")
    assert world.lead(ines).stage is Stage.CUSTOMER
    return ines


def test_what_was_escalated_waits_for_the_duty_team_and_goes_back_to_nobody_else() -> None:
    world = World(playbook=away("overflow"))
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    world.advance(hours=12)
    lead = world.lead(ines)
    assert lead.assignment is not None
    assert (lead.assignment.pool, lead.assignment.rep) == ("overflow", None)
    assert lead.assignment.takebacks == 2
    assert world.event_names(ines).count("LeadTakenBack") == 2
    world.playbook = compile_acme()
    world.advance(minutes=31)
    assignment = world.lead(ines).assignment
    assert assignment is not None
    assert assignment.pool == "overflow"
    assert assignment.rep in {"ruth", "viktor"}
    world.advance(days=1)
    assert world.lead(ines).assignment == assignment


def test_a_lead_that_goes_on_waiting_has_no_more_on_its_timeline() -> None:
    world = World(playbook=away(*compile_acme().playbook.pools))
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    at_first = world.event_names(ines)
    world.advance(days=1)
    assert world.event_names(ines) == at_first
    world.playbook = compile_acme()
    world.advance(minutes=31)
    assert world.event_names(ines)[len(at_first) :] == ["OwnerChanged"]


def test_a_customers_next_question_has_all_its_take_backs_before_it() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    world.advance(hours=2)  # escalated
    for action in (Accept(), Convert(), Win(value=1)):
        world.run_command(ines, action, by="mia", role="manager")
    world.submit(world.post_form("machines-quote", INES))
    assignment = world.lead(ines).assignment
    assert assignment is not None
    assert (assignment.pool, assignment.takebacks) == ("success", 0)


def test_what_is_closed_cannot_be_accepted_out_of_the_queue() -> None:
    world = World(playbook=away("success", "overflow"))
    ines = won(world)
    world.submit(world.post_form("machines-quote", INES))
    assignment = world.lead(ines).assignment
    assert assignment is not None
    assert assignment.rep is None
    world.run_command(ines, Lose(reason="price"), by="mia", role="manager")
    assert isinstance(world.run_command(ines, Accept(), by="ruth"), Refused)
    assert world.open_leads() == 0
