"""The routes and pools sections of the playbook: who gets it."""

from typing import Literal

from pydantic import Field

from leadloop.model.base import Model
from leadloop.policy.calendar import Leave, Week, Zone
from leadloop.policy.conditions import Condition


class Rep(Model):
    """`max_open` leads held at once, `per_day` taken per calendar day of `zone`; None: no limit.

    `hours` is the name of a week in the pool's section; `leave` are absences by date.
    """

    id: str
    name: str
    email: str
    zone: Zone
    hours: str
    languages: tuple[str, ...] = ()
    weight: int = Field(default=1, ge=1)
    max_open: int | None = Field(default=None, ge=0)
    per_day: int | None = Field(default=None, ge=0)
    leave: tuple[Leave, ...] = ()


class PoolPolicy(Model):
    """People who share leads. `language_match`: only reps who speak the lead's language.

    `queue`: a lead nobody can take now waits in the pool's queue, instead of going on to the
    route's next pool.
    """

    id: str
    name: str
    role: Literal["sales", "customer_success"] = "sales"
    language_match: bool = False
    queue: bool = False
    reps: tuple[Rep, ...]


class Route(Model):
    """First route whose `when` holds wins; its pools are tried in order. No `when`: fallback."""

    id: str
    when: Condition | None = None
    pools: tuple[str, ...] = Field(min_length=1)
    reason: str


class Routing(Model):
    """`weeks` are named opening hours; `sticky`: an account's owner comes before the route."""

    weeks: dict[str, Week]
    routes: tuple[Route, ...]
    sticky: bool = True
