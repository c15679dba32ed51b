"""The hourly account in S3, and what it is made of: the doors' own lines of what they took."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from leadloop.edge.wiring import get_wiring
from leadloop.insight.reconciliation import Receipt, ReconciliationRow
from leadloop.model.base import Model
from leadloop.model.errors import NotYet
from leadloop.settings import DoorLogsSettings, ReplaySettings

PREFIX = "reports/reconciliation/"
LATEST = "latest"
HOUR = timedelta(hours=1)


class Reconciliation(Model):
    """All that was received from `since` to `until`; `again` are mails that are taken in again."""

    since: datetime
    until: datetime
    rows: tuple[ReconciliationRow, ...]
    again: tuple[str, ...] = ()


def hour_of(at: datetime) -> datetime:
    """When the hour of a moment began."""
    return at.replace(minute=0, second=0, microsecond=0)


def report_name(hour: datetime) -> str:
    """The name of an hour's account."""
    return hour.strftime("%Y-%m-%dT%H")


def put(name: str, account: Reconciliation) -> None:
    """Keep an account by its name, for as long as the bucket keeps things."""
    get_wiring().s3.put_object(
        Bucket=_bucket(),
        Key=f"{PREFIX}{name}.json",
        Body=account.model_dump_json().encode(),
        ContentType="application/json",
    )


def get(name: str) -> Reconciliation:
    """Raises: NotYet: there is none of that hour, or no more."""
    try:
        found = get_wiring().s3.get_object(Bucket=_bucket(), Key=f"{PREFIX}{name}.json")
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            raise NotYet(
                "there is no such account: they are made once an hour, of the hours that have been "
                "over for an hour, and one of its own for each in which something was received"
            ) from error
        raise
    return Reconciliation.model_validate_json(found["Body"].read())


def read_accepted(since: datetime, until: datetime) -> dict[str, Receipt]:
    """What the doors said they took, by submission."""
    found: dict[str, Receipt] = {}
    for group in get_wiring().settings(DoorLogsSettings).DOOR_LOGS.split(","):
        for at, said in _read_log_lines(group, since, until):
            found |= {id_: Receipt(hour_of(at), source) for source, id_ in said}
    return found


def _read_log_lines(
    group: str, since: datetime, until: datetime
) -> Iterator[tuple[datetime, Sequence[tuple[str, str]]]]:
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
    """Of a line that is not one of ours, nothing."""
    try:
        said = json.loads(line[line.index("{") :])
        return [(str(source), str(id_)) for source, id_ in said.get("taken", ())]
    except (ValueError, TypeError, AttributeError):
        return ()


def _bucket() -> str:
    return get_wiring().settings(ReplaySettings).PAGES_BUCKET
