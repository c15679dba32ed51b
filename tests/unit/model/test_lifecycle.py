import pytest

from leadloop.model.errors import IllegalMove
from leadloop.model.lifecycle import MOVES, Move, Stage, move, stage_diagram

LIFE = [
    (Stage.NEW, Move.NURTURE, Stage.NURTURING),
    (Stage.NURTURING, Move.QUALIFY, Stage.QUALIFIED),
    (Stage.QUALIFIED, Move.ACCEPT, Stage.ACCEPTED),
    (Stage.ACCEPTED, Move.CONVERT, Stage.CONVERTED),
    (Stage.CONVERTED, Move.LOSE, Stage.RECYCLED),
    (Stage.RECYCLED, Move.REOPEN, Stage.NEW),
    (Stage.NEW, Move.QUALIFY, Stage.QUALIFIED),
    (Stage.CONVERTED, Move.WIN, Stage.CUSTOMER),
]


@pytest.mark.parametrize(("before", "how", "after"), LIFE)
def test_a_life_from_the_first_form_to_the_won_customer(
    before: Stage, how: Move, after: Stage
) -> None:
    assert move(before, how) is after


def test_a_move_that_is_not_in_the_table_is_refused_in_words() -> None:
    with pytest.raises(IllegalMove, match="cannot convert a lead that is new"):
        move(Stage.NEW, Move.CONVERT)


def test_nobody_moves_a_customer() -> None:
    assert not MOVES[Stage.CUSTOMER]


def test_a_lead_taken_back_is_still_qualified() -> None:
    assert move(Stage.QUALIFIED, Move.TAKE_BACK) is Stage.QUALIFIED


def test_every_stage_has_its_row_and_every_move_its_use() -> None:
    assert set(MOVES) == set(Stage)
    assert {how for row in MOVES.values() for how in row} == set(Move)


def test_every_stage_can_be_reached_from_new() -> None:
    reached, frontier = {Stage.NEW}, {Stage.NEW}
    while frontier:
        frontier = {after for stage in frontier for after in MOVES[stage].values()} - reached
        reached |= frontier
    assert reached == set(Stage)


def test_the_diagram_has_an_arrow_for_each_move() -> None:
    assert stage_diagram().count("-->") == 1 + sum(len(row) for row in MOVES.values())
