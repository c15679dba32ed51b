"""What every decision is made on, handed on as one value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from leadloop.model.decision import Decision, Outcome
from leadloop.model.event import EntryRef, TimelineEntry
from leadloop.model.facts import Change, Facts, PlaybookRef
from leadloop.model.lead_id import person_of
from leadloop.model.stored_lead import StoredLead
from leadloop.model.trace import Basis
from leadloop.playbook.compiled import CompiledPlaybook


@dataclass(frozen=True, eq=False, repr=False)  # a start pays for each method made
class DecisionContext:
    """The facts that were read, the playbook, and the time."""

    facts: Facts
    book: CompiledPlaybook
    now: datetime

    @property
    def basis(self) -> Basis:
        """What the decision rests on, beside the facts."""
        return Basis(playbook=self.book.version, now=self.now)

    def find_lead(self, lead_id: str) -> StoredLead | None:
        """The lead of this id; None if there is none.

        Raises:
            Unknown: if its items were not read yet.

        """
        return StoredLead.find(self.facts, lead_id)

    def find_leads(self, person_id: str) -> tuple[StoredLead, ...]:
        """All leads of a person, in every line that the playbook sells; the first one first.

        Raises:
            Unknown: if some of them were not read yet.

        """
        return StoredLead.find_all(self.facts, person_id, self.book.lines)

    def find_playbook(self, version: str) -> CompiledPlaybook | None:
        """The playbook of this version, compiled; None if nobody can read it any more.

        Raises:
            Unknown: if the version was not read yet.

        """
        if version == self.book.version:
            return self.book
        book = self.facts.find_playbook(PlaybookRef(version))
        return book if isinstance(book, CompiledPlaybook) else None

    def insert_entry(self, entry: TimelineEntry) -> Change:
        """The change that puts the entry on its lead's timeline."""
        ref = EntryRef(person_of(entry.lead_id), entry.at.isoformat(), entry.trigger_id, entry.n)
        return Change(ref, None, entry)

    def build_decision(self, outcome: Outcome, changes: Iterable[Change] = ()) -> Decision:
        """A decision with no more than these changes: no event, no reason."""
        return Decision(outcome=outcome, basis=self.basis, changes=tuple(changes))
