"""A small world with a clock of its own: the real decisions on the memory store, told as prose.

The relay, the mouth and the journey here are the shortest form of the functions of those names:
they move references, and every judgement is `act`'s.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from leadloop.act import Failure, act
from leadloop.model.command import Action, Actor, Command
from leadloop.model.contact import Contact, Interest
from leadloop.model.decision import (
    Applied,
    DropDelivery,
    Hold,
    Ignored,
    Outcome,
    Refused,
    Send,
    Verdict,
)
from leadloop.model.delivery import Delivery, DeliveryState
from leadloop.model.event import Event
from leadloop.model.facts import Change
from leadloop.model.lead import Lead, Record, RecordRef
from leadloop.model.lead_id import person_of
from leadloop.model.person import Person
from leadloop.model.pool import Pool, PoolRef
from leadloop.model.report import Report, SendStatus
from leadloop.model.signal import Signal
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Channel, ConsentRecord, Raw, Submission
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.load import load_playbook
from leadloop.store import keys, queries
from leadloop.store.commit import commit
from leadloop.store.items import to_entity
from leadloop.store.leads import read_lead
from leadloop.store.memory_table import MemoryTable, StreamRecord
from leadloop.store.read import read
from tests.stories.announcements import find_silent_changes

ACME = Path(__file__).parents[2] / "shared" / "playbooks" / "acme"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@cache
def compile_acme() -> CompiledPlaybook:
    return CompiledPlaybook(load_playbook(ACME))


@dataclass
class World:
    """`said` is what left the house, oldest first."""

    playbook: CompiledPlaybook = field(default_factory=compile_acme)
    now: datetime = MONDAY
    table: MemoryTable = field(default_factory=MemoryTable)
    said: list[Send] = field(default_factory=list)
    dropped: list[DropDelivery] = field(default_factory=list)
    _books: dict[str, CompiledPlaybook] = field(default_factory=dict)
    _forgotten: dict[str, CompiledPlaybook] = field(default_factory=dict)
    _count: int = 0
    _written: list[StreamRecord] = field(default_factory=list)  # and not relayed yet

    def act(self, *triggers: Trigger) -> list[Outcome]:
        """Decide and commit; what changed of a lead must have its event."""
        self._written += self.table.drain_stream()
        self._books[self.playbook.version] = self.playbook
        results = act(
            triggers,
            table=self.table,
            playbook=self.playbook,
            clock=lambda: self.now,
            pause=lambda _: None,
            versions=self._books.get,
        )
        written = self.table.drain_stream()
        assert find_silent_changes(written) == []
        self._written += written
        for result in results:
            if isinstance(result, Failure):
                raise result.error
        return [result for result in results if not isinstance(result, Failure)]

    def submit(self, submission: Submission) -> Verdict:
        (outcome,) = self.act(submission)
        assert isinstance(outcome, Verdict)
        self.settle()
        return outcome

    def post_form(
        self,
        source: str,
        person: Mapping[str, str | int],
        *,
        key: str | None = None,
        consent: bool = True,
    ) -> Submission:
        """A form post as the door would have read it: contact and interest fields by name."""
        self._count += 1
        submission_id = key or f"{source}-{self._count:04d}"
        contact = {name: value for name, value in person.items() if name in Contact.model_fields}
        interest = {name: value for name, value in person.items() if name in Interest.model_fields}
        body = repr(sorted(person.items())).encode()
        purposes = (self.playbook.playbook.contact.marketing_purpose,)
        return Submission(
            id=submission_id,
            source=source,
            channel=Channel.FORM,
            received_at=self.now,
            raw=Raw(sha256=hashlib.sha256(body).hexdigest(), size=len(body), body=body),
            contact=Contact.model_validate(contact),
            interest=Interest.model_validate(interest),
            consent=ConsentRecord(purposes=purposes, text_version="1", at=self.now)
            if consent
            else None,
        )

    def run_command(
        self, lead_id: str, action: Action, *, by: str, role: str = "sales"
    ) -> Applied | Refused:
        self._count += 1
        actor = Actor(id=by, role=role)
        command = Command(
            id=f"cmd-{self._count:04d}", actor=actor, lead_id=lead_id, at=self.now, action=action
        )
        (outcome,) = self.act(command)
        assert isinstance(outcome, Applied | Refused)
        self.settle()
        return outcome

    def send_signal(
        self,
        lead_id: str,
        word: str,
        *,
        signal_id: str | None = None,
        delivery_id: str | None = None,
    ) -> Outcome:
        self._count += 1
        signal = Signal(
            id=signal_id or f"sig-{self._count:04d}",
            signal=word,
            lead_id=lead_id,
            delivery_id=delivery_id,
            at=self.now,
            confirmed=True,
        )
        (outcome,) = self.act(signal)
        self.settle()
        return outcome

    def advance(self, **span: float) -> None:
        """Time passes, and the journey runs at every moment at which something is due."""
        until = self.now + timedelta(**span)
        while (at := self._next_due(until)) is not None:
            self.now = max(self.now, at)
            self.tick()
        self.now = until

    def _next_due(self, until: datetime) -> datetime | None:
        pages = (queries.due(self.table, shard, until, 1) for shard in range(keys.DUE_SHARDS))
        return min((due.at for page in pages for due in page.rows), default=None)

    def tick(self) -> None:
        """One run of the journey."""
        for shard in range(keys.DUE_SHARDS):
            page = queries.due(self.table, shard, self.now, 100)
            self.act(*page.rows)
        self.settle()

    def settle(self) -> None:
        """The relay and the mouth, until nothing is ready any more."""
        while ready := self.ready():
            for delivery in ready:
                self._deliver(delivery)

    def ready(self) -> list[Delivery]:
        """What the stream has told of since it was last asked."""
        written, self._written = [*self._written, *self.table.drain_stream()], []
        entities = [to_entity(w.new) for w in written if str(w.new["sk"]).startswith(keys.DELIVERY)]
        found = [entity for entity in entities if isinstance(entity, Delivery)]
        return [delivery for delivery in found if delivery.state is DeliveryState.READY]

    def _deliver(self, delivery: Delivery) -> None:
        self._count += 1
        claim = f"run-{self._count:04d}"

        def report(met: SendStatus) -> Outcome:
            (outcome,) = self.act(
                Report(
                    id=f"{claim}-{met}",
                    lead_id=delivery.lead_id,
                    delivery_id=delivery.id,
                    met=met,
                    claim=claim,
                    at=self.now,
                )
            )
            return outcome

        outcome = report(SendStatus.SENDING)
        match outcome:
            case Send():
                self.said.append(outcome)
                report(SendStatus.SENT)
            case DropDelivery():
                self.dropped.append(outcome)
            case Hold() | Ignored():
                pass
            case _:
                raise AssertionError(outcome)

    def record(self, record_id: str) -> Record:
        ref = RecordRef(record_id)
        record = read(self.table, [ref])[ref]
        assert isinstance(record, Record)
        return record

    def stored(self, lead_id: str) -> StoredLead:
        stored = read_lead(self.table, lead_id)
        assert stored is not None
        return stored

    def lead(self, lead_id: str) -> Lead:
        return self.stored(lead_id).lead

    def person(self, lead_id: str) -> Person:
        return self.stored(lead_id).person

    def confirm_all(self) -> None:
        """Everybody who was asked whether the address is theirs presses the button."""
        asked = [each.delivery for each in self.said if each.delivery.purpose == "confirmation"]
        for delivery in asked:
            self.confirm(delivery)

    def confirm(self, delivery: Delivery) -> None:
        """The person presses the button behind the link of this mail."""
        self.act(
            Signal(
                id=f"confirm:{delivery.id}",
                signal="confirm",
                lead_id=delivery.lead_id,
                delivery_id=delivery.id,
                at=self.now,
                confirmed=True,
            )
        )
        self.settle()

    def remember_sends(self, lead_id: str, sends: list[datetime]) -> None:
        """As if we had written to the person at these times."""
        record = self.record(lead_id)
        person = self.person(lead_id).but(sends=tuple(sends))
        after = record.but(person=person, version=record.version + 1)
        assert not commit(self.table, [Change(RecordRef(lead_id), record.version, after)])

    def find_playbook(self, version: str) -> CompiledPlaybook | None:
        """The playbook of a version that was live in this story, also one that was forgotten."""
        return self._books.get(version) or self._forgotten.get(version)

    def forget_playbook(self, version: str) -> None:
        """From now on nobody can read this version."""
        self._forgotten[version] = self._books.pop(version)

    def event_names(self, lead_id: str) -> list[str]:
        """Names of all events of a lead, in the order they happened."""
        return [event.name for event in self.events(lead_id)]

    def events(self, lead_id: str) -> list[Event]:
        """All events of a lead, in the order they happened."""
        entries = queries.timeline(self.table, lead_id, 1000).rows
        later = [event for entry in reversed(entries) for event in entry.events]
        founding = self.record(person_of(lead_id)).events
        return [event for event in (*founding, *later) if event.lead_id == lead_id]

    def open_leads(self) -> int:
        """How many leads all books together count as held."""
        refs = [PoolRef(pool) for pool in self.playbook.playbook.pools]
        books = read(self.table, refs).values()
        return sum(
            load.open for book in books if isinstance(book, Pool) for load in book.reps.values()
        )

    def count_mails(self, rep: str) -> int:
        """How many mails a rep got."""
        return sum(1 for send in self.said if send.delivery.rep == rep)

    def mailed_steps(self, lead_id: str) -> list[str | None]:
        """The nurture steps said to the person of a lead, in order."""
        return [
            send.delivery.step
            for send in self.said
            if send.delivery.lead_id == lead_id and send.delivery.rep is None
        ]
