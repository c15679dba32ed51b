"""Who gets it: the first route that holds, its pools in order, the turn within the pool."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from leadloop.model.account import Pool
from leadloop.model.base import Model, Reason
from leadloop.policy.calendar import local_date
from leadloop.routing.availability import available
from leadloop.routing.policy import PoolPolicy, Rep, Route, Routing
from leadloop.routing.share import give, take_turn

Test = Callable[[Mapping[str, object]], bool]


class Owner(Model):
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


def route_of(routes: Sequence[tuple[Route, Test]], view: Mapping[str, object]) -> Route:
    """The first route that holds; the loader made sure that the last one always does."""
    return next(route for route, holds in routes if holds(view))


def pools_of(route: Route, owner: Owner | None) -> tuple[str, ...]:
    """The pools whose books the choice reads, in the order they are tried."""
    first = (owner.pool,) if owner and owner.pool not in route.pools else ()
    return first + route.pools


def choose(
    route: Route,
    *,
    routing: Routing,
    pools: Mapping[str, PoolPolicy],
    books: Mapping[str, Pool | None],
    owner: Owner | None,
    language: str | None,
    without: Collection[str],
    now: datetime,
) -> Placement:
    """The owner of the company if able, else the turn of the first pool with somebody able.

    When nobody is, the lead waits in the queue of the first pool that has one, else of the last.
    """
    why_not: list[Reason] = []
    for name in pools_of(route, owner):
        pool = pools[name]
        candidates, reasons = available(
            pool, routing.weeks, books[name], language=language, without=without, now=now
        )
        why_not += reasons
        known = next((c for c in candidates if owner and c.rep.id == owner.rep), None)
        if known is not None and owner is not None and owner.pool == name:
            return Placement(
                pool=name,
                rep=known.rep,
                route=route.id,
                reason=f"{known.rep.name} already owns the company",
                why_not=tuple(why_not),
                book=give(books[name], name, known.rep.id, local_date(known.rep.zone, now)),
            )
        if name not in route.pools:
            continue
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
        if pool.queue:
            return Placement(
                pool=name, rep=None, route=route.id, reason=route.reason, why_not=tuple(why_not)
            )
    return Placement(
        pool=route.pools[-1], rep=None, route=route.id, reason=route.reason, why_not=tuple(why_not)
    )
