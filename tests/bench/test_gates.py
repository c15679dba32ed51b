"""What CI holds the bench's exact counts to; nothing here looks at a clock."""

from dataclasses import replace

import pytest

from leadloop.store.items import Item
from tests.bench import cold, growth, inquiries, instructions, rules, steps, units
from tests.bench.goals import Figure, Goal
from tests.bench.meter import MeteredTable
from tests.bench.units import BATCH, capture_logs, open_company


@pytest.mark.parametrize(
    "goal",
    [units.calls_per_lead, units.units_per_lead, units.dollars_per_lead, steps.nurture_steps],
)
def test_an_exact_count_is_within_its_limit(goal: Goal) -> None:
    counted = [each for each in goal() if each.kind == "exact"]
    assert counted
    assert [each for each in counted if each.verdict == "missed"] == []


@pytest.mark.parametrize(
    "goal",
    [instructions.measure_batches, instructions.measure_starts, instructions.measure_way],
)
def test_instructions_are_within_their_limit(goal: Goal) -> None:
    assert [each for each in goal() if each.verdict == "missed"] == []


def test_no_two_people_of_the_sample_have_one_name() -> None:
    assert len({inquiries.build_name(n) for n in range(10_000)}) == 10_000


def test_a_lead_costs_the_same_when_ten_times_as_many_are_there() -> None:
    counted = [each for each in growth.measure_growth(200, 2_000) if each.kind == "exact"]
    assert {(each.what.partition(" at ")[0], each.value) for each in counted} == {
        ("WRU per lead", 1),
        ("RRU per lead", 1),
        ("Scan calls", 0),
    }


def test_the_table_in_memory_is_billed_as_the_handlers_are() -> None:
    grown = growth.GrowingTable()
    grown.create_leads(range(90_000, 90_001))  # as the shop is warmed up
    grown.table.meter.reset()
    grown.create_leads(range(BATCH))
    with open_company() as here, capture_logs():
        here.create_leads(range(BATCH))
        assert here.meter.calls == grown.table.meter.calls
        assert here.meter.write_units() == grown.table.meter.write_units()
        assert here.meter.read_units == grown.table.meter.read_units


def test_the_rules_that_are_timed_say_what_zen_says() -> None:
    zen = rules.compile_zen_rules()
    assert zen is not None, "zen-engine is among the development packages"
    ours, sample = rules.compile_playbook_rules(), rules.build_leads(300)
    assert [ours(lead) for lead in sample] == [zen(lead) for lead in sample]
    assert len({ours(lead)[1] for lead in sample}) > 10


@pytest.mark.parametrize("function", ["capture", "qualify"])
def test_a_start_compiles_nothing_again(function: str) -> None:
    assert cold.list_recompiled(function) == []


def test_a_query_that_reads_much_and_an_entry_that_moves_are_billed_as_such() -> None:
    meter = MeteredTable().meter
    here: Item
    here = {"pk": "S#a", "sk": "S", "due_shard": "DUE#1", "due_at": "1", "body": b"x" * 1_100}
    meter.count_write([here], kept=True, transaction=False)
    assert [(each.units, each.index) for each in meter.writes] == [(2, 1)]
    meter.count_write([{**here, "due_at": "2"}], kept=True, transaction=True)
    assert (meter.writes[1].units, meter.writes[1].index) == (4, 2)
    meter.count_write([{**here, "due_at": "2", "body": b"y"}], kept=True, transaction=False)
    assert (meter.writes[2].units, meter.writes[2].index) == (2, 0)  # the bigger of old and new
    meter.count_write([here], kept=False, transaction=True)
    assert (meter.writes[3].units, meter.writes[3].index) == (4, 0)  # cancelled is billed too
    meter.count_get([{"body": b"x" * 5_000}], wanted=3)
    assert meter.read_units == 2 + 2


def test_a_ratio_has_a_margin_and_a_count_has_none() -> None:
    count = Figure(goal="0", what="", value=1.2, unit="", kind="exact", limit=1)
    assert count.verdict == "missed"
    ratio = Figure(goal="0", what="", value=1.2, unit="x", kind="ratio", limit=1)
    assert ratio.verdict == "margin"
    over = Figure(goal="0", what="", value=1.4, unit="x", kind="ratio", limit=1)
    assert over.verdict == "missed"


def test_what_falls_short_of_its_limit_may_not_fall_further() -> None:
    size = Figure(goal="0", what="", value=9.7, unit="MB", kind="size", limit=7, stands=9.8)
    assert size.verdict == "short"
    assert replace(size, value=9.9).verdict == "missed"
