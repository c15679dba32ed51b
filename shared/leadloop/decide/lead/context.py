"""What every decision is made on, handed on as one value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from leadloop.model.decision import Decision, Outcome
from leadloop.model.event import EntryRef, TimelineEntry
from leadloop.model.facts import Change, Facts, PlaybookRef
from leadloop.model.lead import Record, RecordRef
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

    def find_lead(self, lead_id: str) -> Record | None:
        """The record that holds the lead; None if it founded no lead, or is not there.

        Raises:
            Unknown: if the record was not read yet.

        """
        record = self.facts.get(RecordRef(lead_id))
        return record if record is not None and record.lead is not None else None

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
        ref = EntryRef(entry.lead_id, entry.at.isoformat(), entry.trigger_id, entry.n)
        return Change(ref, None, entry)

    def build_decision(self, outcome: Outcome, changes: Iterable[Change] = ()) -> Decision:
        """A decision with no more than these changes: no event, no reason."""
        return Decision(outcome=outcome, basis=self.basis, changes=tuple(changes))
