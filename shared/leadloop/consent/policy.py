"""The contact section of the playbook: when and how often we may speak to a person."""

from pydantic import Field

from leadloop.model.base import Model
from leadloop.policy.calendar import Week, Zone


class ContactWindow(Model):
    """In these countries (empty: all others) marketing is sent only inside `week`, local time.

    `zone` is used where the person's own is not known from country and phone.
    """

    countries: tuple[str, ...] = ()
    zone: Zone
    week: Week
    source: str  # where the rule is written, and when it was read


class ContactPolicy(Model):
    """At most `most` marketing messages per person within `per_days`; windows: first match."""

    most: int = Field(ge=0)
    per_days: float = Field(gt=0)
    marketing_purpose: str  # the purpose a consent must name
    windows: tuple[ContactWindow, ...]
