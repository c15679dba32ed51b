"""A playbook is published while leads are under way: what it no longer has must strand nobody."""

import pytest

from leadloop.decide.lead.context import DecisionContext
from leadloop.model.command import Accept, Convert, Edit, Win
from leadloop.model.decision import Applied
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.lifecycle import Stage
from leadloop.nurture.policy import Sequence
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.model import Playbook
from leadloop.policy.conditions import parse_condition
from tests.stories.people import INES, KUBA, Person
from tests.stories.world import World, compile_acme

MACHINES = compile_acme().playbook.sequences["machines"]
IN_NURTURE = parse_condition({"field": "stage", "is": "nurturing"})
ANNA: Person = {**KUBA, "name": "Anna Nowak", "email": "anna@tartak-nowak.pl"}


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


def with_sequences(**sequences: Sequence) -> CompiledPlaybook:
    playbook = compile_acme().playbook
    changed = {**playbook.sequences, **sequences}
    return CompiledPlaybook(playbook.but(sequences=changed, version="changed"))


def test_a_lead_under_way_takes_the_steps_by_which_it_entered() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.advance(hours=1)
    entered_by = world.playbook.version
    world.playbook = with_sequences(machines=MACHINES.but(steps=MACHINES.steps[:1]))
    world.advance(days=20)
    assert world.mailed_steps(kuba) == ["welcome", "guide", "story"]
    assert {send.delivery.playbook for send in world.said} == {entered_by}
    anna = world.submit(world.post_form("machines-quote", ANNA)).submission_id
    world.advance(days=20)
    assert world.mailed_steps(anna) == ["welcome"]


@pytest.mark.seeded_bug
def test_a_pinned_version_that_is_ignored_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug put in: each step is that of the live playbook."""
    monkeypatch.setattr(DecisionContext, "find_playbook", lambda context, _: context.book)
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.advance(hours=1)
    world.playbook = with_sequences(machines=MACHINES.but(steps=MACHINES.steps[:1]))
    world.advance(days=20)
    assert world.mailed_steps(kuba) == ["welcome"]


def test_a_version_that_nobody_can_read_any_more_moves_to_the_live_one() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.playbook = with_sequences()
    world.forget_playbook(compile_acme().version)
    world.advance(days=20)
    assert world.mailed_steps(kuba) == ["welcome", "guide", "story"]
    moved = [event for event in world.events(kuba) if event.name == "SequenceMoved"]
    assert [event.data["version"] for event in moved] == ["changed"]


def test_an_exit_of_the_live_playbook_ends_a_sequence_that_began_without_it() -> None:
    world = World()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.playbook = with_sequences(machines=MACHINES.but(exits=(IN_NURTURE,)))
    world.advance(days=20)
    assert world.mailed_steps(kuba) == []
    assert world.lead(kuba).enrolments == ()


def test_sequences_of_two_groups_run_side_by_side_each_by_its_own_timer() -> None:
    news = MACHINES.but(id="news", group="news", steps=MACHINES.steps[-1:])
    world = World(playbook=with_sequences(news=news))
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    assert {each.sequence for each in world.lead(kuba).enrolments} == {"machines", "news"}
    world.advance(days=20)
    assert sorted(filter(None, world.mailed_steps(kuba))) == ["guide", "story", "story", "welcome"]
    assert world.event_names(kuba).count("SequenceFinished") == 2


def test_two_steps_of_one_moment_are_one_turn() -> None:
    news = MACHINES.but(id="news", group="news")
    world = World(playbook=with_sequences(news=news))
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    before = world.record(kuba).version
    (due,) = {timer.at for timer in world.lead(kuba).timers}
    world.now = due
    world.tick()
    assert world.event_names(kuba).count("StepTaken") == 2
    turns = world.record(kuba).version - before
    assert turns - len(world.mailed_steps(kuba)) == 1  # each mail that left counts as a change


def test_of_one_group_the_sequence_of_the_higher_priority_is_entered() -> None:
    urgent = MACHINES.but(id="urgent", priority=1, steps=MACHINES.steps[:1])
    world = World(playbook=with_sequences(urgent=urgent))
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    assert [each.sequence for each in world.lead(kuba).enrolments] == ["urgent"]
