"""Where a lead goes from here: score it, then hand it to a person or nurture it."""

from collections.abc import Collection

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.condition_view import CUSTOMER_FIELD, language_of, view_of
from leadloop.model.account import Account
from leadloop.model.base import Reason
from leadloop.model.delivery import Purpose
from leadloop.model.facts import AccountRef, PoolRef
from leadloop.model.lead import Assignment, Enrolment, Score, TimerKind
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.nurture import steps
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.conditions import View
from leadloop.routing.choose import AccountOwner, Placement, place_lead, pools_of
from leadloop.routing.fair_share import remove_lead
from leadloop.routing.policy import Rep, Route
from leadloop.sales.policy import ServiceLevel
from leadloop.sales.service_level import acceptance_deadline, queue_review_at
from leadloop.scoring.behaviour import behaviour_points
from leadloop.scoring.rating import rate_score

MOST_NOTE_CHARACTERS = 1_000  # characters of what was said, in a mail; all of it is on the timeline


def rescore(draft: ChangeSet) -> None:
    """Score and rating as of now; an event only when one of them is another than before."""
    lead, book = draft.lead, draft.book
    model = book.score_model(lead.product_line)
    rules = book.fit_rules(lead.product_line)
    fit_rows = rules.all_matches(_view(draft, rules.fields))
    behaviour_rows = behaviour_points(model.behaviour, lead.touchpoints, draft.now)
    score = Score(
        model=model.id,
        fit=sum(row.points for row in fit_rows),
        behaviour=sum(row.points for row in behaviour_rows),
        points=fit_rows + behaviour_rows,
    )
    rating = rate_score(score.total, model.thresholds)
    changed = (score.total, rating) != (lead.score.total, lead.rating)
    draft.update_lead(score=score, rating=rating)
    if changed:
        draft.record_event("LeadScored", total=score.total, fit=score.fit, rating=str(rating))


def qualify_or_nurture(draft: ChangeSet) -> None:
    """A new or nurtured lead: to a person when the agreed threshold is reached, else nurtured.

    A subscriber stays new, and gets what he has subscribed to, until he asks or the score says so.
    Who is kept quiet stays where he is.
    """
    lead = draft.lead
    if lead.quiet or lead.stage not in (Stage.NEW, Stage.NURTURING):
        return
    threshold = draft.book.score_model(lead.product_line).thresholds.qualify
    if lead.handed_back_at is not None:
        threshold = max(threshold, lead.handed_back_at + 1)
    direct = lead.handed_back_at is None and draft.book.source(lead.source).direct_to_sales
    if lead.score.total >= threshold or direct:
        promote_subscriber(draft)
        leave_sequence(draft, "qualified")
        draft.update_lead(stage=move(lead.stage, Move.QUALIFY), handed_back_at=None)
        draft.record_event(
            "LeadQualified", total=lead.score.total, threshold=threshold, direct=direct
        )
        assign(draft)
    elif lead.stage is Stage.NEW and not lead.subscriber:
        draft.update_lead(stage=move(lead.stage, Move.NURTURE))
        draft.record_event("LeadNurtured", total=lead.score.total, threshold=threshold)
        enrol(draft)


def promote_subscriber(draft: ChangeSet) -> None:
    """Who had only subscribed is a sales lead from now on."""
    if draft.lead.subscriber:
        draft.update_lead(subscriber=False)
        draft.record_event("LeadCreated", source=draft.lead.source, channel=str(draft.lead.channel))


def assign(draft: ChangeSet, *, without: Collection[str] = (), only: str | None = None) -> None:
    """Give the lead to who should have it, tell them, and start their time to accept.

    `without` are reps who had their chance; `only` is the pool it is escalated to.
    """
    placement = _choose_placement(draft, without=without, only=only)
    before = draft.lead.assignment
    takebacks = before.takebacks if before else 0
    assignment = Assignment(
        pool=placement.pool,
        rep=placement.rep.id if placement.rep else None,
        at=draft.now,
        route=placement.route,
        takebacks=takebacks,
    )
    draft.update_lead(assignment=assignment)
    draft.why_not = placement.why_not
    if placement.book is not None:
        draft.put_pool(placement.book)
    if not _stays_in_queue(before, assignment):
        draft.record_event(
            "OwnerChanged",
            before=before.rep if before else None,
            owner=assignment.rep,
            pool=assignment.pool,
            route=assignment.route,
            why=placement.reason,
        )
    draft.stop_timers(TimerKind.BREACH)
    if placement.rep is None:
        draft.set_timer(TimerKind.BREACH, queue_review_at(_service_level(draft), draft.now))
        return
    if only is None:  # who it is escalated to keeps it
        start_accept_timer(draft, placement.rep)
    alert_owner(draft, placement.reason)


