"""Where a lead goes from here: score it, then hand it to a person or nurture it."""

from collections.abc import Collection

from leadloop.decide.lead.change_set import Draft
from leadloop.decide.lead.condition_view import OF_COMPANY, language_of, view_of
from leadloop.model.account import Account
from leadloop.model.base import Reason
from leadloop.model.delivery import Purpose
from leadloop.model.facts import AccountRef, PoolRef
from leadloop.model.lead import Assignment, Enrolment, Score, TimerKind
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.nurture import steps
from leadloop.playbook.compiled import Compiled
from leadloop.policy.conditions import View
from leadloop.routing.choose import Owner, Placement, choose, pools_of
from leadloop.routing.fair_share import free
from leadloop.routing.policy import Rep, Route
from leadloop.sales.policy import ServiceLevel
from leadloop.sales.service_level import accept_by, look_again_at
from leadloop.scoring.behaviour import behaviour
from leadloop.scoring.rating import rate

MOST_TOLD = 1_000  # characters of what was said, in a mail; all of it is on the timeline


def rescore(draft: Draft) -> None:
    """Score and rating as of now; an event only when one of them is another than before."""
    lead, book = draft.lead, draft.book
    model = book.score(lead.product_line)
    rules = book.fit(lead.product_line)
    fit_rows = rules.holding(_view(draft, rules.fields))
    behaviour_rows = behaviour(model.behaviour, lead.touchpoints, draft.now)
    score = Score(
        model=model.id,
        fit=sum(row.points for row in fit_rows),
        behaviour=sum(row.points for row in behaviour_rows),
        points=fit_rows + behaviour_rows,
    )
    rating = rate(score.total, model.thresholds)
    changed = (score.total, rating) != (lead.score.total, lead.rating)
    draft.set(score=score, rating=rating)
    if changed:
        draft.event("LeadScored", total=score.total, fit=score.fit, rating=str(rating))


def advance(draft: Draft) -> None:
    """A new or nurtured lead: to a person when the agreed threshold is reached, else nurtured.

    A subscriber stays new, and gets what he has subscribed to, until he asks or the score says so.
    Who is kept quiet stays where he is.
    """
    lead = draft.lead
    if lead.quiet or lead.stage not in (Stage.NEW, Stage.NURTURING):
        return
    threshold = draft.book.score(lead.product_line).thresholds.qualify
    if lead.handed_back_at is not None:
        threshold = max(threshold, lead.handed_back_at + 1)
    direct = lead.handed_back_at is None and draft.book.source(lead.source).direct_to_sales
    if lead.score.total >= threshold or direct:
        begin_as_lead(draft)
        leave_sequence(draft, "qualified")
        draft.set(stage=move(lead.stage, Move.QUALIFY), handed_back_at=None)
        draft.event("LeadQualified", total=lead.score.total, threshold=threshold, direct=direct)
        assign(draft)
    elif lead.stage is Stage.NEW and not lead.subscriber:
        draft.set(stage=move(lead.stage, Move.NURTURE))
        draft.event("LeadNurtured", total=lead.score.total, threshold=threshold)
        enrol(draft)


def begin_as_lead(draft: Draft) -> None:
    """Who had only subscribed is a sales lead from now on."""
    if draft.lead.subscriber:
        draft.set(subscriber=False)
        draft.event("LeadCreated", source=draft.lead.source, channel=str(draft.lead.channel))


def assign(draft: Draft, *, without: Collection[str] = (), only: str | None = None) -> None:
    """Give the lead to who should have it, tell them, and start their time to accept.

    `without` are reps who had their chance; `only` is the pool it is escalated to.
    """
    placement = _place(draft, without=without, only=only)
    before = draft.lead.assignment
    takebacks = before.takebacks if before else 0
    assignment = Assignment(
        pool=placement.pool,
        rep=placement.rep.id if placement.rep else None,
        at=draft.now,
        route=placement.route,
        takebacks=takebacks,
    )
    draft.set(assignment=assignment)
    draft.why_not = placement.why_not
    if placement.book is not None:
        draft.put_pool(placement.book)
    if not _waits_on(before, assignment):
        draft.event(
            "OwnerChanged",
            before=before.rep if before else None,
            owner=assignment.rep,
            pool=assignment.pool,
            route=assignment.route,
            why=placement.reason,
        )
    draft.no_timer(TimerKind.BREACH)
    if placement.rep is None:
        draft.timer(TimerKind.BREACH, look_again_at(_level(draft), draft.now))
        return
    if only is None:  # who it is escalated to keeps it
        time_to_accept(draft, placement.rep)
    tell_owner(draft, placement.reason)


def who_answers(draft: Draft) -> str:
    """The pool in whose list a question waits while nobody works the lead.

    By route, hours, leave and language, and not by load: to answer is not to hold a lead.
    """
    book = draft.book
    route = book.routes.first(view_of(draft.lead, _account(draft), book))
    placement = choose(
        route,
        routing=book.playbook.routing,
        pools=book.playbook.pools,
        books=dict.fromkeys(route.pools),
        owner=None,
        language=language_of(draft.lead, book),
        without=(),
        now=draft.now,
    )
    return placement.pool


def time_to_accept(draft: Draft, rep: Rep) -> None:
    """From now on the owner's working minutes are counted."""
    weeks = draft.book.playbook.routing.weeks
    until = accept_by(
        _level(draft), draft.now, week=weeks[rep.hours], zone=rep.zone, leave=rep.leave
    )
    if until is not None:
        draft.timer(TimerKind.BREACH, until)


