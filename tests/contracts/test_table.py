"""What `act` relies on, promised by the real table and by its twin alike."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.model.account import Account, AccountRef
from leadloop.model.claim import Claim, ClaimRef
from leadloop.model.consent import Suppression, SuppressionRef
from leadloop.model.delivery import DeliveryRef, DeliveryState
from leadloop.model.due import Due
from leadloop.model.errors import FieldsInvalid
from leadloop.model.event import TimelineEntry
from leadloop.model.facts import Change, Facts
from leadloop.model.lead import Record, RecordRef, TimerKind
from leadloop.model.lifecycle import Stage
from leadloop.model.pool import Pool, PoolRef, RepLoad
from leadloop.store import keys, lease, partners, queries, suppressions
from leadloop.store.commit import commit
from leadloop.store.partners import Partner
from leadloop.store.read import read
from leadloop.store.table import Table, TransactionTooLarge
from tests.contracts.samples import (
    LEAD_ID,
    NOW,
    build_delivery,
    build_entry,
    build_full_lead,
    build_quarantined,
    change_batches,
    entry_ref,
)

EMAIL = ClaimRef("email", "anneliese.groessl@feinmechanik-huber.example")


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_is_read_after_a_commit_is_what_the_facts_said_it_would_be(
    table: Table, data: st.DataObject
) -> None:
    drawn = data.draw(change_batches())
    # One table serves all examples, so some of this may be there already: it is then built upon.
    found = read(table, {change.ref for change in drawn})
    there = {ref: getattr(was, "version", 1) for ref, was in found.items() if was is not None}
    changes = [
        change._replace(before=there.get(change.ref)) if change.before is None else change
        for change in drawn
    ]
    assert commit(table, changes) == frozenset()
    expected = Facts(found).apply(changes).known
    assert read(table, expected) == expected


def test_a_full_lead_comes_back_byte_for_byte(table: Table) -> None:
    lead = build_full_lead()
    assert commit(table, [Change(RecordRef(lead.id), None, lead)]) == frozenset()
    again = read(table, [RecordRef(lead.id)])[RecordRef(lead.id)]
    assert again is not None
    assert again.model_dump_json() == lead.model_dump_json()


def test_nothing_there_is_read_as_none(table: Table) -> None:
    assert read(table, [RecordRef("nobody"), EMAIL]) == {RecordRef("nobody"): None, EMAIL: None}


def test_the_second_to_claim_an_address_loses_and_nothing_of_it_is_written(table: Table) -> None:
    assert commit(table, [Change(EMAIL, None, Claim(lead_id="first"))]) == frozenset()
    second = RecordRef(LEAD_ID)
    changes = [Change(second, None, build_full_lead()), Change(EMAIL, None, Claim(lead_id=LEAD_ID))]
    assert commit(table, changes) == {EMAIL}
    assert read(table, [second, EMAIL]) == {second: None, EMAIL: Claim(lead_id="first")}


def test_a_single_claim_that_is_taken_is_lost_as_well(table: Table) -> None:
    commit(table, [Change(EMAIL, None, Claim(lead_id="first"))])
    assert commit(table, [Change(EMAIL, None, Claim(lead_id="second"))]) == {EMAIL}


def test_of_two_commits_on_one_version_one_wins_whatever_the_order(table: Table) -> None:
    book, other = PoolRef("dach"), PoolRef("nordics")
    empty = Pool(id="dach", version=1)
    commit(table, [Change(book, None, empty), Change(other, None, Pool(id="nordics", version=1))])
    # Both read version 1, both decide, then both write.
    one = empty.but(version=2, reps={"a": RepLoad(open=1)})
    two = empty.but(version=2, reps={"b": RepLoad(open=1)})
    assert commit(table, [Change(book, 1, one)]) == frozenset()
    beside = Change(other, 1, Pool(id="nordics", version=2))
    assert commit(table, [beside, Change(book, 1, two)]) == {book}
    assert read(table, [book, other]) == {book: one, other: Pool(id="nordics", version=1)}
    again = one.but(version=3, reps={**one.reps, **two.reps})
    assert commit(table, [beside, Change(book, 2, again)]) == frozenset()
    assert read(table, [book])[book] == again


def test_a_change_of_what_is_not_there_is_lost(table: Table) -> None:
    assert commit(table, [Change(PoolRef("p"), 3, Pool(id="p", version=4))]) == {PoolRef("p")}


def test_every_lost_reference_is_named(table: Table) -> None:
    taken = [AccountRef(f"{n}.example") for n in range(3)]
    commit(table, [Change(ref, None, Account(id=ref.domain, version=1)) for ref in taken])
    free = AccountRef("free.example")
    tried = [Change(ref, None, Account(id=ref.domain, version=1)) for ref in [free, *taken]]
    assert commit(table, tried) == frozenset(taken)


def test_a_hundred_items_fit_and_one_more_is_told_before_anything_is_tried(table: Table) -> None:
    claims = [Change(ClaimRef("phone", f"+{n}"), None, Claim(lead_id="x")) for n in range(101)]
    with pytest.raises(TransactionTooLarge):
        commit(table, claims)
    assert set(read(table, [change.ref for change in claims]).values()) == {None}
    assert commit(table, claims[1:]) == frozenset()


def test_more_than_four_megabytes_are_told_before_anything_is_tried(table: Table) -> None:
    noise = Random(1).randbytes(120_000)
    raw = build_full_lead().raw
    big = [
        Change(RecordRef(str(n)), None, build_full_lead().but(id=str(n), raw=raw.but(body=noise)))
        for n in range(40)
    ]
    with pytest.raises(TransactionTooLarge):
        commit(table, big)


@pytest.mark.parametrize("what", ["lone surrogate", "item above 400 KB", "key above 1 KB"])
def test_what_cannot_be_stored_is_told_so_that_halving_finds_whose_it_is(
    table: Table, what: str
) -> None:
    poison = {
        "lone surrogate": Change(EMAIL, None, Claim(lead_id="\ud800")),
        "item above 400 KB": Change(
            RecordRef("big"),
            None,
            build_full_lead().but(raw=build_full_lead().raw.but(body=Random(1).randbytes(410_000))),
        ),
        "key above 1 KB": Change(DeliveryRef("x", "y" * 1_030), None, build_delivery("x")),
    }[what]
    good = Change(PoolRef("p"), None, Pool(id="p", version=1))
    with pytest.raises(TransactionTooLarge):
        commit(table, [good, poison])
    assert read(table, [good.ref]) == {good.ref: None}


def test_no_change_is_no_call(table: Table) -> None:
    assert commit(table, []) == frozenset()


def test_more_than_a_hundred_references_are_read_in_one_go(table: Table) -> None:
    phones = [ClaimRef("phone", f"+{n}") for n in range(250)]
    for start in range(0, 250, 100):
        some = phones[start : start + 100]
        commit(table, [Change(ref, None, Claim(lead_id=ref.value)) for ref in some])
    found = read(table, phones)
    assert found == {ref: Claim(lead_id=ref.value) for ref in phones}


def test_a_timeline_is_paged_newest_first_to_its_end(table: Table) -> None:
    entries = [build_entry(LEAD_ID, n, NOW + timedelta(minutes=n)) for n in range(7)]
    commit(table, [Change(entry_ref(e), None, e) for e in entries])
    commit(table, [Change(DeliveryRef(LEAD_ID, "T#0"), None, build_delivery(LEAD_ID))])
    seen: list[TimelineEntry] = []
    cursor = None
    while True:
        page = queries.timeline(table, LEAD_ID, 3, cursor, fresh=True)
        seen += page.rows
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == entries[::-1]


def test_the_deliveries_of_a_lead_are_listed(table: Table) -> None:
    commit(table, [Change(DeliveryRef(LEAD_ID, "T#0"), None, build_delivery(LEAD_ID))])
    commit(table, [Change(entry_ref(build_entry(LEAD_ID, 1)), None, build_entry(LEAD_ID, 1))])
    assert queries.deliveries(table, LEAD_ID, 10).rows == (build_delivery(LEAD_ID),)


def test_a_cursor_of_another_list_is_refused(table: Table) -> None:
    for lead_id in ("A", "B"):
        entries = [build_entry(lead_id, n) for n in range(3)]
        commit(table, [Change(entry_ref(e), None, e) for e in entries])
    cursor = queries.timeline(table, "A", 2).cursor
    assert cursor is not None
    with pytest.raises(FieldsInvalid):
        queries.timeline(table, "B", 2, cursor)
    for made_up in ("", "é", "e30=", "WzFd", "not base64"):
        with pytest.raises(FieldsInvalid):
            queries.timeline(table, "A", 2, made_up)


def _scored(record_id: str, total: int, minutes: int, **changes: object) -> Record:
    record = build_full_lead()
    assert record.lead is not None
    score = record.lead.score.but(fit=total, behaviour=0)
    created = NOW + timedelta(minutes=minutes)
    return record.but(
        id=record_id, lead=record.lead.but(score=score, created_at=created, **changes)
    )


def _put(table: Table, *records: Record) -> None:
    changes = [Change(RecordRef(r.id), r.version - 1 or None, r) for r in records]
    assert commit(table, changes) == frozenset()


def test_a_work_list_shows_the_highest_score_first_then_the_oldest(table: Table) -> None:
    _put(
        table,
        _scored("late", 50, 5),
        _scored("early", 50, 1),
        _scored("top", 120, 9),
        _scored("below", -30, 0),
    )
    first = queries.rep_list(table, "jonas.weber", 3)
    assert [card.id for card in first.rows] == ["top", "early", "late"]
    rest = queries.rep_list(table, "jonas.weber", 3, first.cursor)
    assert [card.id for card in rest.rows] == ["below"]
    assert first.rows[0].title == "Anneliese Łukasiewicz-Größl"
    assert first.rows[0].score == 120
    assert first.rows[1].at == NOW + timedelta(minutes=1)


def test_a_lead_moves_between_lists_with_its_owner_and_leaves_when_it_is_closed(
    table: Table,
) -> None:
    record = build_full_lead()
    lead = record.lead
    assert lead is not None
    assert lead.assignment is not None
    _put(table, record)
    _put(
        table,
        record.but(version=2, lead=lead.but(assignment=lead.assignment.but(rep=None))),
    )
    assert queries.rep_list(table, "jonas.weber", 9).rows == ()
    (waiting,) = queries.queue_list(table, "dach-senior", 9).rows
    assert waiting.id == record.id
    _put(table, record.but(version=3, lead=lead.but(stage=Stage.DISQUALIFIED)))
    assert queries.rep_list(table, "jonas.weber", 9).rows == ()
    assert queries.queue_list(table, "dach-senior", 9).rows == ()


def test_the_quarantine_shows_the_oldest_first_until_it_is_released(table: Table) -> None:
    old, new = build_quarantined("old", NOW), build_quarantined("new", NOW + timedelta(hours=1))
    _put(table, new, old)
    rows = queries.quarantine(table, 9).rows
    assert [(row.id, row.title) for row in rows] == [("old", "unreadable"), ("new", "unreadable")]
    _put(table, old.but(version=2, released_as="old.2"))
    assert [row.id for row in queries.quarantine(table, 9).rows] == ["new"]


def _all_due(table: Table, now_plus: timedelta) -> list[Due]:
    pages = (queries.due(table, n, NOW + now_plus, 100) for n in range(keys.DUE_SHARDS))
    return [due for page in pages for due in page.rows]


def test_a_timer_is_due_from_its_instant_on_and_not_before(table: Table) -> None:
    _put(table, build_full_lead())
    assert _all_due(table, timedelta(hours=2, microseconds=-1)) == []
    assert _all_due(table, timedelta(hours=2)) == [
        Due(timer=TimerKind.BREACH, lead_id=LEAD_ID, at=NOW + timedelta(hours=2))
    ]


def test_a_delivery_that_waits_is_due_at_its_retry_and_no_more_once_ready(table: Table) -> None:
    ref = DeliveryRef(LEAD_ID, "T#0")
    at = NOW + timedelta(minutes=5)
    waiting = build_delivery(LEAD_ID).but(state=DeliveryState.WAITING, retry_at=at)
    commit(table, [Change(ref, None, waiting)])
    assert _all_due(table, timedelta(minutes=5)) == [
        Due(timer=TimerKind.RETRY, lead_id=LEAD_ID, at=at, delivery_id="T#0")
    ]
    commit(table, [Change(ref, 1, waiting.but(version=2, state=DeliveryState.READY))])
    assert _all_due(table, timedelta(minutes=5)) == []


def test_a_thousand_due_leads_spread_over_all_shards_and_page_to_the_end(table: Table) -> None:
    records = [_scored(f"L{n}", 1, 0) for n in range(80)]
    _put(table, *records)
    seen, used = set(), 0
    for shard in range(keys.DUE_SHARDS):
        cursor, here = None, 0
        while True:
            page = queries.due(table, shard, NOW + timedelta(hours=2), 4, cursor)
            seen |= {due.lead_id for due in page.rows}
            here += len(page.rows)
            cursor = page.cursor
            if cursor is None:
                break
        used += here > 0
    assert seen == {record.id for record in records}
    assert used == keys.DUE_SHARDS


def test_a_partner_is_known_by_the_hash_of_its_key(table: Table) -> None:
    assert partners.get(table, "ab" * 32) is None
    partner = Partner(source="autopoint", name="Autopoint Ltd")
    assert partners.put(table, "ab" * 32, partner)
    assert partners.get(table, "ab" * 32) == partner
    assert partners.put(table, "ab" * 32, partner.but(name="Autopoint plc"))
    assert partners.get(table, "ab" * 32) == partner.but(name="Autopoint plc")


def test_a_lease_is_one_holders_until_it_ends(table: Table) -> None:
    end = NOW + timedelta(minutes=2)
    assert lease.acquire_lease(table, "journey", "one", NOW, end)
    assert not lease.acquire_lease(table, "journey", "two", NOW, end)
    assert lease.acquire_lease(table, "journey", "one", NOW, end)
    assert lease.acquire_lease(table, "journey", "two", end, end + timedelta(minutes=2))
    assert not lease.acquire_lease(table, "journey", "one", end, end + timedelta(minutes=2))


def test_a_stop_stands_as_it_was_first_put(table: Table) -> None:
    address = "anneliese@huber.example"
    ref, hidden = SuppressionRef(address, "marketing"), table.keys.address_hash(address)
    first = Suppression(why="one click", at=NOW)
    assert suppressions.put(table, hidden, "marketing", first)
    again = Suppression(why="again", at=NOW + timedelta(days=1))
    assert not suppressions.put(table, hidden, "marketing", again)
    assert read(table, [ref]) == {ref: first}
