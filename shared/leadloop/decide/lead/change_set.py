"""A lead while it is being decided on: a unit of work that ends in one decision."""

from datetime import datetime

from leadloop.decide.lead.condition_view import CUSTOMER_FIELD, LeadViews
from leadloop.decide.lead.context import DecisionContext
from leadloop.model.account import Account, AccountRef
from leadloop.model.base import Reason
from leadloop.model.claim import Claim, ClaimRef, MailRef
from leadloop.model.command import Actor
from leadloop.model.count import Count
from leadloop.model.decision import Decision, Outcome
from leadloop.model.delivery import Delivery, DeliveryRef, DeliveryState, Purpose
from leadloop.model.event import Event, TimelineEntry
from leadloop.model.events.catalogue import EventDetails, build_event
from leadloop.model.facts import Change
from leadloop.model.lead import Rating, Record, RecordRef, Timer, TimerKind
from leadloop.model.pool import Pool, PoolRef
from leadloop.model.reference import AnyRef
from leadloop.model.submission import Submission, Touch
from leadloop.policy.conditions import View
from leadloop.quality.normalise import NormalisedContact

MOST_APPLIED_TRIGGERS = 8  # triggers by which an own write is known again


class ChangeSet:
    """Gathers what changes, until `build_decision` hands it over as one write set.

    `lead` is the working copy. `record` is the stored one that holds the lead; with `founding`,
    the one it begins with. `actor` is the person who acts, if one does. `known` is a contact in
    normal form with what was found out about it: if it is the lead's, that is not asked again.

    Raises:
        ValueError: if the record holds no lead.

    """

    def __init__(
        self,
        *,
        trigger_id: str,
        record: Record,
        context: DecisionContext,
        founding: bool = False,
        actor: Actor | None = None,
        known: NormalisedContact | None = None,
    ) -> None:
        if record.lead is None:
            raise ValueError(f"the submission {record.id} founded no lead")
        self.trigger_id, self.lead_id, self.lead = trigger_id, record.id, record.lead
        self.context = context
        self.facts, self.book, self.now = context.facts, context.book, context.now
        self._record, self._founding, self._actor = record, founding, actor
        self._views = LeadViews(context.book, known)
        self._pools: dict[str, Pool] = {}
        self._events: list[Event] = []
        self._deliveries: list[Delivery] = []
        self._changes: list[Change] = []
        self._counts: list[Count] = []
        self.reasons: tuple[Reason, ...] = ()
        self.why_not = record.why_not
        self.touch: Touch | None = None
        self.note: str | None = None

    @property
    def version(self) -> int:
        """The version the lead will have."""
        return 1 if self._founding else self._record.version + 1

    @property
    def is_rise_to_hot(self) -> bool:
        """Whether the lead has become hot by this decision."""
        before = self._record.lead
        was_hot = before is not None and before.rating is Rating.HOT
        return self.lead.rating is Rating.HOT and not was_hot

    def update_lead(self, **changes: object) -> None:
        """Replace fields of the lead by name."""
        self.lead = self.lead.but(**changes)

    @property
    def owner(self) -> str | None:
        """The id of the rep who owns the lead now."""
        return self.lead.assignment.rep if self.lead.assignment else None

    def record_event(self, details: EventDetails) -> None:
        """Add an event; its fields must not hold direct identifiers of the person."""
        event = build_event(
            details,
            event_id=f"{self.trigger_id}#{len(self._events)}",
            at=self.now,
            cause=self.trigger_id,
            lead_id=self.lead_id,
            actor=self._actor.id if self._actor else None,
        )
        self._events.append(event)

    def set_timer(
        self, kind: TimerKind, at: datetime, not_after: datetime | None = None, key: str = ""
    ) -> None:
        """Set the one timer of this kind and key; a quiet lead gets none."""
        if self.lead.quiet:
            return
        self.stop_timer(kind, key)
        timer = Timer(kind=kind, key=key, at=at, not_after=not_after)
        self.update_lead(timers=(*self.lead.timers, timer))

    def stop_timer(self, kind: TimerKind, key: str = "") -> None:
        """Stop the timer of this kind and key, if there is one."""
        timers = self.lead.timers
        others = tuple(timer for timer in timers if (timer.kind, timer.key) != (kind, key))
        if len(others) < len(timers):
            self.update_lead(timers=others)

    def queue_delivery(  # noqa: PLR0913 - the delivery's own fields
        self,
        purpose: Purpose,
        *,
        template: str,
        language: str,
        rep: str | None = None,
        not_after: datetime | None = None,
        sequence: str | None = None,
        step: str | None = None,
        playbook: str | None = None,
        offer: str | None = None,
        data: dict[str, str] | None = None,
        wait_until: datetime | None = None,
    ) -> Delivery | None:
        """Queue a mail; `deliver` asks again whether it may be sent. None for a quiet lead.

        Without `rep` it goes to the person. It is not sent before `wait_until`.
        """
        if self.lead.quiet:
            return None
        delivery = Delivery(
            id=f"{self.trigger_id}#{len(self._deliveries)}",
            version=1,
            lead_id=self.lead_id,
            purpose=purpose,
            channel="email",
            template=template,
            language=language,
            created_at=self.now,
            rep=rep,
            not_after=not_after,
            sequence=sequence,
            step=step,
            playbook=playbook,
            offer=offer,
            data=data or {},
            state=DeliveryState.WAITING if wait_until else DeliveryState.READY,
            retry_at=wait_until,
        )
        self._deliveries.append(delivery)
        return delivery

    def pool(self, name: str) -> Pool | None:
        """The pool's book as this decision has left it; None before its first lead."""
        return self._pools.get(name) or self.facts.get(PoolRef(name))

    def put_pool(self, pool: Pool) -> None:
        """Write this book of the pool along."""
        self._pools[pool.id] = pool

    def account(self) -> Account | None:
        """The lead's company; None if it has none, or nobody owns it."""
        return self.facts.get(AccountRef(self.lead.account)) if self.lead.account else None

    def view(self, fields: frozenset[str] = frozenset({CUSTOMER_FIELD})) -> View:
        """The lead as conditions with these `fields` see it.

        The company is read only if one of them asks for it.
        """
        view = self._views.view_of(self.lead, self._account_if_asked(fields))
        if (notes := self.facts.notes) is not None:
            notes.view, notes.lead = view, self.lead
        return view

    def view_without_account(self) -> View:
        """The same as far as it is known before the company is read."""
        return self._views.view_of(self.lead, None)

    def inquiry_view(self, submission: Submission, fields: frozenset[str]) -> View:
        """The same, with this inquiry's wish, fields and source for the earlier ones."""
        account = self._account_if_asked(fields)
        return self._views.view_of_inquiry(submission, self.lead, account)

    def _account_if_asked(self, fields: frozenset[str]) -> Account | None:
        return self.account() if CUSTOMER_FIELD in fields else None

    def update_account(self, **changes: object) -> None:
        """Replace fields of the lead's company; without a company nothing happens."""
        if self.lead.account is None:
            return
        account = self.account() or Account(id=self.lead.account, version=0)
        after = account.but(version=account.version + 1, **changes)
        self._changes.append(Change(AccountRef(account.id), account.version or None, after))

    def claim(self, ref: ClaimRef | MailRef) -> None:
        """Claim the value for the lead, unless a lead holds it already."""
        if self.facts.get(ref) is None:
            self._changes.append(Change(ref, None, Claim(lead_id=self.lead_id)))

    def add_change(self, change: Change) -> None:
        """Add one more item to the same transaction."""
        self._changes.append(change)

    def count_if_room(self, *counts: Count) -> bool:
        """Add all of these counts, or none where one of them has no room; whether it did."""
        self.facts.require(*(count.ref for count in counts))
        for count in counts:
            known = self.facts.get(count.ref)
            if (known.value if known else 0) + count.by > count.at_most:
                return False
        self._counts += counts
        return True

    def build_decision(self, outcome: Outcome) -> Decision:
        """The decision: everything gathered, as one write set."""
        events = tuple(self._events)
        self.update_lead(applied=(*self.lead.applied, self.trigger_id)[-MOST_APPLIED_TRIGGERS:])
        record_ref: AnyRef = RecordRef(self.lead_id)
        changes = list(self._changes)
        after = self._record.but(lead=self.lead, version=self.version, why_not=self.why_not)
        if self._founding:
            after = after.but(events=events, reasons=self.reasons)
            changes.append(Change(record_ref, None, after))
        else:
            changes.append(Change(record_ref, self._record.version, after))
            if events:
                entry = TimelineEntry(
                    lead_id=self.lead_id,
                    at=self.now,
                    trigger_id=self.trigger_id,
                    events=events,
                    touch=self.touch,
                    note=self.note,
                )
                changes.append(self.context.insert_entry(entry))
        for pool in self._pools.values():
            known = self.facts.get(PoolRef(pool.id))
            version = known.version if known else 0
            changes.append(Change(PoolRef(pool.id), version or None, pool.but(version=version + 1)))
        changes += [
            Change(DeliveryRef(delivery.lead_id, delivery.id), None, delivery)
            for delivery in self._deliveries
        ]
        return Decision(
            outcome=outcome,
            basis=self.context.basis,
            reasons=self.reasons,
            changes=tuple(changes),
            counts=tuple(self._counts),
            events=events,
        )
