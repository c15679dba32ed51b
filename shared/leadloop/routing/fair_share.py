"""Fair share: smooth weighted round robin over the available reps, in integers.

Each candidate is credited its weight. The candidate with the most credit takes the lead and pays
the sum of all weights. Equal reps who are always available differ by at most one lead. A rep who is
away is credited nothing, so a leave has no effect afterwards.

Source: nginx, ngx_http_upstream_round_robin.c (smooth weighted balancing)
"""

from collections.abc import Sequence
from datetime import date

from leadloop.model.pool import Pool, RepLoad
from leadloop.routing.availability import Candidate, load_for_day


def take_turn(
    pool_state: Pool | None, pool: str, candidates: Sequence[Candidate]
) -> tuple[Candidate, Pool]:
    """The candidate whose turn it is, and the pool's state with the lead in it.

    Among equals the order of the candidates decides.
    """
    credit = {c.rep.id: c.load.share + c.rep.weight for c in candidates}
    chosen = max(candidates, key=lambda c: credit[c.rep.id])  # max keeps the first of equals
    total_weight = sum(c.rep.weight for c in candidates)
    loads = dict(pool_state.reps) if pool_state else {}
    for candidate in candidates:
        loads[candidate.rep.id] = candidate.load.but(share=credit[candidate.rep.id])
    load = loads[chosen.rep.id]
    loads[chosen.rep.id] = load.but(
        open=load.open + 1, taken=load.taken + 1, share=load.share - total_weight
    )
    return chosen, _build_pool(pool_state, pool, loads)


def add_assigned_lead(pool_state: Pool | None, pool: str, rep: str, day: date) -> Pool:
    """The pool's state with a lead that `rep` gets out of turn: it counts as load, not as share."""
    loads = dict(pool_state.reps) if pool_state else {}
    load = load_for_day(loads.get(rep), day)
    loads[rep] = load.but(open=load.open + 1, taken=load.taken + 1)
    return _build_pool(pool_state, pool, loads)


def add_existing_lead(pool_state: Pool | None, pool: str, rep: str) -> Pool:
    """The pool's state with a lead that `rep` had before we knew it: open, but not taken today."""
    loads = dict(pool_state.reps) if pool_state else {}
    load = loads.get(rep, RepLoad())
    loads[rep] = load.but(open=load.open + 1)
    return _build_pool(pool_state, pool, loads)


def remove_lead(pool_state: Pool | None, pool: str, rep: str) -> Pool:
    """The pool's state with one open lead less for `rep`."""
    loads = dict(pool_state.reps) if pool_state else {}
    load = loads.get(rep, RepLoad())
    loads[rep] = load.but(open=max(0, load.open - 1))
    return _build_pool(pool_state, pool, loads)


def _build_pool(pool_state: Pool | None, pool: str, loads: dict[str, RepLoad]) -> Pool:
    return Pool(id=pool, version=pool_state.version if pool_state else 0, reps=loads)
