from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from leadloop.model.pool import Pool, RepLoad
from leadloop.routing.availability import Candidate, load_for_day
from leadloop.routing.fair_share import add_assigned_lead, remove_lead, take_turn
from leadloop.routing.policy import Rep

DAY = date(2026, 3, 2)


def rep(name: str, weight: int = 1) -> Rep:
    return Rep(
        id=name, name=name, email=f"{name}@x.example", zone="UTC", hours="all", weight=weight
    )


def turns(book: Pool | None, reps: list[Rep], count: int) -> tuple[list[str], Pool | None]:
    taken = []
    for _ in range(count):
        loads = book.reps if book else {}
        candidates = [Candidate(rep=r, load=load_for_day(loads.get(r.id), DAY)) for r in reps]
        chosen, book = take_turn(book, "pool", candidates)
        taken.append(chosen.rep.id)
    return taken, book


@given(st.integers(1, 7), st.integers(0, 60))
def test_equal_reps_who_are_always_there_differ_by_at_most_one(reps: int, leads: int) -> None:
    people = [rep(f"r{n}") for n in range(reps)]
    taken, _ = turns(None, people, leads)
    counts = [taken.count(person.id) for person in people]
    assert max(counts) - min(counts) <= 1


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 80))
def test_weighted_reps_are_within_one_of_their_share(weights: list[int], leads: int) -> None:
    people = [rep(f"r{n}", weight) for n, weight in enumerate(weights)]
    taken, _ = turns(None, people, leads)
    for person in people:
        share = leads * person.weight / sum(weights)
        assert abs(taken.count(person.id) - share) <= 1 + 1e-9


def test_a_leave_leaves_no_echo() -> None:
    ana, ben = rep("ana"), rep("ben")
    _, book = turns(None, [ana, ben], 10)
    _, book = turns(book, [ben], 40)  # Ana is away
    taken, _ = turns(book, [ana, ben], 10)
    assert abs(taken.count("ana") - taken.count("ben")) <= 1


def test_credits_always_sum_to_nothing() -> None:
    _, book = turns(None, [rep("ana", 3), rep("ben", 2), rep("cy")], 17)
    assert book is not None
    assert sum(load.share for load in book.reps.values()) == 0


def test_a_lead_given_out_of_turn_counts_as_load_and_not_as_share() -> None:
    book = add_assigned_lead(None, "pool", "ana", DAY)
    assert book.reps["ana"] == RepLoad(open=1, taken=1, period=DAY, share=0)


def test_a_freed_lead_is_open_no_more_but_was_taken_today() -> None:
    book = remove_lead(add_assigned_lead(None, "pool", "ana", DAY), "pool", "ana")
    assert (book.reps["ana"].open, book.reps["ana"].taken) == (0, 1)


def test_a_clock_that_is_behind_does_not_bring_the_day_before_back() -> None:
    begun = RepLoad(open=2, taken=5, period=DAY)
    assert load_for_day(begun, date(2026, 3, 1)) == begun


def test_a_new_day_begins_a_new_count() -> None:
    yesterday = RepLoad(open=2, taken=5, period=date(2026, 3, 1))
    assert load_for_day(yesterday, DAY) == RepLoad(open=2, taken=0, period=DAY)
