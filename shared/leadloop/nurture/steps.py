"""Stepping through a sequence: which step is next, when, and what its time brings.

The rules of this file: a lead in a sequence stands at one step and waits for that step's time;
branches lead forward only, so every lead comes to the end; at most one message goes out per
turn. Waits are counted from planned times, so that a late run does not shift what follows, but
after a message that was sent they are counted from that moment: what the person sees is never
closer together than the playbook says, however late the run. A message that is too late is
skipped, a branch never is.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from leadloop.nurture.policy import END, BranchStep, SendStep, Sequence, Step


class PlannedStep(NamedTuple):
    """Where a lead stands, until `at`; past `not_after` (None: never) the step is skipped."""

    step: Step
    at: datetime
    not_after: datetime | None


class SequenceProgress(NamedTuple):
    """What to send now, if anything; which steps came too late; where it stands then.

    `then` is None at the end of the sequence.
    """

    send: SendStep | None
    skipped: tuple[str, ...]
    then: PlannedStep | None


def next_step(sequence: Sequence, after: str | None, since: datetime) -> PlannedStep | None:
    """The step that follows `after` (None: the first), planned from `since`; None at the end.

    A step that the sequence no longer has is followed by the end.
    """
    return _plan_step(sequence, _step_index(sequence, after) + 1 if after else 0, since)


def advance_sequence(
    sequence: Sequence,
    standing: str,
    at: datetime,
    holds: Callable[[BranchStep], bool],
    now: datetime,
) -> SequenceProgress:
    """What `now` brings a lead that stands at `standing`, whose time was planned for `at`.

    `holds` tells whether a branch's condition holds for the lead. Before `at` nothing happens.
    """
    place = _step_index(sequence, standing)
    planned = _schedule_step(sequence.steps[place], at) if place < len(sequence.steps) else None
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
    """Where the step is; `end` and what is not there are behind the last one."""
    ids = [each.id for each in sequence.steps]
    return ids.index(step) if step != END and step in ids else len(ids)


def _plan_step(sequence: Sequence, place: int, since: datetime) -> PlannedStep | None:
    if place >= len(sequence.steps):
        return None
    step = sequence.steps[place]
    return _schedule_step(step, since + timedelta(hours=step.wait_hours))


def _schedule_step(step: Step, at: datetime) -> PlannedStep:
    if isinstance(step, BranchStep):
        return PlannedStep(step, at, None)
    return PlannedStep(step, at, at + timedelta(hours=step.late_after_hours))
