"""A lead as it is stored, together with its person."""

from collections.abc import Iterable
from typing import NamedTuple

from leadloop.model.base import Reason
from leadloop.model.facts import Facts
from leadloop.model.further_lead import FurtherLead, LineRef
from leadloop.model.lead import Lead, Record, RecordRef
from leadloop.model.lead_id import further_lead_id, further_line, person_of
from leadloop.model.person import Person
from leadloop.model.reference import AnyRef


class StoredLead(NamedTuple):
    """A lead and its person.

    `record` is the item of the person, which holds the first lead too. `further` is the item of the
    lead if it is not the first.
    """

    id: str
    record: Record
    person: Person
    lead: Lead
    further: FurtherLead | None = None

    @property
    def version(self) -> int:
        """The version of the item that holds the lead."""
        return self.record.version if self.further is None else self.further.version

    @property
    def why_not(self) -> tuple[Reason, ...]:
        """Why others did not get it, when it was assigned last."""
        return self.record.why_not if self.further is None else self.further.why_not

    @property
    def founded_by(self) -> str:
        """The id of the submission that founded it."""
        return self.record.id if self.further is None else self.further.submission

    @classmethod
    def of(cls, record: Record | None, further: FurtherLead | None = None) -> "StoredLead | None":
        """The lead in `further`, else the first one of the person; None if there is none."""
        if record is None or record.person is None or record.lead is None:
            return None
        if further is None:
            return cls(record.id, record, record.person, record.lead)
        return cls(further.id, record, record.person, further.lead, further)

    @classmethod
    def find(cls, facts: Facts, lead_id: str) -> "StoredLead | None":
        """The lead of this id among the facts; None if there is none.

        Raises:
            Unknown: its items were not read yet.

        """
        facts.require(*lead_refs(lead_id))
        record = facts.get(RecordRef(person_of(lead_id)))
        line = further_line(lead_id)
        if line is None:
            return cls.of(record)
        further = facts.get(LineRef(person_of(lead_id), line))
        return None if further is None else cls.of(record, further)

    @classmethod
    def find_all(
        cls, facts: Facts, person_id: str, lines: Iterable[str]
    ) -> "tuple[StoredLead, ...]":
        """All leads of a person in these product lines; the first one first.

        Raises:
            Unknown: some of their items were not read yet.

        """
        lines = tuple(lines)
        facts.require(*person_refs(person_id, lines))
        ids = (person_id, *(further_lead_id(person_id, line) for line in lines))
        found = (cls.find(facts, lead_id) for lead_id in ids)
        return tuple(stored for stored in found if stored is not None)


def lead_refs(lead_id: str) -> tuple[AnyRef, ...]:
    """The items in which a lead and its person lie."""
    record, line = RecordRef(person_of(lead_id)), further_line(lead_id)
    return (record,) if line is None else (record, LineRef(record.id, line))


def person_refs(person_id: str, lines: Iterable[str]) -> tuple[AnyRef, ...]:
    """The items in which a person and the leads in these product lines may lie."""
    return (RecordRef(person_id), *(LineRef(person_id, line) for line in lines))
