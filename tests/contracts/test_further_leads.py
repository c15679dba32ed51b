"""A person's further lead is an item of its own, on every table."""

from datetime import timedelta

from leadloop.model.due import Due
from leadloop.model.facts import Change, Check, Facts
from leadloop.model.further_lead import FurtherLead, LineRef
from leadloop.model.lead import Record, RecordRef, TimerKind
from leadloop.model.stored_lead import StoredLead, lead_refs, person_refs
from leadloop.store import keys, queries
from leadloop.store.commit import commit
from leadloop.store.leads import read_lead
from leadloop.store.read import read
from leadloop.store.table import Table
from tests.contracts.samples import LEAD_ID, NOW, build_entry, build_full_lead, entry_ref

LINE = "homecare"
FURTHER_ID = f"{LEAD_ID}:{LINE}"
REF = LineRef(LEAD_ID, LINE)
FOUNDING = Change(RecordRef(LEAD_ID), None, build_full_lead())


def build_further(version: int = 1) -> FurtherLead:
    record = build_full_lead()
    assert record.person is not None
    assert record.lead is not None
    name, company = record.person.card_names
    return FurtherLead(
        id=FURTHER_ID,
        version=version,
        submission="second",
        decided_at=NOW,
        lead=record.lead.but(product_line=LINE),
        name=name,
        company=company,
    )


def shard_of(lead_id: str) -> int:
    return int(keys.shard(lead_id).removeprefix(keys.shard_name(0)[:-1]))


def test_it_is_read_as_it_was_written_beside_its_person(table: Table) -> None:
    changes = [FOUNDING, Change(REF, None, build_further())]
    assert commit(table, changes) == frozenset()
    assert read(table, lead_refs(FURTHER_ID)) == Facts().apply(changes).known
    stored = read_lead(table, FURTHER_ID)
    assert stored is not None
    assert (stored.id, stored.version, stored.founded_by) == (FURTHER_ID, 1, "second")
    assert stored.lead.product_line == LINE
    assert isinstance(FOUNDING.after, Record)
    assert stored.person == FOUNDING.after.person


def test_one_read_brings_a_person_with_all_leads(table: Table) -> None:
    commit(table, [FOUNDING, Change(REF, None, build_further())])
    facts = Facts(read(table, person_refs(LEAD_ID, ["machines", LINE])))
    assert facts.get(LineRef(LEAD_ID, "machines")) is None
    assert StoredLead.find(facts, LEAD_ID) is not None
    assert StoredLead.find(facts, FURTHER_ID) is not None
    assert StoredLead.find(facts, f"{LEAD_ID}:machines") is None


def test_of_two_that_found_a_lead_in_one_line_one_wins(table: Table) -> None:
    commit(table, [FOUNDING])
    check = [Check(RecordRef(LEAD_ID), 1)]
    assert commit(table, [Change(REF, None, build_further())], (), check) == frozenset()
    assert commit(table, [Change(REF, None, build_further())], (), check) == {REF}


def test_nobody_who_has_changed_meanwhile_gets_a_further_lead(table: Table) -> None:
    commit(table, [FOUNDING])
    changed = build_full_lead().but(version=2, person=None, lead=None)
    commit(table, [Change(RecordRef(LEAD_ID), 1, changed)])
    check = [Check(RecordRef(LEAD_ID), 1)]
    assert commit(table, [Change(REF, None, build_further())], (), check) == {RecordRef(LEAD_ID)}
    assert read(table, [REF])[REF] is None


def test_its_timer_names_it_and_not_its_person(table: Table) -> None:
    commit(table, [Change(REF, None, build_further())])
    at = NOW + timedelta(hours=2)
    (due,) = queries.due(table, shard_of(FURTHER_ID), at, 10).rows
    assert due == Due(timer=TimerKind.BREACH, lead_id=FURTHER_ID, at=at)
    assert due.id != due.but(lead_id=LEAD_ID).id


def test_its_owner_sees_it_in_the_work_list_under_its_own_id(table: Table) -> None:
    commit(table, [FOUNDING, Change(REF, None, build_further())])
    cards = {card.id: card for card in queries.rep_list(table, "jonas.weber", 10).rows}
    assert cards.keys() == {LEAD_ID, FURTHER_ID}
    first, further = cards[LEAD_ID], cards[FURTHER_ID]
    assert (further.title, further.company) == (first.title, first.company)
    assert (further.product_line, first.product_line) == (LINE, "machines")


def test_its_entries_lie_on_the_timeline_of_its_person(table: Table) -> None:
    entries = [build_entry(lead_id, n) for n, lead_id in enumerate((LEAD_ID, FURTHER_ID))]
    commit(table, [Change(entry_ref(each), None, each) for each in entries])
    for lead_id in (LEAD_ID, FURTHER_ID):
        rows = queries.timeline(table, lead_id, 10, fresh=True).rows
        assert [each.lead_id for each in rows] == [FURTHER_ID, LEAD_ID]
