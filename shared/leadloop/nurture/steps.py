"""The way of a lead through a sequence: the next step, its time, and what happens then.

- A lead is at one step and waits for that step's time.
- Branches lead forward only, so every lead reaches the end.
- At most one message is sent per turn.
- Waits count from planned times, so a late run does not shift later steps. After a message they
  count from the moment of sending, so two messages are never closer than the playbook says.
- A message that is too late is skipped; a branch never is.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from leadloop.nurture.policy import END, BranchStep, SendStep, Sequence, Step


class PlannedStep(NamedTuple):
    """The step at which a lead waits until `at`. After `not_after` it is skipped; None: never."""

    step: Step
    at: datetime
    not_after: datetime | None


class SequenceProgress(NamedTuple):
    """The message to send now, the ids of the steps that were too late, and the next step.

    `send` None: nothing is sent now. `then` None: the sequence is at its end.
    """

    send: SendStep | None
    skipped: tuple[str, ...]
    then: PlannedStep | None


def next_step(sequence: Sequence, after: str | None, since: datetime) -> PlannedStep | None:
    """The step after the step `after`, planned from `since`; None: that is the end.

    `after` None asks for the first step. A step that was removed is followed by the end.
    """
    return _plan_step(sequence, _step_index(sequence, after) + 1 if after else 0, since)


def advance_sequence(
    sequence: Sequence,
    step_id: str,
    at: datetime,
    holds: Callable[[BranchStep], bool],
    now: datetime,
) -> SequenceProgress:
    """What happens now to a lead that waits at the step `step_id` until `at`.

    `holds` tells whether a branch's condition holds for the lead. Before `at` nothing happens.
    """
    index = _step_index(sequence, step_id)
    planned = _schedule_step(sequence.steps[index], at) if index < len(sequence.steps) else None
    skipped: list[str] = []
    while planned is not None and planned.at <= now:
        step = planned.step
        if isinstance(step, BranchStep):
            target = step.then if holds(step) else step.otherwise
            planned = _plan_step(sequence, _step_index(sequence, target), planned.at)
        elif planned.not_after is not None and now > planned.not_after:
            skipped.append(step.id)
            planned = next_step(sequence, step.id, planned.at)
        else:
            return SequenceProgress(step, tuple(skipped), next_step(sequence, step.id, now))
    return SequenceProgress(None, tuple(skipped), planned)


def _step_index(sequence: Sequence, step: str) -> int:
    """The index of a step; for `end` and unknown steps, the index after the last one."""
    ids = [each.id for each in sequence.steps]
    return ids.index(step) if step != END and step in ids else len(ids)


def _plan_step(sequence: Sequence, index: int, since: datetime) -> PlannedStep | None:
    if index >= len(sequence.steps):
        return None
    step = sequence.steps[index]
    return _schedule_step(step, since + timedelta(hours=step.wait_hours))


def _schedule_step(step: Step, at: datetime) -> PlannedStep:
    if isinstance(step, BranchStep):
        return PlannedStep(step, at, None)
    return PlannedStep(step, at, at + timedelta(hours=step.late_after_hours))
