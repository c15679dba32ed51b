"""The stages of a lead as one table of moves, and the one function that moves.

A stage changes only by `move`. A move that is not in the table is an error and changes nothing. The
names that people see are playbook data; this table is not. `take back` leaves the stage as it is:
the next owner gets a qualified lead.
"""

from enum import StrEnum

from leadloop.model.errors import IllegalMove


class Stage(StrEnum):
    """Where a lead stands.

    `qualified` is a marketing qualified lead (MQL), `accepted` a sales accepted lead (SAL).
    """

    NEW = "new"
    NURTURING = "nurturing"
    QUALIFIED = "qualified"
    ACCEPTED = "accepted"
    CONVERTED = "converted"
    CUSTOMER = "customer"
    RECYCLED = "recycled"
    DISQUALIFIED = "disqualified"


class Move(StrEnum):
    """What can happen to a lead's stage."""

    NURTURE = "nurture"
    QUALIFY = "qualify"
    ACCEPT = "accept"
    TAKE_BACK = "take back"
    REJECT = "reject"
    REJECT_FOR_GOOD = "reject for good"
    CONVERT = "convert"
    WIN = "win"
    LOSE = "lose"
    REOPEN = "reopen"
    CLOSE = "close"
    DISQUALIFY = "disqualify"


S, M = Stage, Move
MOVES: dict[Stage, dict[Move, Stage]] = {
    S.NEW: {M.NURTURE: S.NURTURING, M.QUALIFY: S.QUALIFIED, M.DISQUALIFY: S.DISQUALIFIED},
    S.NURTURING: {M.QUALIFY: S.QUALIFIED, M.DISQUALIFY: S.DISQUALIFIED},
    S.QUALIFIED: {
        M.ACCEPT: S.ACCEPTED,
        M.TAKE_BACK: S.QUALIFIED,
        M.REJECT: S.NURTURING,
        M.REJECT_FOR_GOOD: S.DISQUALIFIED,
        M.DISQUALIFY: S.DISQUALIFIED,
    },
    S.ACCEPTED: {
        M.CONVERT: S.CONVERTED,
        M.REJECT: S.NURTURING,
        M.REJECT_FOR_GOOD: S.DISQUALIFIED,
        M.DISQUALIFY: S.DISQUALIFIED,
    },
    S.CONVERTED: {M.WIN: S.CUSTOMER, M.LOSE: S.RECYCLED},
    S.CUSTOMER: {},
    S.RECYCLED: {M.REOPEN: S.NEW, M.CLOSE: S.DISQUALIFIED},
    S.DISQUALIFIED: {M.REOPEN: S.NEW},
}
del S, M


def move(stage: Stage, how: Move) -> Stage:
    """The stage after the move `how`.

    Raises:
        IllegalMove: the table has no such move; nothing is changed.

    """
    after = MOVES[stage].get(how)
    if after is None:
        raise IllegalMove(how=how, stage=stage)
    return after


def stage_diagram() -> str:
    """The table as a Mermaid state diagram; a test keeps the one in README equal to it."""
    lines = ["stateDiagram-v2", "    [*] --> new"]
    lines += [
        f"    {stage} --> {after}: {how}"
        for stage, row in MOVES.items()
        for how, after in row.items()
    ]
    return "\n".join(lines)
