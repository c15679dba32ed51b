"""The lifecycle section of the playbook: service levels, rejections, recycling."""

from typing import Literal

from pydantic import Field

from leadloop.model.base import Model


class ServiceLevel(Model):
    """A rep accepts within `accept_minutes` of working time (the rep's own), from intake.

    After `max_takebacks` the lead goes to `escalate_to` and stays there.
    """

    accept_minutes: int = Field(gt=0)
    max_takebacks: int = Field(default=2, ge=0)
    escalate_to: str


class RejectReason(Model):
    """Where a rejected lead goes."""

    id: str
    text: str
    to: Literal["nurturing", "disqualified"]


class LossReason(Model):
    """How long a lost lead waits before it is worked again; None: never."""

    id: str
    text: str
    wait_days: float | None = Field(default=None, gt=0)


class Lifecycle(Model):
    """`max_cycles`: how often one person is worked, the first time counted.

    `wait_days`: how long a lost lead waits whose reason nobody told, since another system lost it.
    """

    service_level: ServiceLevel
    reject_reasons: tuple[RejectReason, ...]
    lost_reasons: tuple[LossReason, ...]
    wait_days: float = Field(default=90, gt=0)
    max_cycles: int = Field(default=3, ge=1)