def question_pool(draft: ChangeSet) -> str:
    """The pool in whose list a question waits while nobody works the lead.

    By route, hours, leave and language, and not by load: to answer is not to hold a lead.
    """
    book = draft.book
    route = book.routes.first_match(view_of(draft.lead, _account(draft), book))
    placement = place_lead(
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


def start_accept_timer(draft: ChangeSet, rep: Rep) -> None:
    """From now on the owner's working minutes are counted."""
    weeks = draft.book.playbook.routing.weeks
    until = acceptance_deadline(
        _service_level(draft), draft.now, week=weeks[rep.hours], zone=rep.zone, leave=rep.leave
    )
    if until is not None:
        draft.set_timer(TimerKind.BREACH, until)


def _service_level(draft: ChangeSet) -> ServiceLevel:
    """The company's; who came last by a door with a time of its own has that."""
    lead, level = draft.lead, draft.book.playbook.lifecycle.service_level
    last = lead.last_touch.source if lead.last_touch else lead.source
    minutes = draft.book.source(last).accept_minutes
    return level if minutes is None else level.but(accept_minutes=minutes)


def _stays_in_queue(before: Assignment | None, after: Assignment) -> bool:
    """In the same queue as before: nothing happened."""
    return before is not None and (before.rep, after.rep, before.pool) == (None, None, after.pool)


def alert_owner(draft: ChangeSet, why: str) -> None:
    """A mail to the rep who owns the lead: who it is, why hot, why theirs, what was just said."""
    assignment = draft.lead.assignment
    if assignment is None or assignment.rep is None:
        return
    rep = draft.book.rep(assignment.rep)
    if rep is None:
        return
    language = rep.languages[0] if rep.languages else draft.book.playbook.company.language
    draft.queue_delivery(
        Purpose.REP_ALERT,
        template="rep_alert",
        language=language,
        rep=rep.id,
        data={
            "route_reason": why,
            "reasons": "\n".join(row.reason for row in draft.lead.score.points if row.points > 0),
            **({"said": draft.note[:MOST_NOTE_CHARACTERS]} if draft.note else {}),
        },
    )


def free_rep_capacity(draft: ChangeSet) -> None:
    """The rep holds this lead no more: it stops counting as open."""
    assignment = draft.lead.assignment
    if assignment is not None and assignment.rep is not None and assignment.held:
        draft.update_lead(assignment=assignment.but(held=False))
        draft.facts.require(PoolRef(assignment.pool))
        draft.put_pool(remove_lead(draft.pool(assignment.pool), assignment.pool, assignment.rep))
    draft.stop_timers(TimerKind.BREACH)


def enrol(draft: ChangeSet) -> None:
    """Into the first sequence of its product line that takes it; without one it only waits."""
    lead, book = draft.lead, draft.book
    sequences = book.sequences(lead.product_line)
    sequence = sequences.first_match(_view(draft, sequences.fields))
    planned = steps.next_step(sequence, None, draft.now) if sequence else None
    if sequence is None or planned is None:
        return
    enrolment = Enrolment(
        sequence=sequence.id, version=book.version, step=planned.step.id, entered_at=draft.now
    )
    draft.update_lead(enrolment=enrolment)
    draft.set_timer(TimerKind.STEP, planned.at, planned.not_after)
    draft.record_event("SequenceEntered", sequence=sequence.id)


def leave_sequence(draft: ChangeSet, why: str) -> None:
    """Out of the sequence; nothing more is sent from it."""
    enrolment = draft.lead.enrolment
    draft.stop_timers(TimerKind.STEP)
    if enrolment is not None:
        draft.update_lead(enrolment=None)
        draft.record_event(
            "SequenceLeft", sequence=enrolment.sequence, step=enrolment.step, why=why
        )


def explain_score(draft: ChangeSet) -> tuple[Reason, ...]:
    """Why it came out as it did, in plain words, for whoever reads the lead."""
    lead = draft.lead
    rows = [
        Reason(code=row.rule, text=f"{row.points:+d} {row.reason}") for row in lead.score.points
    ]
    total = Reason(code=f"rating_{lead.rating}", text=f"{lead.score.total} points: {lead.rating}")
    return (total, *rows)


def _choose_placement(draft: ChangeSet, *, without: Collection[str], only: str | None) -> Placement:
    book, facts = draft.book, draft.facts
    if only is None:
        _require_company_and_pools(draft)
    account = _account(draft)
    view = view_of(draft.lead, account, book)
    owner = None
    if only is not None:
        route = Route(id="escalation", pools=(only,), reason="nobody accepted it in time")
    else:
        route = book.routes.first_match(view)
        owner = _owner_before(account, book, without)
    names = pools_of(route, owner)
    facts.require(*(PoolRef(name) for name in names))
    over = book.routes.skip_reasons(route, view) if only is None else ()
    placement = place_lead(
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
    account: Account | None, book: CompiledPlaybook, without: Collection[str]
) -> AccountOwner | None:
    """Who owns the company, unless the playbook has them no longer or they had their chance.

    A customer's next question goes where the playbook routes customers, not to who sold first.
    """
    if not book.playbook.routing.sticky or account is None or account.customer_since is not None:
        return None
    if account.rep is None or account.rep in without or book.rep(account.rep) is None:
        return None
    pool = book.pool_of(account.rep)
    return AccountOwner(pool=pool, rep=account.rep) if pool else None


def _require_company_and_pools(draft: ChangeSet) -> None:
    """In one go: most companies are new, and then these are the pools that the route asks."""
    lead, facts = draft.lead, draft.facts
    if lead.account is None or AccountRef(lead.account) in facts.known:
        return
    route = draft.book.routes.first_match(view_of(lead, None, draft.book))
    facts.require(AccountRef(lead.account), *(PoolRef(name) for name in pools_of(route, None)))


def _view(draft: ChangeSet, fields: frozenset[str]) -> View:
    """The lead as rules that ask for `fields` see it: its company is read if one asks of it."""
    account = _account(draft) if CUSTOMER_FIELD in fields else None
    return view_of(draft.lead, account, draft.book)


def _account(draft: ChangeSet) -> Account | None:
    if draft.lead.account is None:
        return None
    draft.facts.require(AccountRef(draft.lead.account))
    return draft.account()
