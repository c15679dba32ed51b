"""An item that cannot be read, as during a deploy, harms its own trigger and no neighbour."""

import pytest

from leadloop.act import Failure, act
from leadloop.model.claim import ClaimRef
from leadloop.model.decision import Verdict
from leadloop.model.facts import UnreadableItem
from leadloop.model.lead import RecordRef
from leadloop.model.pool import PoolRef
from leadloop.model.reference import AnyRef
from leadloop.store.memory_table import MemoryTable
from leadloop.store.read import read
from leadloop.store.table import Put
from tests.bench import inquiries
from tests.stories.world import MONDAY, compile_acme

LATER_VERSION = b"\xff of a later version"
FIRST = inquiries.build_submission(1)
NUMBERS = range(5)


def open_table_with_unreadable(ref: AnyRef) -> MemoryTable:
    table = MemoryTable()
    key = table.keys.of(ref)
    table.write_all([Put({"pk": key.pk, "sk": key.sk, "version": 1, "body": LATER_VERSION}, None)])
    return table


def act_on_batch(table: MemoryTable) -> list[object]:
    return list(
        act(
            [inquiries.build_submission(n) for n in NUMBERS],
            table=table,
            playbook=compile_acme(),
            clock=lambda: MONDAY,
            pause=lambda _: None,
        )
    )


@pytest.mark.parametrize(
    "ref",
    [
        RecordRef(FIRST.id),
        ClaimRef("email", str(FIRST.contact.email)),
    ],
)
def test_what_one_submission_needs_and_cannot_be_read_costs_no_other(ref: AnyRef) -> None:
    table = open_table_with_unreadable(ref)
    results = act_on_batch(table)
    failures = [each for each in results if isinstance(each, Failure)]
    assert [(each.trigger, type(each.error)) for each in failures] == [(FIRST, UnreadableItem)]
    assert LATER_VERSION.decode("latin-1") not in str(failures[0].error)
    leads = [each.lead_id for each in results if isinstance(each, Verdict)]
    assert len(leads) == len(NUMBERS) - 1
    assert all(read(table, [RecordRef(str(lead))])[RecordRef(str(lead))] for lead in leads)


def test_an_unreadable_pool_that_nobody_of_the_batch_comes_to_is_of_no_account() -> None:
    results = act_on_batch(open_table_with_unreadable(PoolRef("overseas")))
    assert all(isinstance(each, Verdict) for each in results)


def test_whoever_reads_one_entity_is_told_that_it_cannot_be_read() -> None:
    ref = RecordRef(FIRST.id)
    with pytest.raises(UnreadableItem, match="a Record cannot be read"):
        read(open_table_with_unreadable(ref), [ref])
