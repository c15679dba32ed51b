"""Who gets a lead, and what follows: pool book, time to accept, mail to the owner."""

from collections.abc import Collection

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.rep_alert import alert_owner
from leadloop.model.account import Account, AccountRef
from leadloop.model.events.sales import OwnerChanged
from leadloop.model.lead import Assignment, TimerKind
from leadloop.model.pool import PoolRef
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.routing.choose import AccountOwner, Placement, describe_turn, place_lead, pools_of
from leadloop.routing.fair_share import remove_lead
from leadloop.routing.policy import Rep, Route
from leadloop.sales.policy import ServiceLevel
from leadloop.sales.service_level import acceptance_deadline, queue_review_at


def assign(
    change_set: ChangeSet,
    *,
    excluded_reps: Collection[str] = (),
    only_pool: str | None = None,
) -> None:
    """Give the lead to a rep or a queue, alert the rep, and start the time to accept.

    `excluded_reps` are the ids of reps who had their chance; `only_pool` is the pool to which the
    lead is escalated.
    """
    placement = _choose_placement(change_set, excluded_reps, only_pool)
    if (notes := change_set.facts.notes) is not None:
        notes.turns.append(describe_turn(placement))
    previous = change_set.lead.assignment
    takebacks = previous.takebacks if previous else 0
    assignment = Assignment(
        pool=placement.pool,
        rep=placement.rep.id if placement.rep else None,
        at=change_set.now,
        route=placement.route,
        takebacks=takebacks,
    )
    change_set.update_lead(assignment=assignment)
    change_set.why_not = placement.why_not
    if placement.book is not None:
        change_set.put_pool(placement.book)
    if not _stays_in_queue(previous, assignment):
        change_set.record_event(
            OwnerChanged(
                before=previous.rep if previous else None,
                owner=assignment.rep,
                pool=assignment.pool,
                route=assignment.route,
                why=placement.reason,
            )
        )
    change_set.stop_timer(TimerKind.BREACH)
    alert_owner(change_set, placement.reason)
    # A rep to whose pool the lead was escalated keeps it.
    if placement.rep is None or only_pool is None:
        start_breach_timer(change_set, placement.rep)


def start_breach_timer(change_set: ChangeSet, rep: Rep | None) -> None:
    """Set the time until which `rep` must accept, in working minutes from now on.

    Without a rep the lead waits in a queue: it is the time to route it again.
    """
    level, now = _service_level(change_set), change_set.now
    if rep is None:
        change_set.set_timer(TimerKind.BREACH, queue_review_at(level, now))
        return
    week = change_set.book.playbook.routing.weeks[rep.hours]
    until = acceptance_deadline(level, now, week=week, zone=rep.zone, leave=rep.leave)
    if until is not None:
        change_set.set_timer(TimerKind.BREACH, until)


def _service_level(change_set: ChangeSet) -> ServiceLevel:
    """The company's, with the time to accept of the last source if that has its own."""
    lead, level = change_set.lead, change_set.book.playbook.lifecycle.service_level
    last = lead.last_touch.source if lead.last_touch else lead.source
    minutes = change_set.book.source(last).accept_minutes
    return level if minutes is None else level.but(accept_minutes=minutes)


def _stays_in_queue(previous: Assignment | None, assignment: Assignment) -> bool:
    if previous is None or previous.rep is not None or assignment.rep is not None:
        return False
    return previous.pool == assignment.pool


def free_rep_capacity(change_set: ChangeSet) -> None:
    """Stop counting the lead among the open leads of its rep."""
    assignment = change_set.lead.assignment
    if assignment is not None and assignment.rep is not None and assignment.held:
        change_set.update_lead(assignment=assignment.but(held=False))
        change_set.put_pool(
            remove_lead(change_set.pool(assignment.pool), assignment.pool, assignment.rep)
        )
    change_set.stop_timer(TimerKind.BREACH)


def _choose_placement(
    change_set: ChangeSet, excluded_reps: Collection[str], only_pool: str | None
) -> Placement:
    book, facts = change_set.book, change_set.facts
    if only_pool is None:
        _require_company_and_pools(change_set)
    account = change_set.account()
    view = change_set.view()
    owner = None
    if only_pool is not None:
        route = Route(id="escalation", pools=(only_pool,), reason="nobody accepted it in time")
    else:
        route = book.routes.first_match(view)
        owner = _company_owner(account, book, excluded_reps)
    names = pools_of(route, owner)
    facts.require(*(PoolRef(name) for name in names))
    skip_reasons = book.routes.skip_reasons(route, view) if only_pool is None else ()
    placement = place_lead(
        route,
        routing=book.playbook.routing,
        pools=book.playbook.pools,
        books={name: change_set.pool(name) for name in names},
        owner=owner,
        language=change_set.language,
        without=excluded_reps,
        now=change_set.now,
    )
    return placement._replace(why_not=skip_reasons + placement.why_not)


def _company_owner(
    account: Account | None, book: CompiledPlaybook, excluded_reps: Collection[str]
) -> AccountOwner | None:
    """The rep who owns the company, unless excluded or no longer in the playbook.

    A customer's next question goes where the playbook routes customers, not to the first seller.
    """
    if not book.playbook.routing.sticky or account is None or account.customer_since is not None:
        return None
    if account.rep is None or account.rep in excluded_reps or book.rep(account.rep) is None:
        return None
    pool = book.pool_of(account.rep)
    return AccountOwner(pool=pool, rep=account.rep) if pool else None


def _require_company_and_pools(change_set: ChangeSet) -> None:
    """Ask for both in one go.

    Most companies are new, and then these are the pools of the route.
    """
    account, facts = change_set.person.account, change_set.facts
    if account is None or AccountRef(account) in facts.known:
        return
    route = change_set.book.routes.first_match(change_set.view_without_account())
    facts.require(AccountRef(account), *(PoolRef(name) for name in pools_of(route, None)))
