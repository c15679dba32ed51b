"""Checks: what a decision leans on must not have changed when it is written; all tables hold it."""

import pytest

from leadloop.model.claim import Claim, ClaimRef
from leadloop.model.consent import Suppression, SuppressionRef
from leadloop.model.facts import Change, Check
from leadloop.model.pool import Pool, PoolRef, RepLoad
from leadloop.store.commit import commit
from leadloop.store.read import read
from leadloop.store.table import ConditionCheck, Put, Table
from tests.contracts.samples import NOW

STOP = SuppressionRef("ines@vogelpumpen.de", "all")
CLAIM = ClaimRef("email", "ines@vogelpumpen.de")
POOL = PoolRef("dach")
CLAIMING = Change(CLAIM, None, Claim(lead_id="x"))


def put_stop(table: Table) -> None:
    assert commit(table, [Change(STOP, None, Suppression(why="one click", at=NOW))]) == frozenset()


def test_a_check_that_holds_writes_the_rest_and_nothing_of_itself(table: Table) -> None:
    assert commit(table, [CLAIMING], (), [Check(STOP, None)]) == frozenset()
    assert read(table, [CLAIM, STOP]) == {CLAIM: CLAIMING.after, STOP: None}


def test_what_has_come_meanwhile_is_named_and_nothing_is_written(table: Table) -> None:
    put_stop(table)
    assert commit(table, [CLAIMING], (), [Check(STOP, None)]) == {STOP}
    assert read(table, [CLAIM])[CLAIM] is None
    assert commit(table, [CLAIMING], (), [Check(STOP, 1)]) == frozenset()


@pytest.mark.parametrize("version", [None, 1, 3])
def test_another_version_than_the_checked_one_is_refused(table: Table, version: int | None) -> None:
    put_stop(table)
    lifted = Suppression(why="one click", at=NOW, lifted_at=NOW, version=2)
    assert commit(table, [Change(STOP, 1, lifted)]) == frozenset()
    assert commit(table, [CLAIMING], (), [Check(STOP, version)]) == {STOP}


def test_what_a_batch_changes_itself_is_not_checked_besides(table: Table) -> None:
    first, second = Pool(id="dach", version=1), Pool(id="dach", version=2, reps={"a": RepLoad()})
    changes = [Change(POOL, None, first), CLAIMING, Change(POOL, 1, second)]
    assert commit(table, changes, (), [Check(POOL, 1)]) == frozenset()
    assert read(table, [POOL])[POOL] == second


def test_checks_alone_are_no_call(table: Table) -> None:
    assert commit(table, (), (), [Check(STOP, 7)]) == frozenset()


def test_the_table_itself_can_be_asked_for_one_check(table: Table) -> None:
    key = table.keys.of(STOP)
    assert table.write_all([ConditionCheck(key, None)]) == ()
    put_stop(table)
    assert table.write_all([ConditionCheck(key, None)]) == (key,)
    with pytest.raises(ValueError, match="one key"):
        table.write_all([ConditionCheck(key, 1), Put({**key._asdict(), "version": 2}, 1)])
