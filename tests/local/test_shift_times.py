from datetime import timedelta

from infra.local.shift_times import move_earlier
from leadloop.model.delivery import DeliveryRef, DeliveryState
from leadloop.model.due import Due
from leadloop.model.facts import Change, Facts
from leadloop.model.lead import RecordRef, TimerKind
from leadloop.store import keys, queries
from leadloop.store.commit import commit
from leadloop.store.memory_table import MemoryTable
from leadloop.store.read import read
from tests.contracts.samples import LEAD_ID, NOW, build_delivery, build_full_lead
from tests.contracts.test_further_leads import FURTHER_ID, REF, build_further

BY = timedelta(hours=2)


def _due(table: MemoryTable) -> list[Due]:
    pages = (queries.due(table, shard, NOW, 9) for shard in range(keys.DUE_SHARDS))
    return [due for page in pages for due in page.rows]


def test_a_lead_moved_back_by_its_wait_is_due_and_not_yet_late() -> None:
    table, ref = MemoryTable(), RecordRef(LEAD_ID)
    record = build_full_lead()
    assert record.person is not None
    commit(table, [Change(ref, None, record.but(person=record.person.but(sends=(NOW,))))])
    assert _due(table) == []
    at = NOW + BY
    assert move_earlier(table, Due(timer=TimerKind.BREACH, lead_id=LEAD_ID, at=at), BY)
    assert _due(table) == [Due(timer=TimerKind.BREACH, lead_id=LEAD_ID, at=NOW)]
    moved = Facts(read(table, [ref])).get(ref)
    assert moved is not None
    assert moved.person is not None
    assert moved.lead is not None
    (timer,) = moved.lead.timers
    assert timer.not_after == NOW + timedelta(days=3) - BY
    assert moved.person.sends == (NOW - BY,)
    assert moved.version == 2


def test_a_further_lead_moved_back_is_due_and_its_person_was_written_to_earlier() -> None:
    table, record = MemoryTable(), build_full_lead()
    assert record.person is not None
    person = record.person.but(sends=(NOW,))
    changes = [Change(RecordRef(LEAD_ID), None, record.but(person=person))]
    assert not commit(table, [*changes, Change(REF, None, build_further())])
    at = NOW + BY
    assert move_earlier(table, Due(timer=TimerKind.BREACH, lead_id=FURTHER_ID, at=at), BY)
    assert _due(table) == [Due(timer=TimerKind.BREACH, lead_id=FURTHER_ID, at=NOW)]
    after = Facts(read(table, [RecordRef(LEAD_ID)])).get(RecordRef(LEAD_ID))
    assert after is not None
    assert after.person is not None
    assert after.person.sends == (NOW - BY,)
    assert after.lead == record.lead


def test_a_delivery_moved_back_is_due_at_once() -> None:
    table, ref = MemoryTable(), DeliveryRef(LEAD_ID, "T#0")
    at = NOW + BY
    waiting = build_delivery(LEAD_ID).but(state=DeliveryState.WAITING, retry_at=at, not_after=None)
    commit(table, [Change(ref, None, waiting)])
    due = Due(timer=TimerKind.RETRY, lead_id=LEAD_ID, at=at, delivery_id="T#0")
    assert move_earlier(table, due, BY)
    assert _due(table) == [due.but(at=NOW)]


def test_what_is_gone_is_not_moved() -> None:
    gone = Due(timer=TimerKind.STEP, lead_id="nobody", at=NOW)
    assert not move_earlier(MemoryTable(), gone, BY)
