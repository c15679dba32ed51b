"""Items of an older shape are read as today's; one of a newer shape waits for a newer function."""

import json
from datetime import UTC, datetime

import pytest

from leadloop.model.lead import Enrolment, Record, Timer, TimerKind
from leadloop.store import keys, queries
from leadloop.store.compression import pack
from leadloop.store.items import Item, to_entity, to_item
from leadloop.store.memory_table import MemoryTable
from leadloop.store.shapes import ShapeUnknown, current_shape
from leadloop.store.table import Put
from tests.contracts.samples import LEAD_ID, build_full_lead

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = keys.record(LEAD_ID)
OLD_ENROLMENT = {
    "sequence": "machines",
    "version": "v",
    "step": "welcome",
    "entered_at": AT.isoformat(),
}
OLD_TIMER = {"kind": "step", "at": AT.isoformat()}


def dump_record(record: Record) -> str:
    """The JSON of a record without its raw bytes."""
    return record.model_dump_json(exclude_defaults=True, exclude={"raw": {"body"}})


def build_old_item() -> Item:
    """The item of a nurtured lead as it was written before leads could be in several sequences."""
    record = build_full_lead()
    document = json.loads(dump_record(record))
    document["lead"] |= document.pop("person")
    document["lead"] |= {"enrolment": OLD_ENROLMENT, "timers": [OLD_TIMER]}
    body = pack(json.dumps(document).encode(), None)
    due = {"due_shard": keys.shard(LEAD_ID), "due_at": keys.instant(AT), "due_kind": "step"}
    return {**to_item(KEY, record), **due, "body": body}


def test_the_one_enrolment_of_an_old_lead_is_in_its_list() -> None:
    record = to_entity(build_old_item())
    assert isinstance(record, Record)
    assert record.lead is not None
    assert record.lead.enrolments == (Enrolment.model_validate(OLD_ENROLMENT),)
    assert record.lead.timers == (Timer(kind=TimerKind.STEP, key="machines", at=AT),)
    assert to_entity(to_item(KEY, record)) == record


def test_what_is_true_of_the_person_stands_beside_an_old_lead() -> None:
    record, today = to_entity(build_old_item()), build_full_lead()
    assert isinstance(record, Record)
    assert record.person == today.person


def test_each_value_of_an_old_lead_keeps_its_time() -> None:
    document = json.loads(dump_record(build_full_lead()))
    times = {
        "phone": AT.isoformat(),
        "interest.budget": AT.isoformat(),
        "fields.size": "2026-01-01T00:00:00Z",
    }
    lead = document["lead"] | document.pop("person") | {"since": times}
    body = pack(json.dumps(document | {"lead": lead}).encode(), None, 2)
    record = to_entity({**to_item(KEY, build_full_lead()), "body": body})
    assert isinstance(record, Record)
    assert record.person is not None
    assert record.lead is not None
    assert record.person.since == {"phone": AT}
    assert record.lead.since.keys() == {"interest.budget", "fields.size"}


def test_the_old_index_of_a_timer_names_the_lead_that_is_due() -> None:
    table = MemoryTable()
    assert not table.write_all([Put(build_old_item(), None)])
    shard = int(keys.shard(LEAD_ID).removeprefix(keys.shard_name(0)[:-1]))
    (due,) = queries.due(table, shard, AT, 10).rows
    assert (due.lead_id, due.timer, due.key) == (LEAD_ID, TimerKind.STEP, "")


def test_an_item_of_a_newer_shape_is_refused_with_both_numbers() -> None:
    record = build_full_lead()
    newer = current_shape(Record) + 1
    body = pack(record.model_dump_json(exclude_defaults=True).encode(), None, newer)
    with pytest.raises(ShapeUnknown, match=f"shape {newer}, this function knows {newer - 1}"):
        to_entity({**to_item(KEY, record), "body": body})
