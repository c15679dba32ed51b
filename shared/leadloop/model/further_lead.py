"""The lead of a person in a further product line: an item of its own beside the person's."""

from datetime import datetime
from typing import Literal

from leadloop.model.base import Reason
from leadloop.model.lead import Lead
from leadloop.model.reference import Digest, Entity, Ref
from leadloop.model.submission import ConsentRecord


class FurtherLead(Entity):
    """A lead beside the first one of its person; `id` is `<person>:<line>`.

    `submission` is the one that founded it: its record has the reasons and the raw bytes.
    `consent` is what the person agreed to with it. `name` and `company` are the person's as they
    were at the last write, for lists.
    """

    kind: Literal["further_lead"] = "further_lead"
    id: str
    version: int
    submission: str
    decided_at: datetime
    lead: Lead
    why_not: tuple[Reason, ...] = ()
    consent: ConsentRecord | None = None
    name: str = ""
    company: str = ""


class LineRef(Ref[FurtherLead], partition="S#", sort="L#"):
    """The lead that a person has in a further product line."""

    person_id: str
    line: str

    def key_ends(self, _digest: Digest) -> tuple[str, str]:
        return self.person_id, self.line
