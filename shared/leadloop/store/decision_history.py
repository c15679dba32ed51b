"""All that is kept of the decisions on one record: read by one query, and made again from it."""

from collections.abc import Iterable

from leadloop.decide.lead.trace_facts import BookFinder
from leadloop.decide.recompute import (
    DecisionHistory,
    ItemVersions,
    Recomputation,
    recompute,
)
from leadloop.model.delivery import Delivery
from leadloop.model.event import TimelineEntry
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Record
from leadloop.model.lead_id import person_of
from leadloop.model.reference import AnyRef, Entity
from leadloop.store import keys
from leadloop.store.items import to_entity
from leadloop.store.table import Range, Table, query_all

PAGE = 200


def read_history(table: Table, record_id: str) -> DecisionHistory | None:
    """The record with its entries and deliveries; None: there is no such record."""
    rows = Range(keys.record(record_id).pk, fresh=True)
    entities = [to_entity(item) for item in query_all(table, rows, PAGE)]
    record = next((each for each in entities if isinstance(each, Record)), None)
    if record is None:
        return None
    return DecisionHistory(
        record,
        tuple(each for each in entities if isinstance(each, FurtherLead)),
        tuple(each for each in entities if isinstance(each, TimelineEntry)),
        {each.id: each for each in entities if isinstance(each, Delivery)},
    )


class Recomputer:
    """Makes decisions again from a table. `bundle` is the hash of the code that runs here."""

    def __init__(self, table: Table, find_playbook: BookFinder, bundle: str) -> None:
        self._table, self._find_playbook, self._bundle = table, find_playbook, bundle
        self._made: dict[str, ItemVersions] = {}

    def recompute_each(self, ids: Iterable[str]) -> tuple[Recomputation, ...]:
        """Each decision on these records, made again and compared; none of a missing record."""
        self._made.clear()
        return tuple(result for each in ids for result in self._recompute(each))

    def _recompute(self, record_id: str) -> tuple[Recomputation, ...]:
        made: ItemVersions = {}
        self._made[record_id] = made
        history = read_history(self._table, person_of(record_id))
        if history is None:
            return ()
        results = recompute(
            history,
            find_playbook=self._find_playbook,
            find_item=self._find_item,
            bundle=self._bundle,
            made=made,
        )
        return tuple(results)

    def _find_item(self, ref: AnyRef, version: int) -> Entity | None:
        person_id, _ = ref.key_ends(_no_digest)
        if person_id not in self._made:
            self._recompute(person_id)
        return self._made[person_id].get(ref, {}).get(version)


def _no_digest(*_: str) -> str:
    raise ValueError("an item that holds a lead is named by no address")
