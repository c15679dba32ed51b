"""A vendor's wish to erase a lead, remembered as long as the vendor may still deliver the lead."""

from datetime import datetime, timedelta
from typing import Literal

from leadloop.model.reference import Digest, Entity, Ref

# Vendors keep a lead for 90 days, and deliver it again if they are asked to.
# Source: Meta, "Retrieving Leads"; LinkedIn, "Lead Sync".
RETENTION = timedelta(days=180)


class ErasureMark(Entity):
    """Whether a vendor has asked to erase a lead, and when the lead or the wish was last decided.

    The lead and the wish both write it. So of two that are decided at the same moment, one is
    decided again.
    """

    kind: Literal["erasure"] = "erasure"
    version: int
    is_asked: bool
    at: datetime

    @property
    def expires_at(self) -> datetime:
        """When the vendor delivers the lead no more."""
        return self.at + RETENTION


class ErasureRef(Ref[ErasureMark], partition="ERASURE#", sort="ERASURE"):
    """The mark of what a vendor delivers as the submission of this id."""

    submission: str

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return digest("erasure", self.submission), ""
