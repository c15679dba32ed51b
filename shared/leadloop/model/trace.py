"""What a decision saw, stored with what it changed, so that the same decision can be made again.

`Facts` notes each fact that a decision reads in a `DecisionNotes`; from them `decide` makes a
`DecisionTrace`. Values are plain JSON: a trace is written with every change and seldom read.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from leadloop.model.base import Model

Json = dict[str, Any]


class CodeVersion(NamedTuple):
    """The code that decides: one hash of sources, lock and Python, and its shape of records."""

    bundle: str = ""
    shape: int = 0


class Basis(Model):
    """What a decision rests on beside trigger and facts: playbook, moment and code.

    `bundle` is one hash of sources, lock and Python. `shape` is the shape of records then.
    """

    playbook: str
    now: datetime
    bundle: str = ""
    shape: int = 0


class RoutingCandidate(Model):
    """A rep who could take the lead.

    `open`, `taken` and `share` are the load before. `propensity` is the rep's share of the turns
    of these candidates; 1 where no turn decided.
    """

    rep: str
    weight: int
    open: int = 0
    taken: int = 0
    share: int = 0
    propensity: float


class RoutingTurn(Model):
    """How one owner was found. `rep` None: no candidate, so the lead waits in the queue."""

    route: str
    pool: str
    rep: str | None = None
    candidates: tuple[RoutingCandidate, ...] = ()


class TraceAnswer(NamedTuple):
    """A fact that had a value: the class of its reference, the fields of that, and the value.

    The value of an item that holds a lead is its version, of a playbook whether it could be read;
    of all else it is the entity.
    """

    of: str
    at: tuple[str | int, ...]
    value: Any


class DecisionTrace(Model):
    """What one decision saw of one person, and on what basis.

    - `versions`: those that items got by it, by product line; "" is the item of the person, or the
      record of a submission without a lead.
    - `trigger`: as it was decided; of a submission without `raw`, which its own record has.
    - `answers`: the facts it read that had a value; `asked` counts all that it read.
    - `view`: the values that conditions saw, by name. `clauses`: a 1 or 0 for each clause of the
      playbook that asks for a free text or an identifier.
    """

    versions: dict[str, int]
    basis: Basis
    trigger: Json
    asked: int = 0
    answers: tuple[TraceAnswer, ...] = ()
    view: Json = {}
    clauses: str = ""
    turns: tuple[RoutingTurn, ...] = ()


@dataclass(slots=True)
class DecisionNotes:
    """What a decision has read and worked out so far."""

    read: dict[Any, None] = field(default_factory=dict)  # in the order of reading
    view: Any = None
    line: str = ""  # of the lead that it shows
    turns: list[RoutingTurn] = field(default_factory=list)
