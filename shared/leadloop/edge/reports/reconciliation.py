"""The hourly reconciliation in S3, and its input: the log lines of what the doors accepted."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from leadloop.edge.wiring import get_wiring
from leadloop.insight.reconciliation import Receipt, ReconciliationRow
from leadloop.model.base import Model
from leadloop.model.errors import NotYet
from leadloop.settings import DoorLogsSettings

PREFIX = "reports/reconciliation/"
LATEST = "latest"
HOUR = timedelta(hours=1)


class Reconciliation(Model):
    """All that was received from `since` to `until`.

    `again` are the S3 keys of mails that nobody had taken in, and that were announced once more.
    """

    since: datetime
    until: datetime
    rows: tuple[ReconciliationRow, ...]
    again: tuple[str, ...] = ()


def hour_of(at: datetime) -> datetime:
    """When the hour of a moment began."""
    return at.replace(minute=0, second=0, microsecond=0)


def report_name(hour: datetime) -> str:
    """The name of an hour's reconciliation, such as `2026-03-02T09`."""
    return hour.strftime("%Y-%m-%dT%H")


def put(name: str, account: Reconciliation) -> None:
    """Store a reconciliation under `name`: `LATEST` or a `report_name`."""
    get_wiring().pages.put(f"{PREFIX}{name}.json", account.model_dump_json().encode())


def get(name: str) -> Reconciliation:
    """The reconciliation of that name.

    Raises:
        NotYet: there is none of that hour, or no more.

    """
    document = get_wiring().pages.get(f"{PREFIX}{name}.json")
    if document is None:
        raise NotYet(
            "there is no such account: they are made once an hour, of the hours that have been "
            "over for an hour, and one of its own for each in which something was received"
        )
    return Reconciliation.model_validate_json(document)


def read_accepted(since: datetime, until: datetime) -> dict[str, Receipt]:
    """What the doors logged as accepted from `since` to before `until`, by submission id."""
    accepted: dict[str, Receipt] = {}
    for group in get_wiring().settings(DoorLogsSettings).DOOR_LOGS.split(","):
        for at, pairs in _read_log_lines(group, since, until):
            accepted |= {id_: Receipt(hour_of(at), source) for source, id_ in pairs}
    return accepted


def _read_log_lines(
    group: str, since: datetime, until: datetime
) -> Iterator[tuple[datetime, Sequence[tuple[str, str]]]]:
    """Of each line that names accepted submissions: its time, and (source, id) of each."""
    pages = (
        get_wiring()
        .logs.get_paginator("filter_log_events")
        .paginate(
            logGroupName=group,
            startTime=int(since.timestamp() * 1000),
            endTime=int(until.timestamp() * 1000) - 1,
            filterPattern='"taken"',
        )
    )
    for page in pages:
        for event in page["events"]:
            at = datetime.fromtimestamp(event["timestamp"] / 1000, since.tzinfo)
            yield at, _accepted_in_line(event["message"])


def _accepted_in_line(line: str) -> Sequence[tuple[str, str]]:
    """(source, id) of each; nothing of a line that is not one of ours."""
    try:
        fields = json.loads(line[line.index("{") :])
        return [(str(source), str(id_)) for source, id_ in fields.get("taken", ())]
    except (ValueError, TypeError, AttributeError):
        return ()
