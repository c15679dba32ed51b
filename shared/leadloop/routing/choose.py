"""Who gets a lead: the first route that holds, its pools in order, the turn within a pool."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from leadloop.model.base import Reason
from leadloop.model.pool import Pool
from leadloop.model.trace import RoutingCandidate, RoutingTurn
from leadloop.policy.calendar import local_date
from leadloop.policy.conditions import View, compile_explanation
from leadloop.policy.rules import Rules
from leadloop.routing.availability import Candidate, available_reps
from leadloop.routing.fair_share import add_assigned_lead, take_turn
from leadloop.routing.policy import PoolPolicy, Rep, Route, Routing


class AccountOwner(NamedTuple):
    """The rep who already owns the lead's company; this rep comes first."""

    pool: str
    rep: str


class Placement(NamedTuple):
    """Where a lead goes. `rep` None: it waits in the pool's queue.

    `book` is the state of the pool with the lead in it. `why_not` tells why others did not get it.
    `is_turn`: of several `candidates` a turn has decided.
    """

    pool: str
    rep: Rep | None
    route: str
    reason: str
    why_not: tuple[Reason, ...] = ()
    book: Pool | None = None
    candidates: tuple[Candidate, ...] = ()
    is_turn: bool = False


class CompiledRoutes:
    """The routes of a playbook in order, with compiled conditions.

    `pools` are the ids of the pools of all routes.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self._rules = Rules((route.when, route) for route in routes)
        self.pools = tuple(dict.fromkeys(pool for route in routes for pool in route.pools))
        self._explained = tuple(
            (route, None if route.when is None else compile_explanation(route.when))
            for route in routes
        )

    def first_match(self, view: View) -> Route:
        """The first route that holds. The loader made sure that the last one always holds."""
        route = self._rules.first_match(view)
        if route is None:
            raise LookupError("no route holds")
        return route

    def skip_reasons(self, chosen: Route, view: View) -> tuple[Reason, ...]:
        """The routes before the chosen one, each with the clause that failed and its value."""
        reasons = []
        for route, explain in takewhile(lambda row: row[0] is not chosen, self._explained):
            failing = explain(view) if explain is not None else None
            if failing is not None:
                reasons.append(Reason(code="route", text=f"Route “{route.id}” {failing.text}"))
        return tuple(reasons)


def pools_of(route: Route, owner: AccountOwner | None) -> tuple[str, ...]:
    """The pools whose state `place_lead` needs, each once: the owner's, then the route's."""
    return tuple(dict.fromkeys(((owner.pool,) if owner else ()) + route.pools))


def place_lead(
    route: Route,
    *,
    routing: Routing,
    pools: Mapping[str, PoolPolicy],
    books: Mapping[str, Pool | None],
    owner: AccountOwner | None,
    language: str | None,
    without: Collection[str],
    now: datetime,
) -> Placement:
    """The owner of the company if available, or else a rep of the first pool that has one.

    If no rep is available, the lead waits in the queue of the first pool that has a queue, or else
    of the last pool. `books` are the states of the pools; `without` are ids of reps who must not
    get the lead.
    """
    why_not: list[Reason] = []
    if owner is not None:
        candidates, reasons = available_reps(
            pools[owner.pool],
            routing.weeks,
            books[owner.pool],
            language=language,
            without=without,
            now=now,
        )
        owned = next((c for c in candidates if c.rep.id == owner.rep), None)
        if owned is not None:
            owner_rep = owned.rep
            return Placement(
                pool=owner.pool,
                rep=owner_rep,
                route=route.id,
                reason=f"{owner_rep.name} already owns the company",
                book=add_assigned_lead(
                    books[owner.pool], owner.pool, owner_rep.id, local_date(owner_rep.zone, now)
                ),
                candidates=(owned,),
            )
        why_not += reasons if owner.pool not in route.pools else ()
    for name in route.pools:
        candidates, reasons = available_reps(
            pools[name],
            routing.weeks,
            books[name],
            language=language,
            without=without,
            now=now,
        )
        why_not += reasons
        if candidates:
            chosen, pool_state = take_turn(books[name], name, candidates)
            return Placement(
                pool=name,
                rep=chosen.rep,
                route=route.id,
                reason=route.reason,
                why_not=tuple(why_not),
                book=pool_state,
                candidates=candidates,
                is_turn=True,
            )
        if pools[name].queue:
            break
    return Placement(
        pool=name, rep=None, route=route.id, reason=route.reason, why_not=tuple(why_not)
    )


def describe_turn(placement: Placement) -> RoutingTurn:
    """Who could have had the lead, with weight, load and the share of the turns of these.

    A turn is no chance: over many leads each candidate gets this share of them. Where no turn has
    decided, the share is 1.
    """
    total = sum(candidate.rep.weight for candidate in placement.candidates)
    return RoutingTurn.trusted(
        route=placement.route,
        pool=placement.pool,
        rep=placement.rep.id if placement.rep else None,
        candidates=tuple(
            RoutingCandidate.trusted(
                rep=rep.id,
                weight=rep.weight,
                open=load.open,
                taken=load.taken,
                share=load.share,
                propensity=round(rep.weight / total, 6) if placement.is_turn else 1.0,
            )
            for rep, load in placement.candidates
        ),
    )
