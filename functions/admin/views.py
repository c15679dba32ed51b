"""The answers of the admin API, as its description names them."""

from collections.abc import Iterable
from datetime import datetime

from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact
from leadloop.model.delivery import Delivery
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import Lead, Record, SubmissionOutcome
from leadloop.model.person import Person
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Channel
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.scoring.explain import HotShortfall, shortfall_to_hot
from leadloop.store.items import Card
from leadloop.store.queries import Page


class WorkItem(Model):
    """A lead in a work list, or a submission in quarantine (`title` is why, by codes).

    `asked`: since when the person waits for an answer; those come first.
    """

    id: str
    at: datetime
    source: str
    title: str
    company: str
    stage: str
    rating: str
    score: int
    product_line: str
    parser: str
    asked: datetime | None


class WorkItems(Model):
    """A page; `next` is the cursor of the following one."""

    rows: tuple[WorkItem, ...]
    next: str | None

    @classmethod
    def of(cls, page: Page[Card]) -> "WorkItems":
        """A page of the store as a page of the API."""
        rows = tuple(
            WorkItem.model_validate({**card._asdict(), "asked": card.asked or None})
            for card in page.rows
        )
        return cls(rows=rows, next=page.cursor)


class LeadView(Model):
    """A lead as it stands, and its person; `version` is also its ETag.

    `other_leads` are the ids of the leads that the person has in other product lines. `reasons` are
    those it was founded for, `why_not` those of its last assignment; what its score is made of now
    is in `lead.score`, what it wants to be hot in `missing`.
    """

    id: str
    version: int
    person: Person
    lead: Lead
    reasons: tuple[Reason, ...]
    why_not: tuple[Reason, ...]
    missing: HotShortfall
    other_leads: tuple[str, ...]

    @classmethod
    def of(
        cls,
        stored: StoredLead,
        reasons: tuple[Reason, ...],
        leads: Iterable[StoredLead],
        book: CompiledPlaybook,
    ) -> "LeadView":
        """The lead among all `leads` of its person; `reasons` are those it was founded for."""
        lead = stored.lead
        return cls(
            id=stored.id,
            version=stored.version,
            person=stored.person,
            lead=lead,
            reasons=reasons,
            why_not=stored.why_not,
            missing=shortfall_to_hot(lead.score, book.score_model(lead.product_line)),
            other_leads=tuple(each.id for each in leads if each.id != stored.id),
        )


class RawView(Model):
    """The bytes as they came are at `…/raw`; `sha256` in hex, `size` in bytes."""

    sha256: str
    size: int
    content_type: str | None


class SubmissionView(Model):
    """What became of one inquiry. `contact` is what was understood, while it is quarantined."""

    id: str
    version: int
    source: str
    channel: Channel
    received_at: datetime
    decided_at: datetime
    outcome: SubmissionOutcome
    reasons: tuple[Reason, ...]
    lead_id: str | None
    cause: str | None
    released_as: str | None
    released_by: Actor | None
    playbook: str
    parser: str | None
    contact: Contact | None
    raw: RawView

    @classmethod
    def of(cls, record: Record) -> "SubmissionView":
        """The record without its bytes and without the lead it founds."""
        values = record.model_dump(include=set(cls.model_fields) - {"raw"})
        raw_values = record.raw.model_dump(include=set(RawView.model_fields))
        return cls.model_validate({**values, "raw": raw_values})


class Timeline(Model):
    """What happened, newest first; `deliveries` with the first page only."""

    entries: tuple[TimelineEntry, ...]
    deliveries: tuple[Delivery, ...]
    next: str | None
