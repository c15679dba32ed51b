from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from leadloop.nurture.policy import BranchStep, Sequence
from leadloop.nurture.steps import advance_sequence, next_step

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def send(name: str, wait: float, late: float = 48) -> dict[str, Any]:
    return {
        "do": "send",
        "id": name,
        "wait_hours": wait,
        "template": name,
        "late_after_hours": late,
    }


def branch(name: str, wait: float, then: str, otherwise: str) -> dict[str, Any]:
    when = {"field": "signals.click", "at_least": 1}
    return {
        "do": "branch",
        "id": name,
        "wait_hours": wait,
        "when": when,
        "then": then,
        "otherwise": otherwise,
    }


def sequence(*steps: dict[str, Any]) -> Sequence:
    return Sequence.model_validate({"id": "pumps", "product_line": "machines", "steps": steps})


PUMPS = sequence(
    send("hello", 1),
    branch("clicked", 72, "offer", "guide"),
    send("guide", 0),
    send("offer", 24),
)


def never(_: BranchStep) -> bool:
    return False


def always(_: BranchStep) -> bool:
    return True


def test_the_first_step_waits_from_entering() -> None:
    planned = next_step(PUMPS, None, START)
    assert planned is not None
    assert (planned.step.id, planned.at) == ("hello", START + hours(1))
    assert planned.not_after == START + hours(49)


def test_a_step_in_time_is_sent_and_the_next_waits_from_then() -> None:
    now = START + hours(3)
    result = advance_sequence(PUMPS, "hello", START + hours(1), never, now)
    assert result.send is not None
    assert result.send.id == "hello"
    assert result.then is not None
    assert (result.then.step.id, result.then.at) == ("clicked", now + hours(72))


def test_a_branch_is_asked_when_its_time_has_come_and_not_before() -> None:
    early = advance_sequence(PUMPS, "clicked", START, always, START - hours(1))
    assert (early.send, early.then and early.then.step.id) == (None, "clicked")
    clicked = advance_sequence(PUMPS, "clicked", START, always, START)
    assert (clicked.send, clicked.then and clicked.then.step.id) == (None, "offer")
    assert clicked.then is not None
    assert clicked.then.at == START + hours(24)
    silent = advance_sequence(PUMPS, "clicked", START, never, START)
    assert silent.send is not None
    assert silent.send.id == "guide"


def test_a_step_too_late_is_skipped_and_the_next_is_planned_from_the_planned_time() -> None:
    steps = sequence(send("one", 0), send("two", 100), send("three", 100))
    result = advance_sequence(steps, "one", START, never, START + hours(49))
    assert (result.send, result.skipped) == (None, ("one",))
    assert result.then is not None
    assert (result.then.step.id, result.then.at) == ("two", START + hours(100))


def test_after_a_long_stop_one_message_goes_out_and_not_a_burst() -> None:
    steps = sequence(send("one", 0), send("two", 24), send("three", 24))
    now = START + hours(50)
    result = advance_sequence(steps, "one", START, never, now)
    assert result.skipped == ("one",)
    assert result.send is not None
    assert result.send.id == "two"
    assert result.then is not None
    assert (result.then.step.id, result.then.at) == ("three", now + hours(24))


def test_the_moment_of_not_after_itself_is_still_in_time() -> None:
    steps = sequence(send("one", 0, late=48))
    assert advance_sequence(steps, "one", START, never, START + hours(48)).send is not None
    late = advance_sequence(
        steps, "one", START, never, START + hours(48) + timedelta(microseconds=1)
    )
    assert late == (None, ("one",), None)


def test_a_branch_to_end_leaves_the_sequence() -> None:
    steps = sequence(branch("ask", 1, "end", "more"), send("more", 1))
    assert advance_sequence(steps, "ask", START, always, START) == (None, (), None)


def test_a_step_the_playbook_no_longer_has_ends_the_sequence() -> None:
    assert advance_sequence(PUMPS, "gone", START, always, START) == (None, (), None)
    assert next_step(PUMPS, "gone", START) is None


@pytest.mark.parametrize("target", ["ask", "before", "nowhere"])
def test_a_branch_that_does_not_go_forward_is_refused(target: str) -> None:
    with pytest.raises(ValidationError, match=rf"ask: .*; {target} is neither"):
        sequence(send("before", 0), branch("ask", 0, target, "end"))


def test_two_steps_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="an id of its own"):
        sequence(send("same", 0), send("same", 1))


@st.composite
def sequences(draw: st.DrawFn) -> Sequence:
    size = draw(st.integers(1, 8))
    waits = st.floats(0, 200)
    steps = []
    for place in range(size):
        later = st.sampled_from([*(f"s{each}" for each in range(place + 1, size)), "end"])
        if draw(st.booleans()):
            steps.append(branch(f"s{place}", draw(waits), draw(later), draw(later)))
        else:
            steps.append(send(f"s{place}", draw(waits), draw(st.floats(0.1, 100))))
    return sequence(*steps)


@given(sequences(), st.lists(st.floats(0, 500), max_size=20), st.integers())
def test_every_lead_of_any_sequence_ends_and_no_message_is_early_doubled_or_too_near(
    steps: Sequence, delays: list[float], answers: int
) -> None:
    waits = {step.id: hours(step.wait_hours) for step in steps.steps}
    stand, sent, last = next_step(steps, None, START), [], None
    for turns in range(len(steps.steps) + 1):
        if stand is None:
            break
        now = stand.at + hours(delays[turns] if turns < len(delays) else 0)
        result = advance_sequence(
            steps, stand.step.id, stand.at, lambda b: bool(answers >> int(b.id[1:]) & 1), now
        )
        if result.send is not None:
            assert now >= stand.at
            if last is not None:
                assert now - last >= waits[result.send.id]
            sent.append(result.send.id)
            last = now
        stand = result.then
    assert stand is None
    assert len(sent) == len(set(sent))
