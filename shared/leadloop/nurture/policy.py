"""The sequences section of the playbook: steps, waits, branches, exits."""

from typing import Annotated, Literal

from pydantic import Field

from leadloop.model.base import Model
from leadloop.policy.conditions import Condition


class SendStep(Model):
    """Wait, then send `template`; `late_after_hours`: later than that it is not sent any more."""

    do: Literal["send"]
    id: str
    wait_hours: float = Field(ge=0)
    template: str
    late_after_hours: float = Field(default=48, gt=0)


class BranchStep(Model):
    """Wait, then go on at `then` or `otherwise` (step ids; `end` leaves the sequence)."""

    do: Literal["branch"]
    id: str
    wait_hours: float = Field(default=0, ge=0)
    when: Condition
    then: str
    otherwise: str


Step = Annotated[SendStep | BranchStep, Field(discriminator="do")]


class Sequence(Model):
    """Who of a product line enters (`when`), what happens, and what makes a lead leave (`exits`).

    A lead also leaves when it stops being nurtured (qualified, suppressed), whatever `exits` says.
    """

    id: str
    product_line: str
    when: Condition | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    exits: tuple[Condition, ...] = ()
