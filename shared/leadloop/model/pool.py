"""How a pool shares its leads among its reps."""

from datetime import date
from typing import Literal

from leadloop.model.base import Model
from leadloop.model.reference import Digest, Entity, Ref


class RepLoad(Model):
    """`open` leads held now; `taken` on the calendar day `period` of the rep's own zone; `share`.

    `share` is the rep's balance in the fair-share order, in leads: a positive one is owed leads, a
    negative one has had more than its part.
    """

    open: int = 0
    taken: int = 0
    period: date | None = None
    share: int = 0


class Pool(Entity):
    """The load of every rep of one pool, by rep id.

    A change of a lead's owner writes it in the same transaction, and so does freeing a lead.
    """

    kind: Literal["pool"] = "pool"
    id: str
    version: int
    reps: dict[str, RepLoad] = {}


class PoolRef(Ref[Pool], partition="POOL#", sort="POOL"):
    """The load of a pool's reps; nothing is there before its first lead."""

    pool: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.pool, ""