def _level(draft: Draft) -> ServiceLevel:
    """The company's; who came last by a door with a time of its own has that."""
    lead, level = draft.lead, draft.book.playbook.lifecycle.service_level
    last = lead.last_touch.source if lead.last_touch else lead.source
    minutes = draft.book.source(last).accept_minutes
    return level if minutes is None else level.but(accept_minutes=minutes)


def _waits_on(before: Assignment | None, after: Assignment) -> bool:
    """In the same queue as before: nothing happened."""
    return before is not None and (before.rep, after.rep, before.pool) == (None, None, after.pool)


def tell_owner(draft: Draft, why: str) -> None:
    """A mail to the rep who owns the lead: who it is, why hot, why theirs, what was just said."""
    assignment = draft.lead.assignment
    if assignment is None or assignment.rep is None:
        return
    rep = draft.book.rep(assignment.rep)
    if rep is None:
        return
    language = rep.languages[0] if rep.languages else draft.book.playbook.company.language
    draft.deliver(
        Purpose.REP_ALERT,
        template="rep_alert",
        language=language,
        rep=rep.id,
        data={
            "route_reason": why,
            "reasons": "\n".join(row.reason for row in draft.lead.score.points if row.points > 0),
            **({"said": draft.note[:MOST_TOLD]} if draft.note else {}),
        },
    )


def release(draft: Draft) -> None:
    """The rep holds this lead no more: it stops counting as open."""
    assignment = draft.lead.assignment
    if assignment is not None and assignment.rep is not None and assignment.held:
        draft.set(assignment=assignment.but(held=False))
        draft.facts.require(PoolRef(assignment.pool))
        draft.put_pool(free(draft.pool(assignment.pool), assignment.pool, assignment.rep))
    draft.no_timer(TimerKind.BREACH)


def enrol(draft: Draft) -> None:
    """Into the first sequence of its product line that takes it; without one it only waits."""
    lead, book = draft.lead, draft.book
    sequences = book.sequences(lead.product_line)
    sequence = sequences.first(_view(draft, sequences.fields))
    planned = steps.next_step(sequence, None, draft.now) if sequence else None
    if sequence is None or planned is None:
        return
    enrolment = Enrolment(
        sequence=sequence.id, version=book.version, step=planned.step.id, entered_at=draft.now
    )
    draft.set(enrolment=enrolment)
    draft.timer(TimerKind.STEP, planned.at, planned.not_after)
    draft.event("SequenceEntered", sequence=sequence.id)


def leave_sequence(draft: Draft, why: str) -> None:
    """Out of the sequence; nothing more is sent from it."""
    enrolment = draft.lead.enrolment
    draft.no_timer(TimerKind.STEP)
    if enrolment is not None:
        draft.set(enrolment=None)
        draft.event("SequenceLeft", sequence=enrolment.sequence, step=enrolment.step, why=why)


def explain(draft: Draft) -> tuple[Reason, ...]:
    """Why it came out as it did, in plain words, for whoever reads the lead."""
    lead = draft.lead
    rows = [
        Reason(code=row.rule, text=f"{row.points:+d} {row.reason}") for row in lead.score.points
    ]
    total = Reason(code=f"rating_{lead.rating}", text=f"{lead.score.total} points: {lead.rating}")
    return (total, *rows)


def _place(draft: Draft, *, without: Collection[str], only: str | None) -> Placement:
    book, facts = draft.book, draft.facts
    if only is None:
        _ask_for_company_and_pools(draft)
    account = _account(draft)
    view = view_of(draft.lead, account, book)
    owner = None
    if only is not None:
        route = Route(id="escalation", pools=(only,), reason="nobody accepted it in time")
    else:
        route = book.routes.first(view)
        owner = _owner_before(account, book, without)
    names = pools_of(route, owner)
    facts.require(*(PoolRef(name) for name in names))
    over = book.routes.passed_over(route, view) if only is None else ()
    placement = choose(
        route,
        routing=book.playbook.routing,
        pools=book.playbook.pools,
        books={name: draft.pool(name) for name in names},
        owner=owner,
        language=language_of(draft.lead, book),
        without=without,
        now=draft.now,
    )
    return placement.but(why_not=over + placement.why_not)


def _owner_before(
    account: Account | None, book: Compiled, without: Collection[str]
) -> Owner | None:
    """Who owns the company, unless the playbook has them no longer or they had their chance.

    A customer's next question goes where the playbook routes customers, not to who sold first.
    """
    if not book.playbook.routing.sticky or account is None or account.customer_since is not None:
        return None
    if account.rep is None or account.rep in without or book.rep(account.rep) is None:
        return None
    pool = book.pool_of(account.rep)
    return Owner(pool=pool, rep=account.rep) if pool else None


def _ask_for_company_and_pools(draft: Draft) -> None:
    """In one go: most companies are new, and then these are the pools that the route asks."""
    lead, facts = draft.lead, draft.facts
    if lead.account is None or AccountRef(lead.account) in facts.known:
        return
    route = draft.book.routes.first(view_of(lead, None, draft.book))
    facts.require(AccountRef(lead.account), *(PoolRef(name) for name in pools_of(route, None)))


def _view(draft: Draft, fields: frozenset[str]) -> View:
    """The lead as rules that ask for `fields` see it: its company is read if one asks of it."""
    account = _account(draft) if OF_COMPANY in fields else None
    return view_of(draft.lead, account, draft.book)


def _account(draft: Draft) -> Account | None:
    if draft.lead.account is None:
        return None
    draft.facts.require(AccountRef(draft.lead.account))
    return draft.account()
