"""`leadloop travel`: makes due what waits, has the journey do it, and prints what became of it.

It is for the laptop only, and writes straight to the emulator's table. The product has one clock
and no switch for tests.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from infra.local.aws import Aws
from infra.local.ministack import ROOT
from infra.local.shift_times import move_earlier
from infra.local.stack_file import StackFile
from leadloop.cli.stacks import RUN_FOLDER, add_stack_argument, read_run
from leadloop.cli.table import format_table, printable
from leadloop.edge.clock import pause
from leadloop.model.delivery import Delivery, DeliveryState
from leadloop.model.due import Due
from leadloop.model.stored_lead import StoredLead
from leadloop.store import keys, lease, queries
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import NO_PEPPER, Keys
from leadloop.store.leads import read_lead
from leadloop.store.table import Table

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

DueFilter = Callable[[Due], bool]
FAR_FUTURE = timedelta(days=36_500)
PAGE = 100
RUN_LIMIT = 120.0  # seconds for one run of the journey
DUE_TIMEOUT = 240.0  # seconds until nothing that was chosen is due any more
SENDING_TIMEOUT = 20.0  # seconds until what a timer has to say is said
UNFINISHED = {DeliveryState.READY, DeliveryState.SENDING}
HEAD = ("lead", "person", "timer", "was due (UTC)", "what became of it")


class TravelFailed(Exception):
    """The journey failed, or something that was made due is still not done."""


def fire_timers(
    table: Table, journey: "SFNClient", machine: str, is_chosen: DueFilter
) -> tuple[Due, ...]:
    """Make each chosen timer due now, run the journey, and return the timers as they were.

    All times of the same lead or delivery move by one span, so nothing is late.

    Raises:
        TravelFailed: the journey failed, or a timer is still due.

    """
    moved = tuple(
        due for due in list_due(table, FAR_FUTURE) if is_chosen(due) and _make_due_now(table, due)
    )
    deadline = time.monotonic() + DUE_TIMEOUT
    pending = {(due.lead_id, due.delivery_id, due.timer) for due in moved}
    while pending & {
        (due.lead_id, due.delivery_id, due.timer) for due in list_due(table, timedelta())
    }:
        if time.monotonic() > deadline:
            raise TravelFailed(f"still due after {DUE_TIMEOUT:.0f} s")
        _end_lease(table)
        run_journey(journey, machine)
    return moved


def list_due(table: Table, horizon: timedelta) -> Iterator[Due]:
    """All leads and deliveries that are due within `horizon`, by their earliest timer."""
    until = datetime.now(UTC) + horizon
    for shard in range(keys.DUE_SHARDS):
        cursor = None
        while True:
            page = queries.due(table, shard, until, PAGE, cursor)
            yield from page.rows
            if (cursor := page.cursor) is None:
                break


def run_journey(journey: "SFNClient", machine: str) -> None:
    """Run the state machine once, to its end.

    Raises:
        TravelFailed: it failed, or takes too long.

    """
    execution = journey.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    deadline = time.monotonic() + RUN_LIMIT
    while (status := journey.describe_execution(executionArn=execution))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            raise TravelFailed(f"the journey runs for more than {RUN_LIMIT:.0f} s")
        time.sleep(0.1)
    if status["status"] != "SUCCEEDED":
        cause = f"{status.get('error')} {status.get('cause')}"
        raise TravelFailed(f"the journey {status['status']}: {cause}")


def _end_lease(table: Table) -> None:
    """End the seconds in which the last run alone may list what is due."""
    now = datetime.now(UTC)
    lease.acquire_lease(table, lease.JOURNEY, "travel", now + FAR_FUTURE, now)


def _make_due_now(table: Table, due: Due) -> bool:
    return move_earlier(table, due, max(due.at - datetime.now(UTC), timedelta()))


class TimerOutcome(NamedTuple):
    """What became of one timer: events of the lead, deliveries made or tried, the lead now."""

    due: Due
    events: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    stored: StoredLead | None


def await_outcome(table: Table, due: Due, since: datetime) -> TimerOutcome:
    """What became of a timer since then; waits until its deliveries were handed over."""
    deadline = time.monotonic() + SENDING_TIMEOUT
    while True:
        outcome = _read_outcome(table, due, since)
        unfinished = any(each.state in UNFINISHED for each in outcome.deliveries)
        if not unfinished or time.monotonic() > deadline:
            return outcome
        time.sleep(0.1)


def _read_outcome(table: Table, due: Due, since: datetime) -> TimerOutcome:
    entries = queries.timeline(table, due.lead_id, PAGE, fresh=True).rows
    deliveries = queries.deliveries(table, due.lead_id, PAGE).rows
    return TimerOutcome(
        due=due,
        events=tuple(
            event.name for entry in reversed(entries) if entry.at >= since for event in entry.events
        ),
        deliveries=tuple(
            each for each in deliveries if each.created_at >= since or each.id == due.delivery_id
        ),
        stored=read_lead(table, due.lead_id),
    )


def format_outcomes(outcomes: Sequence[TimerOutcome]) -> str:
    """A table with a row for each timer."""
    rows = [
        (
            each.due.lead_id,
            _person(each.stored),
            str(each.due.timer),
            f"{each.due.at:%Y-%m-%d %H:%M}",
            "; ".join(_outcome_texts(each)),
        )
        for each in outcomes
    ]
    return format_table([HEAD, *rows])


def _person(stored: StoredLead | None) -> str:
    contact = stored.person.contact if stored else None
    name = contact and (contact.email or contact.name or contact.phone)
    return printable(name or "–")


def _outcome_texts(outcome: TimerOutcome) -> Iterator[str]:
    yield ", ".join(outcome.events) or "no event"
    for delivery in outcome.deliveries:
        to = delivery.rep or "the person"
        is_reason = delivery.detail and delivery.state is not DeliveryState.SENT
        reason = f" ({delivery.detail})" if is_reason else ""
        yield f"{delivery.channel} “{delivery.template}” to {to}: {delivery.state}{reason}"
    if outcome.stored is not None:
        lead = outcome.stored.lead
        assignment = lead.assignment
        owner = f", with {assignment.rep}" if assignment and assignment.rep else ""
        yield f"now {lead.stage}, {lead.rating}{owner}"
        for timer in lead.timers:
            yield f"next {timer.kind} {timer.at:%Y-%m-%d %H:%M}"


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the `leadloop` command line."""
    verb = verbs.add_parser("travel", help="laptop only: make due what waits, and do it")
    verb.add_argument("leads", nargs="*", metavar="LEAD", help="ids; none: every lead")
    verb.add_argument("--kind", help="step, breach, recycle or retry; none: every kind")
    add_stack_argument(verb)
    verb.set_defaults(run=run_verb)


def run_verb(options: argparse.Namespace) -> int:
    """Fire the timers and print what became of each.

    Raises:
        NoSystem: no run was ever started there.

    """
    stack = read_run(options.stack or ROOT / RUN_FOLDER, StackFile)
    aws = Aws(stack.endpoint)
    # Timers are found and moved by lead id: nothing here needs the pepper that hides people.
    table = DynamoTable(aws.dynamodb, stack.table, Keys(NO_PEPPER), pause)

    def is_chosen(due: Due) -> bool:
        named = not options.leads or due.lead_id in options.leads
        return named and options.kind in {None, due.timer}

    start = datetime.now(UTC)
    try:
        worked = fire_timers(table, aws.stepfunctions, stack.state_machines["journey"], is_chosen)
    except TravelFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    if worked:
        print(format_outcomes([await_outcome(table, due, start) for due in worked]))
    print(f"{len(worked)} done" if worked else "nothing waits", file=sys.stderr)
    return 0
