"""Who gets it: the first route that holds, its pools in order, the turn within the pool."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

from leadloop.model.account import Pool
from leadloop.model.base import Model, Reason
from leadloop.policy.calendar import local_date
from leadloop.policy.conditions import View, compile_explanation
from leadloop.policy.rules import Rules
from leadloop.routing.availability import available_reps
from leadloop.routing.fair_share import add_assigned_lead, take_turn
from leadloop.routing.policy import PoolPolicy, Rep, Route, Routing


class AccountOwner(Model):
    """Who owned the company before: asked first."""

    pool: str
    rep: str


class Placement(Model):
    """`rep` None: it waits in the pool's queue. `book` is the pool's, with the lead entered."""

    pool: str
    rep: Rep | None
    route: str
    reason: str
    why_not: tuple[Reason, ...] = ()
    book: Pool | None = None


class CompiledRoutes:
    """The routes of a playbook in order, ready to be asked."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._rules = Rules((route.when, route) for route in routes)
        self._explained = tuple(
            (route, None if route.when is None else compile_explanation(route.when))
            for route in routes
        )

    def first_match(self, view: View) -> Route:
        """The first that holds; the loader made sure that the last one always does."""
        found = self._rules.first_match(view)
        if found is None:
            raise LookupError("no route holds")
        return found

    def skip_reasons(self, chosen: Route, view: View) -> tuple[Reason, ...]:
        """Each route before the chosen one, with the clause that failed and its value."""
        reasons = []
        for route, explain in takewhile(lambda row: row[0] is not chosen, self._explained):
            failing = explain(view) if explain is not None else None
            if failing is not None:
                reasons.append(Reason(code="route", text=f"Route “{route.id}” {failing.text}"))
        return tuple(reasons)


def pools_of(route: Route, owner: AccountOwner | None) -> tuple[str, ...]:
    """The pools whose books the choice reads."""
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
    """The owner of the company if able, else the turn of the first pool with somebody able.

    When nobody is, the lead waits in the queue of the first pool that has one, else of the last.
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
        known = next((c.rep for c in candidates if c.rep.id == owner.rep), None)
        if known is not None:
            return Placement(
                pool=owner.pool,
                rep=known,
                route=route.id,
                reason=f"{known.name} already owns the company",
                book=add_assigned_lead(
                    books[owner.pool], owner.pool, known.id, local_date(known.zone, now)
                ),
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
            chosen, book = take_turn(books[name], name, candidates)
            return Placement(
                pool=name,
                rep=chosen.rep,
                route=route.id,
                reason=route.reason,
                why_not=tuple(why_not),
                book=book,
            )
        if pools[name].queue:
            break
    return Placement(
        pool=name, rep=None, route=route.id, reason=route.reason, why_not=tuple(why_not)
    )
