"""What a decision saw is beside what it changed, by value, without what names the person."""

import json
from datetime import timedelta

from leadloop.decide.lead.trace_facts import read_trigger
from leadloop.decide.recompute import Comparison, find_difference
from leadloop.model.command import Accept
from leadloop.model.event import TimelineEntry
from leadloop.model.submission import CaptchaToken
from leadloop.model.trace import DecisionTrace
from leadloop.store.items import to_entity
from tests.stories.people import INES, KUBA
from tests.stories.recomputed import recompute_all
from tests.stories.world import World

FORM = "machines-quote"


def traces(world: World, lead_id: str) -> list[DecisionTrace]:
    """What the decisions on a lead saw, in the order of versions."""
    items = [item for item in world.table.all_items() if item["pk"] == f"S#{lead_id}"]
    entries = [each for item in items if isinstance(each := to_entity(item), TimelineEntry)]
    found = [entry.trace for entry in entries if entry.trace is not None]
    return sorted(found, key=lambda trace: trace.versions[""])


def test_a_founding_decision_leaves_trigger_view_turn_answers_and_basis() -> None:
    world = World()
    world.submit(world.post_form(FORM, INES, key="FIRST"))
    world.submit(world.post_form(FORM, {**INES, "email": "o@other.de", "phone": "+493090182100"}))
    submission = world.post_form(FORM, INES, key="FIRST")
    (trace,) = traces(world, "FIRST")
    assert trace.versions == {"": 1}
    assert read_trigger(trace) == submission.but(raw=read_trigger(trace).raw)  # type: ignore[union-attr]
    assert trace.basis.playbook == world.playbook.version
    assert trace.basis.now == world.now
    assert len(trace.basis.bundle) == 16
    assert trace.basis.shape > 0
    assert trace.view["stage"] == "qualified"
    assert trace.view["score.total"] == world.lead("FIRST").score.total
    assert set(trace.clauses) <= {"0", "1"}
    (turn,) = trace.turns
    assert turn.rep == world.lead("FIRST").assignment.rep  # type: ignore[union-attr]


def test_of_a_free_text_and_an_identifier_only_results_of_clauses_are_kept() -> None:
    world = World()
    world.submit(world.post_form(FORM, INES, key="INES"))
    (trace,) = traces(world, "INES")
    kept = json.dumps([trace.view, trace.clauses, [each.model_dump() for each in trace.turns]])
    for name in ("email", "phone", "name", "company", "message"):
        assert str(INES.get(name, "nothing of that")) not in kept
    book, lead = world.playbook, world.lead("INES")
    assert len(trace.clauses) == len(book.closed_clauses(lead.product_line)) > 5


def test_each_candidate_has_weight_load_and_its_share_of_the_turns() -> None:
    world = World()
    for n in range(4):
        person = {**INES, "email": f"ines{n}@firm{n}.example", "phone": f"+49309018{21000 + n}"}
        world.submit(world.post_form("homecare-callback", person, key=f"P{n}"))
    turns = [turn for n in range(4) for trace in traces(world, f"P{n}") for turn in trace.turns]
    shared = [turn for turn in turns if len(turn.candidates) > 1]
    assert shared
    for turn in shared:
        weights = sum(each.weight for each in turn.candidates)
        for each in turn.candidates:
            assert each.propensity == round(each.weight / weights, 6)
    assert shared[-1].candidates != shared[0].candidates  # the load of the moment


def test_a_later_change_keeps_it_in_the_entry_of_the_timeline() -> None:
    world = World()
    world.submit(world.post_form(FORM, INES, key="INES"))
    rep = world.lead("INES").assignment.rep  # type: ignore[union-attr]
    world.run_command("INES", Accept(), by=str(rep))
    _, accepted = traces(world, "INES")
    assert (accepted.versions, accepted.trigger["kind"]) == ({"": 2}, "command")
    sort_keys = [str(i["sk"]) for i in world.table.all_items() if i["pk"] == "S#INES"]
    assert sum(key.startswith("T#") for key in sort_keys) == 1  # the founding one


def test_a_letter_that_counts_against_its_person_leaves_one_without_an_event() -> None:
    world = World()
    world.submit(world.post_form(FORM, KUBA, key="KUBA"))
    world.advance(days=5)
    reports = [each for each in traces(world, "KUBA") if each.trigger["kind"] == "report"]
    assert {each.trigger["met"] for each in reports} == {"sending"}
    (first, *_) = reports
    assert "DeliveryRef" in {answer.of for answer in first.answers}


def test_what_founds_no_lead_has_it_in_its_own_record() -> None:
    world = World()
    nobody = world.post_form(FORM, {"message": "call me"}, key="NOBODY")
    world.submit(nobody)
    record = world.record("NOBODY")
    assert record.lead is None
    assert record.trace is not None
    assert record.trace.trigger["interest"] == {"message": "call me"}


def test_of_a_captcha_no_more_is_kept_than_tells_which_it_was() -> None:
    world = World()
    token = "secret-token-of-one-look"
    asked = CaptchaToken(provider="turnstile", token=token)
    world.submit(world.post_form(FORM, INES, key="C").but(captcha=asked))
    (trace,) = traces(world, "C")
    assert token not in trace.model_dump_json()
    assert {answer.of for answer in trace.answers} >= {"CheckRef"}
    assert {each.comparison for each in recompute_all(world)} == {Comparison.EQUAL}


def test_a_record_that_was_changed_past_the_decisions_is_told_as_such() -> None:
    world = World()
    world.submit(world.post_form(FORM, KUBA, key="KUBA"))
    world.remember_sends("KUBA", [world.now - timedelta(hours=1)])
    results = recompute_all(world)
    assert [each.comparison for each in results] == [Comparison.EQUAL, Comparison.NOT_KEPT]
    assert "without a trace after version 1" in results[1].why


def test_the_first_difference_is_named_with_both_values() -> None:
    kept, made = {"a": [1, {"b": "x"}], "c": None}, {"a": [1, {"b": "y"}]}
    assert find_difference(kept, made, "record") == 'record.a[1].b: was "x", is "y" now'
    assert find_difference(kept, dict(kept), "record") is None
    assert find_difference(True, 1, "flag") == "flag: was true, is 1 now"
