from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.travel import (
    FAR_FUTURE,
    TravelFailed,
    await_outcome,
    fire_timers,
    format_outcomes,
    list_due,
)
from leadloop.model.delivery import DeliveryState
from leadloop.model.due import Due
from leadloop.model.lead import Lead, Record, Timer, TimerKind
from leadloop.store import keys, lease
from leadloop.store.items import to_entity, to_item
from leadloop.store.keys import Key, Keys
from leadloop.store.memory_table import MemoryTable
from leadloop.store.table import Put
from tests.contracts.samples import build_delivery, build_entry, build_full_lead, entry_ref

MINE, OTHER = "A" * 26, "B" * 26
NOW = datetime.now(UTC)


class Machine:
    """Step Functions as seen from outside: a run does `work` and ends as told."""

    def __init__(self, work: Callable[[], None], status: str = "SUCCEEDED") -> None:
        self.runs = 0
        self._work, self._status = work, status

    def start_execution(self, **_: Any) -> dict[str, Any]:
        self.runs += 1
        self._work()
        return {"executionArn": f"run-{self.runs}"}

    def describe_execution(self, **_: Any) -> dict[str, Any]:
        return {"status": self._status, "error": "PageFailed", "cause": "the table is away"}


@pytest.fixture
def table() -> MemoryTable:
    """Two leads wait: mine for a step in three days, the other for a breach in two hours."""
    table = MemoryTable()
    for lead_id, kind, after in ((MINE, TimerKind.STEP, 72), (OTHER, TimerKind.BREACH, 2)):
        at = NOW + timedelta(hours=after)
        put(table, lead_id, Timer(kind=kind, at=at, not_after=at + timedelta(hours=6)))
    return table


def put(table: MemoryTable, lead_id: str, *timers: Timer, before: int | None = None) -> None:
    founding = build_full_lead()
    assert founding.lead
    record = founding.but(
        id=lead_id,
        lead_id=lead_id,
        version=(before or 0) + 1,
        lead=founding.lead.but(timers=timers),
    )
    assert not table.write_all([Put(to_item(keys.record(lead_id), record), before=before)])


def lead(table: MemoryTable, lead_id: str) -> tuple[int, Lead]:
    key = keys.record(lead_id)
    record = to_entity(table.get([key])[key])
    assert isinstance(record, Record)
    assert record.lead
    return record.version, record.lead


def test_the_chosen_timer_is_due_and_not_late_when_the_journey_runs(table: MemoryTable) -> None:
    met: list[Timer] = []

    def work() -> None:
        version, mine = lead(table, MINE)
        met.extend(mine.timers)
        put(table, MINE, before=version)  # worked: it waits for nothing any more

    machine: Any = Machine(work)
    (worked,) = fire_timers(table, machine, "journey", lambda due: due.lead_id == MINE)
    assert (worked.timer, worked.at) == (TimerKind.STEP, NOW + timedelta(hours=72))
    (timer,) = met
    now = datetime.now(UTC)
    assert timer.at <= now
    assert timer.not_after is not None
    assert timer.not_after - timer.at == timedelta(hours=6), "both move by one span"
    assert timer.not_after > now
    assert machine.runs == 1


def test_who_is_not_chosen_waits_as_before(table: MemoryTable) -> None:
    machine: Any = Machine(lambda: None)
    fire_timers(table, machine, "journey", lambda _: False)
    assert {(due.lead_id, due.at) for due in list_due(table, FAR_FUTURE)} == {
        (MINE, NOW + timedelta(hours=72)),
        (OTHER, NOW + timedelta(hours=2)),
    }


def test_the_journey_runs_again_until_what_was_chosen_is_done(table: MemoryTable) -> None:
    left = [False, False, True]  # twice another run was quicker

    def work() -> None:
        if left.pop(0):
            put(table, MINE, before=lead(table, MINE)[0])

    machine: Any = Machine(work)
    fire_timers(table, machine, "journey", lambda due: due.lead_id == MINE)
    assert machine.runs == 3


def test_the_seconds_in_which_a_run_lists_alone_are_over_too(table: MemoryTable) -> None:
    now = datetime.now(UTC)
    assert lease.acquire_lease(
        table, lease.JOURNEY, "a run just now", now, now + timedelta(hours=1)
    )

    def work() -> None:
        at = datetime.now(UTC)
        if lease.acquire_lease(table, lease.JOURNEY, "next", at, at + timedelta(seconds=10)):
            put(table, MINE, before=lead(table, MINE)[0])

    machine: Any = Machine(work)
    fire_timers(table, machine, "journey", lambda due: due.lead_id == MINE)
    assert machine.runs == 1


def test_a_failed_run_is_told_with_its_cause(table: MemoryTable) -> None:
    machine: Any = Machine(lambda: None, status="FAILED")
    with pytest.raises(TravelFailed, match=r"PageFailed the table is away"):
        fire_timers(table, machine, "journey", lambda due: due.lead_id == MINE)


def test_what_became_of_a_timer_is_told(table: MemoryTable) -> None:
    due = Due(timer=TimerKind.STEP, lead_id=MINE, at=NOW + timedelta(hours=72))
    entry = build_entry(MINE, 1, NOW)
    sent = build_delivery(MINE, "T1#0").but(
        created_at=NOW, rep=None, template="welcome", state=DeliveryState.SENT
    )
    dropped = build_delivery(MINE, "T1#1").but(
        created_at=NOW, state=DeliveryState.DROPPED, detail="no consent"
    )
    older = build_delivery(MINE, "T0#0").but(created_at=NOW - timedelta(days=1))
    puts = [Put(to_item(Keys(b"").of(entry_ref(entry)), entry), before=None)]
    puts += [
        Put(to_item(Key(keys.record(MINE).pk, keys.DELIVERY + each.id), each), before=None)
        for each in (sent, dropped, older)
    ]
    assert not table.write_all(puts)
    outcome = await_outcome(table, due, NOW)
    assert outcome.events == ("LeadAccepted",)
    assert {each.id for each in outcome.deliveries} == {"T1#0", "T1#1"}
    head, row = format_outcomes([outcome]).splitlines()
    assert head.split()[:3] == ["lead", "person", "timer"]
    assert row.startswith(MINE)
    assert f"{due.at:%Y-%m-%d %H:%M}  LeadAccepted; email “welcome” to the person: sent" in row
    assert "“new-lead” to jonas.weber: dropped (no consent)" in row
    assert f"; now {lead(table, MINE)[1].stage}, " in row
