"""A lead as it is stored, together with its person."""

from typing import NamedTuple

from leadloop.model.base import Reason
from leadloop.model.lead import Lead, Record
from leadloop.model.person import Person


class StoredLead(NamedTuple):
    """A lead and its person; `record` is the item that holds both."""

    id: str
    record: Record
    person: Person
    lead: Lead

    @property
    def version(self) -> int:
        """The version of the item that holds the lead."""
        return self.record.version

    @property
    def why_not(self) -> tuple[Reason, ...]:
        """Why others did not get it, when it was assigned last."""
        return self.record.why_not

    @classmethod
    def of(cls, record: Record | None) -> "StoredLead | None":
        """The lead that the record founded; None if it founded none."""
        if record is None or record.person is None or record.lead is None:
            return None
        return cls(record.id, record, record.person, record.lead)
