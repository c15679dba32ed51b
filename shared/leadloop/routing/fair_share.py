"""Fair share: smooth weighted round robin over whoever is there, kept as integers.

Every candidate is credited its weight, the one with the most credit takes the lead and pays the
sum of the credits given. Equal reps who are always there differ by at most one lead. Who is
away is credited nothing, so that a leave leaves no echo.
"""

from collections.abc import Sequence
from datetime import date

from leadloop.model.account import Pool, RepLoad
from leadloop.routing.availability import Candidate, load_for_day


def take_turn(
    book: Pool | None, pool: str, candidates: Sequence[Candidate]
) -> tuple[Candidate, Pool]:
    """Whose turn it is (ties: the pool's own order), and the book with the lead entered."""
    credit = {c.rep.id: c.load.share + c.rep.weight for c in candidates}
    chosen = max(candidates, key=lambda c: credit[c.rep.id])  # max keeps the first of equals
    paid = sum(c.rep.weight for c in candidates)
    loads = dict(book.reps) if book else {}
    for candidate in candidates:
        loads[candidate.rep.id] = candidate.load.but(share=credit[candidate.rep.id])
    load = loads[chosen.rep.id]
    loads[chosen.rep.id] = load.but(
        open=load.open + 1, taken=load.taken + 1, share=load.share - paid
    )
    return chosen, _build_pool(book, pool, loads)


def add_assigned_lead(book: Pool | None, pool: str, rep: str, day: date) -> Pool:
    """The book with a lead given to `rep` out of turn: it counts as load, not as share."""
    loads = dict(book.reps) if book else {}
    load = load_for_day(loads.get(rep), day)
    loads[rep] = load.but(open=load.open + 1, taken=load.taken + 1)
    return _build_pool(book, pool, loads)


def add_existing_lead(book: Pool | None, pool: str, rep: str) -> Pool:
    """The book with a lead that was the rep's before it came to us: held, but not taken today."""
    loads = dict(book.reps) if book else {}
    load = loads.get(rep, RepLoad())
    loads[rep] = load.but(open=load.open + 1)
    return _build_pool(book, pool, loads)


def remove_lead(book: Pool | None, pool: str, rep: str) -> Pool:
    """The book with one lead less held by `rep`."""
    loads = dict(book.reps) if book else {}
    load = loads.get(rep, RepLoad())
    loads[rep] = load.but(open=max(0, load.open - 1))
    return _build_pool(book, pool, loads)


def _build_pool(book: Pool | None, pool: str, loads: dict[str, RepLoad]) -> Pool:
    return Pool(id=pool, version=book.version if book else 0, reps=loads)
