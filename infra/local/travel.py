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
from infra.local.shift_times import retime
from infra.local.stack_file import StackFile
from leadloop.edge.clock import pause
from leadloop.model.due import Due
from leadloop.store import keys, lease, queries
from leadloop.store.keys import Keys
from leadloop.store.table import DynamoTable, Table

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

Chosen = Callable[[Due], bool]
FAR = timedelta(days=36_500)
PAGE = 100
RUN_LIMIT = 120.0  # seconds for one run of the journey
DONE_LIMIT = 240.0  # seconds until nothing that was chosen is due any more


class TravelFailed(Exception):
    """The journey failed, or what was made due is still not done."""


def travel(table: Table, journey: "SFNClient", machine: str, chosen: Chosen) -> tuple[Due, ...]:
    """Each chosen timer becomes due now, its own span earlier, and is worked.

    What it was and what the same item waits for beside it move by one span, so nothing is late.
    Returns what was worked, with the times it had.
    """
    moved = tuple(due for due in waiting(table, FAR) if chosen(due) and _brought_near(table, due))
    deadline = time.monotonic() + DONE_LIMIT
    waited_for = {(due.lead_id, due.delivery_id, due.timer) for due in moved}
    while waited_for & {
        (due.lead_id, due.delivery_id, due.timer) for due in waiting(table, timedelta())
    }:
        if time.monotonic() > deadline:
            raise TravelFailed(f"still due after {DONE_LIMIT:.0f} s")
        _end_lease(table)
        run(journey, machine)
    return moved


def waiting(table: Table, horizon: timedelta) -> Iterator[Due]:
    """Everything that is due within `horizon`, by its earliest timer."""
    until = datetime.now(UTC) + horizon
    for shard in range(keys.SHARDS):
        cursor = None
        while True:
            page = queries.due(table, shard, until, PAGE, cursor)
            yield from page.rows
            if (cursor := page.cursor) is None:
                break


def run(journey: "SFNClient", machine: str) -> None:
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
    lease.take(table, lease.JOURNEY, "travel", now + FAR, now)


def _brought_near(table: Table, due: Due) -> bool:
    return retime(table, due, max(due.at - datetime.now(UTC), timedelta()))


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
    table = DynamoTable(aws.dynamodb, stack.table, Keys(b""), pause)

    def chosen(due: Due) -> bool:
        named = not arguments.leads or due.lead_id in arguments.leads
        return named and arguments.kind in {None, due.timer}

    try:
        worked = travel(table, aws.stepfunctions, stack.state_machines["journey"], chosen)
    except TravelFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    for due in worked:
        print(f"{due.lead_id}  {due.timer:8} was due {due.at:%Y-%m-%d %H:%M} UTC")
    print(f"{len(worked)} done" if worked else "nothing waits", file=sys.stderr)
    return 0
