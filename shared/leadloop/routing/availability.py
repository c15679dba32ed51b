"""The reps of a pool who can take a lead now, and why the others cannot."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from leadloop.model.base import Reason
from leadloop.model.pool import Pool, RepLoad
from leadloop.policy.calendar import Week, is_on_leave, is_open, local_date
from leadloop.routing.policy import PoolPolicy, Rep


class Candidate(NamedTuple):
    """A rep who can take the lead, with the load of today."""

    rep: Rep
    load: RepLoad


def available_reps(
    pool: PoolPolicy,
    weeks: Mapping[str, Week],
    pool_state: Pool | None,
    *,
    language: str | None,
    without: Collection[str],
    now: datetime,
) -> tuple[tuple[Candidate, ...], tuple[Reason, ...]]:
    """The candidates, and for each other rep the rule that failed with its value.

    `without` are ids of reps who must not get the lead.
    """
    candidates, why_not = [], []
    for rep in pool.reps:
        load = load_for_day(
            pool_state.reps.get(rep.id) if pool_state else None, local_date(rep.zone, now)
        )
        reason = _unavailable_reason(
            pool, weeks, rep, load, language=language, without=without, now=now
        )
        if reason is None:
            candidates.append(Candidate(rep=rep, load=load))
        else:
            why_not.append(reason)
    return tuple(candidates), tuple(why_not)


def load_for_day(load: RepLoad | None, day: date) -> RepLoad:
    """The load on `day`, with the day's count at zero if the load is from an earlier day.

    Clocks differ a little. So the load may be of a later day than `day`: that day's count stays.
    """
    if load is None:
        return RepLoad(period=day)
    if load.period is not None and load.period >= day:
        return load
    return load.but(taken=0, period=day)


def _unavailable_reason(
    pool: PoolPolicy,
    weeks: Mapping[str, Week],
    rep: Rep,
    load: RepLoad,
    *,
    language: str | None,
    without: Collection[str],
    now: datetime,
) -> Reason | None:
    def reason(code: str, text: str) -> Reason:
        return Reason(code=code, text=f"{rep.name} ({pool.id}): {text}")

    if rep.id in without:
        return reason("took_too_long", "let the time to accept pass")
    if is_on_leave(rep.leave, rep.zone, now):
        last = max(leave.last for leave in rep.leave if leave.first <= local_date(rep.zone, now))
        return reason("on_leave", f"on leave until {last.isoformat()}")
    if not is_open(weeks[rep.hours], rep.zone, now):
        return reason("out_of_hours", f"outside the hours “{rep.hours}” in {rep.zone}")
    if pool.language_match and language and language not in rep.languages:
        return reason(
            "language", f"speaks {', '.join(rep.languages) or 'none listed'}, not {language}"
        )
    if rep.max_open is not None and load.open >= rep.max_open:
        return reason("full", f"holds {load.open} of {rep.max_open} leads")
    if rep.per_day is not None and load.taken >= rep.per_day:
        return reason("day_full", f"took {load.taken} of {rep.per_day} leads today")
    return None
