"""The company behind a person, known by its own mail domain."""

from datetime import datetime
from typing import Literal

from leadloop.model.reference import Digest, Entity, Ref


class Account(Entity):
    """Written when somebody takes ownership of it (accept) or it becomes a customer (win)."""

    kind: Literal["account"] = "account"
    id: str  # the registrable domain
    version: int
    pool: str | None = None
    rep: str | None = None
    customer_since: datetime | None = None


class AccountRef(Ref[Account], partition="ACCOUNT#", sort="ACCOUNT"):
    """A company, by its registrable domain; nothing is there while nobody owns it."""

    domain: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.domain, ""
