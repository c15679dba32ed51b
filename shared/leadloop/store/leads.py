"""Reads leads with their persons, for those who show them and do not decide on them."""

from collections.abc import Iterable

from leadloop.model.facts import Facts
from leadloop.model.lead_id import person_of
from leadloop.model.stored_lead import StoredLead, lead_refs, person_refs
from leadloop.store.read import read
from leadloop.store.table import Table


def read_lead(table: Table, lead_id: str) -> StoredLead | None:
    """The lead of this id; None if there is none."""
    return next(iter(read_leads(table, (lead_id,))), None)


def read_leads(table: Table, lead_ids: Iterable[str]) -> list[StoredLead]:
    """The leads of these ids, in this order; those that are gone are left out."""
    lead_ids = tuple(lead_ids)
    facts = Facts(read(table, {ref for id_ in lead_ids for ref in lead_refs(id_)}))
    found = (StoredLead.find(facts, lead_id) for lead_id in lead_ids)
    return [stored for stored in found if stored is not None]


def read_person_leads(
    table: Table, lead_ids: Iterable[str], lines: Iterable[str]
) -> dict[str, tuple[StoredLead, ...]]:
    """For each person of these leads, by id: all leads of that person, the first one first."""
    lines, people = tuple(lines), {person_of(lead_id) for lead_id in lead_ids}
    facts = Facts(read(table, {ref for id_ in people for ref in person_refs(id_, lines)}))
    return {id_: StoredLead.find_all(facts, id_, lines) for id_ in people}
