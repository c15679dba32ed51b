"""`leadloop report reconciliation | sources`: makes one of the two hourly reports now.

The schedule invokes the function `upkeep` with a task; this command invokes it with the same task.
So the report is stored and raises its alarms as it does every hour.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime

from leadloop.cli.stacks import DeployedSystem, add_system_arguments, find_system
from leadloop.cli.table import format_table, printable
from leadloop.edge.reports.reconciliation import Reconciliation
from leadloop.edge.reports.source_health import HealthReport

COUNT_COLUMNS = ("received", "lead", "merged", "quarantined", "rejected", "missing")


class ReportFailed(Exception):
    """The report was not made; the message says why."""


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("report", help="make an hourly report now")
    actions = verb.add_subparsers(required=True, metavar="REPORT")
    for name, task, formatted, text in (
        (
            "reconciliation",
            "balance",
            format_reconciliation,
            "what came in against what became of it, by source",
        ),
        ("sources", "health", format_health, "whether each source brings what it usually does"),
    ):
        action = actions.add_parser(name, help=text)
        add_system_arguments(action)
        action.set_defaults(run=run, task=task, formatted=formatted)


def run(options: argparse.Namespace) -> int:
    """Make the report and print it.

    Raises:
        NoSystem: there is no system to make it in.

    """
    formatted: Callable[[bytes], str] = options.formatted
    try:
        print(formatted(make_report(find_system(options), options.task)))
    except ReportFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def make_report(system: DeployedSystem, task: str) -> bytes:
    """Invoke `upkeep` as the schedule does; return its answer, JSON.

    Raises:
        ReportFailed: the function is not known or failed.

    """
    if not system.upkeep:
        raise ReportFailed("the function `upkeep` is not named by the stacks: deploy them again")
    answer = system.client("lambda").invoke(
        FunctionName=system.upkeep, Payload=json.dumps({"task": task}).encode()
    )
    body: bytes = answer["Payload"].read()
    if "FunctionError" in answer:
        raise ReportFailed(f"upkeep failed: {json.loads(body).get('errorMessage', body)}")
    return body


def format_reconciliation(body: bytes) -> str:
    """The report as text: its hours, a row for each hour and source, what is missing."""
    report = Reconciliation.model_validate_json(body)
    head = (
        f"received from {_time(report.since)} to {_time(report.until)} UTC "
        "(an hour counts once it has been over for an hour)"
    )
    if not report.rows:
        return f"{head}: nothing"
    rows: list[tuple[str, ...]] = [("hour", "source", *COUNT_COLUMNS)]
    for row in report.rows:
        counts = (row.received, row.lead, row.merged, row.quarantined, row.rejected)
        cells = (*map(str, counts), str(len(row.missing)))
        rows.append((_time(row.hour), row.source, *cells))
    missing = [f"missing: {id_}" for row in report.rows for id_ in row.missing]
    again = [f"taken in again: {key}" for key in report.again]
    return "\n".join([head, "", format_table(rows), *missing, *again])


def format_health(body: bytes) -> str:
    """The report as text: a row for each watched source, then what is not well."""
    report = HealthReport.model_validate_json(body)
    rows = [("source", "received", "accepted", "usual", "state")]
    rows += [
        (
            each.source,
            str(each.received),
            str(each.accepted),
            f"{each.expected:g}",
            "not well" if each.findings else "well",
        )
        for each in report.sources
    ]
    head = f"sources at {_time(report.at)} UTC, the 24 hours before"
    findings = "\n".join(_finding_lines(report)) or "nothing is wrong"
    return "\n\n".join([head, format_table(rows), findings])


def _finding_lines(report: HealthReport) -> Iterator[str]:
    for finding in report.findings:
        yield f"{finding.source}: {printable(finding.text)}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
