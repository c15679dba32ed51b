"""Which sequences a lead enters, and which it leaves for them.

A lead is in at most one sequence of a group at a time: a higher priority goes first, then the order
of the playbook. Sequences without a group of their own are one group.
"""

from collections.abc import Sequence as Series
from typing import NamedTuple

from leadloop.nurture.policy import Sequence


class SequenceEntries(NamedTuple):
    """The sequences to enter, and those to leave for them."""

    entered: tuple[Sequence, ...]
    left: tuple[Sequence, ...]


def choose_entries(matching: Series[Sequence], running: Series[Sequence]) -> SequenceEntries:
    """What a lead enters that `matching` take and that goes through `running` already.

    `matching` are in the playbook's order. A running sequence stays unless a higher priority comes.
    """
    entered: list[Sequence] = []
    left: list[Sequence] = []
    for group in dict.fromkeys(sequence.group for sequence in matching):
        best = max(
            (sequence for sequence in matching if sequence.group == group),
            key=lambda sequence: sequence.priority,
        )
        current = [sequence for sequence in running if sequence.group == group]
        if all(best.priority > sequence.priority for sequence in current):
            entered.append(best)
            left += current
    return SequenceEntries(tuple(entered), tuple(left))
