from hypothesis import given
from hypothesis import strategies as st

from leadloop.edge.queues import _parts


@given(st.lists(st.integers(1, 40), max_size=60))
def test_parts_keep_every_position_in_order_and_within_both_limits(sizes: list[int]) -> None:
    parts = list(_parts(sizes, 10, 100))
    assert [position for part in parts for position in part] == list(range(len(sizes)))
    assert all(0 < len(part) <= 10 for part in parts)
    assert all(sum(sizes[position] for position in part) <= 100 for part in parts)


def test_one_that_is_too_big_by_itself_goes_alone() -> None:
    assert list(_parts([5, 500, 5], 10, 100)) == [[0], [1], [2]]
