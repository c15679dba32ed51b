"""Reads one lead with its person, for those who show it and do not decide on it."""

from leadloop.model.facts import Facts
from leadloop.model.lead import RecordRef
from leadloop.model.stored_lead import StoredLead
from leadloop.store.read import read
from leadloop.store.table import Table


def read_lead(table: Table, lead_id: str) -> StoredLead | None:
    """The lead of this id; None if there is none."""
    ref = RecordRef(lead_id)
    return StoredLead.of(Facts(read(table, [ref])).get(ref))
