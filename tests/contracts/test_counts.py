"""Counts: read as facts, added up without waiting for each other, and never above their cap."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Lock

import pytest
from hypothesis import HealthCheck, given, settings

from leadloop.model.claim import Claim, ClaimRef
from leadloop.model.count import Count, CountRef, CountValue
from leadloop.model.facts import Change, Facts
from leadloop.store.commit import commit
from leadloop.store.read import read
from leadloop.store.table import Table
from tests.contracts.samples import NOW, count_batches

HOUR = CountRef("form demo", "2026-03-02T09")


def add(by: int, at_most: int, ref: CountRef = HOUR) -> Count:
    return Count(ref, by, at_most, NOW)


def value(table: Table, ref: CountRef = HOUR) -> int | None:
    stored = Facts(read(table, [ref])).get(ref)
    return None if stored is None else stored.value


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(counts=count_batches())
def test_what_is_read_after_a_commit_is_what_the_facts_said_it_would_be(
    table: Table, counts: tuple[Count, ...]
) -> None:
    found = read(table, {count.ref for count in counts})
    assert commit(table, (), counts) == frozenset()
    expected = Facts(found).apply((), counts).known
    assert read(table, expected) == expected


def test_a_count_beyond_its_cap_is_refused_and_nothing_beside_it_is_written(table: Table) -> None:
    claim = ClaimRef("email", "ines@vogelpumpen.de")
    changes = [Change(claim, None, Claim(lead_id="x"))]
    assert commit(table, (), [add(9, 10)]) == frozenset()
    assert commit(table, changes, [add(2, 10)]) == {HOUR}
    assert (value(table), read(table, [claim])[claim]) == (9, None)
    assert commit(table, changes, [add(1, 10)]) == frozenset()
    assert value(table) == 10


def test_the_first_who_adds_more_than_the_cap_is_refused_as_well(table: Table) -> None:
    assert commit(table, (), [add(12, 10)]) == {HOUR}
    assert commit(table, (), [add(6, 10), add(6, 10)]) == {HOUR}
    assert value(table) is None


def test_of_a_batch_the_smallest_cap_holds(table: Table) -> None:
    assert commit(table, (), [add(1, 3), add(1, 1)]) == {HOUR}
    assert commit(table, (), [add(1, 3), add(1, 2)]) == frozenset()


def test_what_is_given_back_may_be_taken_again(table: Table) -> None:
    commit(table, (), [add(10, 10)])
    assert commit(table, (), [add(1, 10)]) == {HOUR}
    assert commit(table, (), [add(-1, 10)]) == frozenset()
    assert commit(table, (), [add(1, 10)]) == frozenset()
    assert value(table) == 10


def test_each_period_counts_from_nothing(table: Table) -> None:
    commit(table, (), [add(10, 10)])
    later = CountRef("form demo", "2026-03-02T10")
    assert commit(table, (), [add(1, 10, later)]) == frozenset()
    assert read(table, [later])[later] == CountValue(value=1, until=NOW.replace(microsecond=0))


def test_of_sixty_four_at_once_just_as_many_pass_as_the_cap_allows(
    table: Table, request: pytest.FixtureRequest
) -> None:
    in_moto = "moto" in request.node.name  # moto's tables are no threads' affair: it says so itself
    guard: AbstractContextManager[object] = Lock() if in_moto else nullcontext()

    def add_one(_: int) -> bool:
        while True:
            with guard:
                room = (value(table) or 0) < 10
                written = room and not commit(table, (), [add(1, 10)])
            if written or not room:
                return written

    with ThreadPoolExecutor(64) as pool:
        written = list(pool.map(add_one, range(64)))
    assert (sum(written), value(table)) == (10, 10)
