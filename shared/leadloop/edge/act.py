"""`act`, with the table, playbook, clock and pauses of this process."""

from collections.abc import Sequence

from leadloop import act as core_act
from leadloop.act import CheckRunner, Failure
from leadloop.edge.clock import now, pause
from leadloop.edge.live_playbook import pinned_playbook, playbook
from leadloop.edge.tables import open_table
from leadloop.edge.telemetry import log_fault
from leadloop.model.decision import Outcome
from leadloop.model.trigger import Trigger
from leadloop.settings import TableSettings
from leadloop.store.dynamodb import DynamoTable


def act(triggers: Sequence[Trigger], ask: CheckRunner | None = None) -> list[Outcome | Failure]:
    """Decide and write; returns the outcome of each trigger, in order.

    A failure was logged, and its trigger is to be tried again.
    """
    results = core_act.act(
        triggers,
        table=table(),
        playbook=playbook(),
        clock=now,
        pause=pause,
        ask=ask,
        versions=pinned_playbook,
    )
    return _report_failures(results)


def preview(triggers: Sequence[Trigger], ask: CheckRunner | None = None) -> list[Outcome | Failure]:
    """The outcomes that `act` would return, in order; nothing is written."""
    results = core_act.preview(
        triggers,
        table=table(),
        playbook=playbook(),
        clock=now,
        pause=pause,
        ask=ask,
        versions=pinned_playbook,
    )
    return _report_failures(results)


def _report_failures(results: list[Outcome | Failure]) -> list[Outcome | Failure]:
    for result in results:
        if isinstance(result, Failure):
            log_fault(f"A {result.trigger.kind} has no outcome yet", result.error)
    return results


def act_now(trigger: Trigger, ask: CheckRunner | None = None) -> Outcome:
    """Decide and write one trigger; returns its outcome, for a door whose caller waits.

    Raises:
        Busy: others were faster in every round.
        Exception: any other fault that it met.

    """
    (outcome,) = act([trigger], ask)
    if isinstance(outcome, Failure):
        raise outcome.error
    return outcome


def table() -> DynamoTable:
    """The table of this process, with the pepper."""
    return open_table(TableSettings)
