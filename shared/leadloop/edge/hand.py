"""The one hand, wired: `act` with this process's table, playbook, clock and pauses."""

import random
import time
from collections.abc import Sequence
from functools import cache

from leadloop import act as one_hand
from leadloop.act import Failure
from leadloop.edge.clock import now
from leadloop.edge.playbooks import playbook
from leadloop.edge.wiring import Wiring, wired
from leadloop.model.decision import Outcome
from leadloop.model.trigger import Trigger
from leadloop.settings import TableSettings
from leadloop.store.keys import Keys
from leadloop.store.table import DynamoTable


def act(triggers: Sequence[Trigger]) -> list[Outcome | Failure]:
    """What became of each trigger, in order; a failure is to be tried again."""
    return one_hand.act(triggers, table=table(), playbook=playbook(), clock=now, pause=pause)


def act_now(trigger: Trigger) -> Outcome:
    """What became of one trigger, for a door at which somebody waits.

    Raises:
        Busy: every round was lost; and whatever else made it fail.
    """
    (outcome,) = act([trigger])
    if isinstance(outcome, Failure):
        raise outcome.error
    return outcome


def table() -> DynamoTable:
    """The table of this process."""
    return _table(wired())


def pause(tried: int) -> None:
    """Full jitter before try `tried` (1, 2, …): those who collided once do not meet again."""
    time.sleep(random.uniform(0, min(1.0, 0.025 * 2**tried)))  # noqa: S311  jitter, no secret


@cache
def _table(wiring: Wiring) -> DynamoTable:
    settings = wiring.settings(TableSettings)
    keys = Keys(wiring.secret(settings.CLAIMS_SECRET))
    return DynamoTable(wiring.dynamodb, settings.LEAD_TABLE, keys, pause)
