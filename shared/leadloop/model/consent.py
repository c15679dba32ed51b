"""A stop that a person, a bounce or a complaint has put on an address."""

from datetime import datetime
from typing import Literal

from leadloop.model.reference import Digest, Entity, Ref

BOUNCE = "bounce"  # the one reason of a stop that its person can lift


class Suppression(Entity):
    """Nothing of this scope is sent to this address, until it is lifted.

    Only a stop by bounce is ever lifted: by the person, who shows that the address works.
    """

    kind: Literal["suppression"] = "suppression"
    version: int = 1
    why: str
    at: datetime
    lifted_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether it forbids messages now."""
        return self.lifted_at is None


class SuppressionRef(Ref[Suppression], partition="CONSENT#", sort=""):
    """The stop for an address; scope `marketing`, or `all`."""

    address: str
    scope: Literal["marketing", "all"]

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return address_digest(self.address, digest), self.scope


def address_digest(address: str, digest: Digest) -> str:
    """The one digest of an address, shared by stops and automatic answers."""
    return digest("consent", address)
