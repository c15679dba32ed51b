"""Counts: read as facts, added up without waiting for each other, and never above their cap."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from leadloop.model.claim import Claim, ClaimRef
from leadloop.model.count import Count, CountRef, CountValue
from leadloop.model.facts import Change, Facts
from leadloop.store import dynamodb
from leadloop.store.commit import commit
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.read import read
from leadloop.store.table import Add, Table
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


def add_in_parallel(table: Table, guard: AbstractContextManager[object]) -> tuple[int, int | None]:
    """How many of 64 who add 1 at once to a cap of 10 were told it is written, and the count."""

    def add_one(_: int) -> bool:
        while True:
            with guard:
                room = (value(table) or 0) < 10
                written = room and not commit(table, (), [add(1, 10)])
            if written or not room:
                return written

    with ThreadPoolExecutor(64) as pool:
        return sum(pool.map(add_one, range(64))), value(table)


def test_of_sixty_four_at_once_just_as_many_pass_as_the_cap_allows(
    table: Table, request: pytest.FixtureRequest
) -> None:
    in_moto = "moto" in request.node.name  # its tables are not made for threads
    assert add_in_parallel(table, Lock() if in_moto else nullcontext()) == (10, 10)


@pytest.mark.parametrize("table", ["moto"], indirect=True)
def test_a_count_without_its_condition_is_seen(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above can fail: here the request has lost what guards it."""
    assert isinstance(table, DynamoTable)
    guarded = DynamoTable._add_request

    def unguarded(self: DynamoTable, addition: Add) -> Any:
        request = guarded(self, addition)
        del request["ConditionExpression"], request["ExpressionAttributeValues"][":room"]
        return request

    monkeypatch.setattr(DynamoTable, "_add_request", unguarded)
    commit(table, (), [add(9, 10)])
    assert commit(table, (), [add(2, 10)]) == frozenset()
    assert value(table) == 11


@pytest.mark.parametrize("table", ["moto"], indirect=True)
def test_a_first_count_above_its_cap_is_seen(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB's own condition lets the first one through, whatever it adds."""
    monkeypatch.setattr(dynamodb, "_is_possible", lambda _: True)
    assert commit(table, (), [add(12, 10)]) == frozenset()
    assert value(table) == 12
