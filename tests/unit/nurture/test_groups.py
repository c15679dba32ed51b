"""Which sequences a lead enters, and which it leaves for them."""

from leadloop.nurture.groups import choose_entries
from leadloop.nurture.policy import SendStep, Sequence


def build_sequence(name: str, group: str = "", priority: int = 0) -> Sequence:
    step = SendStep(do="send", id="hello", wait_hours=1, template="hello")
    return Sequence(id=name, product_line="p", group=group, priority=priority, steps=(step,))


FIRST, SECOND = build_sequence("first"), build_sequence("second")
URGENT, NEWS = build_sequence("urgent", priority=5), build_sequence("news", group="news")


def test_the_first_in_order_goes_first_among_equals() -> None:
    assert choose_entries([FIRST, SECOND], []) == ((FIRST,), ())


def test_a_running_sequence_stays_where_nothing_goes_first() -> None:
    assert choose_entries([FIRST, SECOND], [SECOND]) == ((), ())
    assert choose_entries([URGENT], [URGENT]) == ((), ())


def test_a_higher_priority_replaces_what_runs_in_its_group_only() -> None:
    assert choose_entries([FIRST, URGENT], [FIRST, NEWS]) == ((URGENT,), (FIRST,))


def test_each_group_has_its_own() -> None:
    assert choose_entries([FIRST, NEWS], []) == ((FIRST, NEWS), ())
