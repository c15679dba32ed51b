"""Runs a command by `act`. A refusal is raised as the caller's error."""

from ulid import ULID

from leadloop.edge import clock
from leadloop.edge.act import act_now
from leadloop.model import errors
from leadloop.model.base import Reason
from leadloop.model.command import Action, Actor, Command
from leadloop.model.decision import Applied, Refused

ERRORS_BY_NAME: dict[str, type[errors.LeadloopError]] = {
    "NotFound": errors.NotFound,
    "Conflict": errors.Conflict,
    "IllegalMove": errors.Conflict,
    "Stale": errors.Stale,
    "Forbidden": errors.Forbidden,
}


def run_command(actor: Actor, lead_id: str, action: Action, expected: int | None = None) -> Applied:
    """Run one action on a lead. `expected` is the version of the lead that the person saw.

    Raises:
        LeadloopError: the subclass that a refusal names, such as Stale or Forbidden.

    """
    command = Command(
        id=str(ULID()),
        actor=actor,
        lead_id=lead_id,
        at=clock.now(),
        action=action,
        expected=expected,
    )
    match act_now(command):
        case Applied() as applied:
            return applied
        case Refused(error="FieldsInvalid", text=text):
            raise errors.FieldsInvalid((Reason(code="refused", text=text),))
        case Refused(error=error, text=text):
            raise ERRORS_BY_NAME[error](text)
        case other:
            raise TypeError(f"a command became {other.kind}")
