"""A lead while it is being decided on: a unit of work that ends in one decision."""

from datetime import datetime

from leadloop.decide.lead.condition_view import CUSTOMER_FIELD, LeadViews, language_of
from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.lead_writes import LeadDraft, write_leads
from leadloop.model.account import Account, AccountRef
from leadloop.model.base import Reason
from leadloop.model.claim import Claim, ClaimRef, MailRef
from leadloop.model.command import Actor
from leadloop.model.count import Count
from leadloop.model.decision import Decision, Outcome
from leadloop.model.delivery import Delivery, DeliveryState, Purpose, delivery_ref
from leadloop.model.event import Event, TimelineEntry
from leadloop.model.events.catalogue import EventDetails, build_event
from leadloop.model.facts import Change
from leadloop.model.lead import Rating, Timer, TimerKind
from leadloop.model.lead_id import person_of
from leadloop.model.pool import Pool, PoolRef
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Submission, Touch
from leadloop.policy.conditions import View
from leadloop.quality.normalise import NormalisedContact

MOST_APPLIED_TRIGGERS = 8  # triggers by which an own write is known again


class ChangeSet:
    """Gathers what changes, until `build_decision` hands it over as one write set.

    `person` and `lead` are the working copies. `before` is what is stored of them; with `founding`,
    what they begin with. `actor` is whoever acts, if somebody does. `known` is a contact in normal
    form with what was found out about it: if it is the person's, that is not asked again.
    `number` tells apart the leads that one trigger changes.
    """

    def __init__(
        self,
        *,
        trigger_id: str,
        before: StoredLead,
        context: DecisionContext,
        founding: bool = False,
        actor: Actor | None = None,
        known: NormalisedContact | None = None,
        number: int = 0,
    ) -> None:
        self.trigger_id, self.lead_id = trigger_id, before.id
        self.person, self.lead = before.person, before.lead
        self.context = context
        self.facts, self.book, self.now = context.facts, context.book, context.now
        self._before, self._founding, self._actor = before, founding, actor
        self._number = number
        self._views = LeadViews(context.book, known)
        self._others: list[ChangeSet] = []
        self._pools: dict[str, Pool] = {}
        self._events: list[Event] = []
        self._deliveries: list[Delivery] = []
        self._changes: list[Change] = []
        self._counts: list[Count] = []
        self.reasons: tuple[Reason, ...] = ()
        self.why_not = before.why_not
        self.touch: Touch | None = None
        self.note: str | None = None

    @property
    def version(self) -> int:
        """The version the lead will have."""
        return 1 if self._founding else self._before.version + 1

    @property
    def is_rise_to_hot(self) -> bool:
        """Whether the lead has become hot by this decision."""
        return self.lead.rating is Rating.HOT and self._before.lead.rating is not Rating.HOT

    @property
    def person_id(self) -> str:
        """The id of the person whose lead it is."""
        return person_of(self.lead_id)

    @property
    def person_since(self) -> datetime:
        """When the first submission of the person came."""
        first = self._before.record.lead
        return first.created_at if first is not None else self.lead.created_at

    def open_others(self) -> "tuple[ChangeSet, ...]":
        """The person's other leads, to be changed by the same trigger; they queue no message."""
        if not self._others:
            self._others = [
                ChangeSet(
                    trigger_id=self.trigger_id,
                    before=stored,
                    context=self.context,
                    actor=self._actor,
                    number=number,
                )
                for number, stored in enumerate(
                    (
                        each
                        for each in self.context.find_leads(self.person_id)
                        if each.id != self.lead_id
                    ),
                    start=1,
                )
            ]
        return tuple(self._others)

    def update_lead(self, **changes: object) -> None:
        """Replace fields of the lead by name."""
        self.lead = self.lead.but(**changes)

    def update_person(self, **changes: object) -> None:
        """Replace fields of the person by name."""
        self.person = self.person.but(**changes)

    @property
    def owner(self) -> str | None:
        """The id of the rep who owns the lead now."""
        return self.lead.assignment.rep if self.lead.assignment else None

    @property
    def language(self) -> str:
        """The code of the language in which we speak to the person."""
        return language_of(self.person, self.lead, self.book)

    def record_event(self, details: EventDetails) -> None:
        """Add an event; its fields must not hold direct identifiers of the person."""
        event = build_event(
            details,
            event_id=self._event_id(),
            at=self.now,
            cause=self.trigger_id,
            lead_id=self.lead_id,
            actor=self._actor.id if self._actor else None,
        )
        self._events.append(event)

    def _event_id(self) -> str:
        within = f"{self._number}." if self._number else ""
        return f"{self.trigger_id}#{within}{len(self._events)}"

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
        """The person's company; None if it has none, or nobody owns it."""
        return self.facts.get(AccountRef(self.person.account)) if self.person.account else None

    def view(self, fields: frozenset[str] = frozenset({CUSTOMER_FIELD})) -> View:
        """The lead as conditions with these `fields` see it.

        The company is read only if one of them asks for it.
        """
        view = self._views.view_of(self.person, self.lead, self._account_if_asked(fields))
        if (notes := self.facts.notes) is not None:
            notes.view, notes.line = view, self.lead.product_line
        return view

    def view_without_account(self) -> View:
        """The same as far as it is known before the company is read."""
        return self._views.view_of(self.person, self.lead, None)

    def inquiry_view(self, submission: Submission, fields: frozenset[str]) -> View:
        """The same, with this inquiry's wish, fields and source for the earlier ones."""
        account = self._account_if_asked(fields)
        return self._views.view_of_inquiry(submission, self.person, self.lead, account)

    def _account_if_asked(self, fields: frozenset[str]) -> Account | None:
        return self.account() if CUSTOMER_FIELD in fields else None

    def update_account(self, **changes: object) -> None:
        """Replace fields of the person's company; without a company nothing happens."""
        if self.person.account is None:
            return
        account = self.account() or Account(id=self.person.account, version=0)
        after = account.but(version=account.version + 1, **changes)
        self._changes.append(Change(AccountRef(account.id), account.version or None, after))

    def claim(self, ref: ClaimRef | MailRef) -> None:
        """Claim the value for the person, unless one holds it already."""
        if self.facts.get(ref) is None:
            self._changes.append(Change(ref, None, Claim(lead_id=self.person_id)))

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

    @property
    def is_changed(self) -> bool:
        """Whether anything of the lead has changed."""
        return bool(self._events) or self.lead is not self._before.lead

    @property
    def founds_person(self) -> bool:
        """Whether the record that founds the lead keeps its events: it is a person's first."""
        return self._founding and self._before.further is None

    def draft(self) -> LeadDraft:
        """The lead as this decision leaves it."""
        self.update_lead(applied=(*self.lead.applied, self.trigger_id)[-MOST_APPLIED_TRIGGERS:])
        return LeadDraft(
            before=self._before,
            lead=self.lead,
            why_not=self.why_not,
            founding=self._founding,
            reasons=self.reasons,
            events=tuple(self._events),
        )

    def build_decision(self, outcome: Outcome) -> Decision:
        """The decision: everything gathered, as one write set."""
        sets = (self, *(each for each in self._others if each.is_changed))
        drafts = [each.draft() for each in sets]
        written = write_leads(drafts, self.person)
        changes = [*self._changes, *written.changes]
        changes += [
            self.context.insert_entry(
                TimelineEntry(
                    lead_id=each.lead_id,
                    at=self.now,
                    trigger_id=self.trigger_id,
                    n=n,
                    events=draft.events,
                    touch=each.touch,
                    note=each.note,
                )
            )
            for n, (each, draft) in enumerate(zip(sets, drafts, strict=True))
            if draft.events and not each.founds_person
        ]
        for pool in self._pools.values():
            known = self.facts.get(PoolRef(pool.id))
            version = known.version if known else 0
            changes.append(Change(PoolRef(pool.id), version or None, pool.but(version=version + 1)))
        changes += [
            Change(delivery_ref(delivery.lead_id, delivery.id), None, delivery)
            for delivery in self._deliveries
        ]
        return Decision(
            outcome=outcome,
            basis=self.context.basis,
            reasons=self.reasons,
            changes=tuple(changes),
            counts=tuple(self._counts),
            checks=written.checks,
            events=tuple(event for draft in drafts for event in draft.events),
        )
