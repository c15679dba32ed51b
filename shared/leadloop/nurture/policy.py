"""The sequences section of the playbook: steps, waits, branches, exits."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from leadloop.model.base import Model
from leadloop.policy.conditions import Condition

END = "end"  # the target of a branch that leaves the sequence


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
    It is in one sequence of a `group` at a time: the highest `priority`, then the first in order.
    """

    id: str
    product_line: str
    group: str = ""
    priority: int = 0
    when: Condition | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    exits: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _check_steps(self) -> Self:
        places = {step.id: place for place, step in enumerate(self.steps)}
        if len(places) < len(self.steps) or END in places:
            raise PydanticCustomError(
                "steps", "every step has an id of its own, and none is called end"
            )
        places[END] = len(self.steps)
        for place, step in enumerate(self.steps):
            if isinstance(step, BranchStep):
                for target in (step.then, step.otherwise):
                    if places.get(target, -1) <= place:
                        raise PydanticCustomError(
                            "steps",
                            "{step}: a branch goes to a later step or to end; {target} is neither",
                            {"step": step.id, "target": target},
                        )
        return self
