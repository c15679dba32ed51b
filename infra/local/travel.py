"""`leadloop travel`: lets the time pass that something waits for, and has the journey do it.

A test's hand, for the laptop only: it writes straight to the emulator's table. The product has one
clock and no switch for tests.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.aws import Aws
from infra.local.ministack import ROOT
from infra.local.shift_times import move_earlier
from infra.local.stack_file import StackFile
from leadloop.edge.clock import pause
from leadloop.model.due import Due
from leadloop.store import keys, lease, queries
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import NO_PEPPER, Keys
from leadloop.store.table import Table

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

DueFilter = Callable[[Due], bool]
FAR_FUTURE = timedelta(days=36_500)
PAGE = 100
RUN_LIMIT = 120.0  # seconds for one run of the journey
DUE_TIMEOUT = 240.0  # seconds until nothing that was chosen is due any more


class TravelFailed(Exception):
    """The journey failed, or what was made due is still not done."""


def fire_timers(
    table: Table, journey: "SFNClient", machine: str, chosen: DueFilter
) -> tuple[Due, ...]:
    """Each chosen timer becomes due now, its own span earlier, and is worked.

    What it was and what the same item waits for beside it move by one span, so nothing is late.
    Returns what was worked, with the times it had.
    """
    moved = tuple(
        due for due in list_due(table, FAR_FUTURE) if chosen(due) and _make_due_now(table, due)
    )
    deadline = time.monotonic() + DUE_TIMEOUT
    waited_for = {(due.lead_id, due.delivery_id, due.timer) for due in moved}
    while waited_for & {
        (due.lead_id, due.delivery_id, due.timer) for due in list_due(table, timedelta())
    }:
        if time.monotonic() > deadline:
            raise TravelFailed(f"still due after {DUE_TIMEOUT:.0f} s")
        _end_lease(table)
        run_journey(journey, machine)
    return moved


def list_due(table: Table, horizon: timedelta) -> Iterator[Due]:
    """Everything that is due within `horizon`, by its earliest timer."""
    until = datetime.now(UTC) + horizon
    for shard in range(keys.DUE_SHARDS):
        cursor = None
        while True:
            page = queries.due(table, shard, until, PAGE, cursor)
            yield from page.rows
            if (cursor := page.cursor) is None:
                break


def run_journey(journey: "SFNClient", machine: str) -> None:
    """One run of the state machine, to its end."""
    execution = journey.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    deadline = time.monotonic() + RUN_LIMIT
    while (now := journey.describe_execution(executionArn=execution))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            raise TravelFailed(f"the journey runs for more than {RUN_LIMIT:.0f} s")
        time.sleep(0.1)
    if now["status"] != "SUCCEEDED":
        raise TravelFailed(f"the journey {now['status']}: {now.get('error')} {now.get('cause')}")


def _end_lease(table: Table) -> None:
    """As if the seconds were over in which the last run alone may list what is due."""
    now = datetime.now(UTC)
    lease.acquire_lease(table, lease.JOURNEY, "travel", now + FAR_FUTURE, now)


def _make_due_now(table: Table, due: Due) -> bool:
    return move_earlier(table, due, max(due.at - datetime.now(UTC), timedelta()))


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the `leadloop` command line."""
    verb = verbs.add_parser("travel", help="laptop only: make due what waits, and do it")
    verb.add_argument("leads", nargs="*", metavar="LEAD", help="ids; none: every lead")
    verb.add_argument("--kind", help="step, breach, recycle or retry; none: every kind")
    verb.add_argument("--stack", type=Path, default=ROOT / ".local" / "stack.json")
    verb.set_defaults(run=run_verb)


def run_verb(arguments: argparse.Namespace) -> int:
    try:
        stack = StackFile.read(arguments.stack)
    except FileNotFoundError:
        print(f"no run is up: {arguments.stack} is missing; `make run` writes it", file=sys.stderr)
        return 1
    aws = Aws(stack.endpoint)
    # Timers are found and moved by lead id: nothing here needs the pepper that hides people.
    table = DynamoTable(aws.dynamodb, stack.table, Keys(NO_PEPPER), pause)

    def chosen(due: Due) -> bool:
        named = not arguments.leads or due.lead_id in arguments.leads
        return named and arguments.kind in {None, due.timer}

    try:
        worked = fire_timers(table, aws.stepfunctions, stack.state_machines["journey"], chosen)
    except TravelFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    for due in worked:
        print(f"{due.lead_id}  {due.timer:8} was due {due.at:%Y-%m-%d %H:%M} UTC")
    print(f"{len(worked)} done" if worked else "nothing waits", file=sys.stderr)
    return 0
