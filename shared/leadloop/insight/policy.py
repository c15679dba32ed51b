"""The health section of the playbook: what is usual of a source, so that the unusual is seen."""

from datetime import date

from pydantic import Field

from leadloop.model.base import Model
from leadloop.policy.calendar import Week, Zone


class UsualVolume(Model):
    """In the hours of `week`, on the clocks of `zone`, about `per_hour` submissions come."""

    week: Week
    zone: Zone
    per_hour: float = Field(gt=0)


class SourceHealth(Model):
    """`hours`: the first row that is open counts; where none is, nothing is expected.

    `id` is the source's. `accepted` is the share that becomes a lead or a touch of one.
    `token_until` is the last day the vendor's token is good; it is told `token_days` before.
    """

    id: str
    hours: tuple[UsualVolume, ...] = ()
    accepted: float | None = Field(default=None, gt=0, lt=1)
    token_until: date | None = None
    token_days: int = Field(default=14, ge=1)
