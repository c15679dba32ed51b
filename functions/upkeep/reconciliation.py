"""Compares every hour what the doors accepted with what became of it.

A submission without an outcome raises an alarm. A mail in S3 without an outcome is announced once
more. Its S3 key is its identity, so a mail that was only late is no second one.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from urllib.parse import quote

from leadloop.edge import alarm, clock
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.received_mail import REPLY_SOURCE, UNKNOWN_SOURCE
from leadloop.edge.reports import reconciliation
from leadloop.edge.reports.reconciliation import HOUR, LATEST, Reconciliation
from leadloop.edge.telemetry import log_call
from leadloop.edge.wiring import get_wiring
from leadloop.insight.reconciliation import (
    Receipt,
    RecordedOutcome,
    count_missing,
    reconcile_submissions,
)
from leadloop.intake.envelope import submission_id
from leadloop.intake.policy import MailSource
from leadloop.model.base import Model
from leadloop.model.facts import Facts
from leadloop.model.lead import RecordRef
from leadloop.store import register
from leadloop.store.read import read

LOOK_BACK = 3 * HOUR  # each hour is compared three times: what was missing may have come
SETTLE_TIME = timedelta(hours=1)  # five tries and a dead letter's end take less
ANNOUNCE_TIME = timedelta(minutes=15)  # S3 announces a mail within seconds
MAIL_PREFIX = "in/"


class Notice(Model):
    """The message by which S3 announces an object."""

    Records: tuple[dict[str, dict[str, dict[str, str]]], ...]


def reconcile() -> Reconciliation:
    """Make and store the reconciliation of the last whole hours, and report what is missing."""
    now = clock.now()
    until = reconciliation.hour_of(now - SETTLE_TIME)
    since = until - LOOK_BACK
    accepted = reconciliation.read_accepted(since, until)
    stored_mails = dict(_stored_mails(since, now - ANNOUNCE_TIME))
    ids = {key: _possible_ids(key) for key in stored_mails}
    mail_ids = (id_ for each in ids.values() for id_ in each)
    outcomes = _read_outcomes(since - HOUR, [*accepted, *mail_ids])
    unanswered = {key: at for key, at in stored_mails.items() if not outcomes.keys() & ids[key]}
    for key, at in unanswered.items():
        get_wiring().received_mail.put(_build_notice(key))
        if at < until:
            accepted[submission_id(UNKNOWN_SOURCE, key)] = Receipt(
                reconciliation.hour_of(at), UNKNOWN_SOURCE
            )
    account = Reconciliation(
        since=since,
        until=until,
        rows=tuple(
            row for row in reconcile_submissions(accepted, outcomes) if since <= row.hour < until
        ),
        again=tuple(unanswered),
    )
    _store(account)
    _report(account)
    return account


def _store(account: Reconciliation) -> None:
    reconciliation.put(LATEST, account)
    for hour in {row.hour for row in account.rows}:
        hour_rows = tuple(row for row in account.rows if row.hour == hour)
        of_hour = Reconciliation(since=hour, until=hour + HOUR, rows=hour_rows)
        reconciliation.put(reconciliation.report_name(hour), of_hour)


def _report(account: Reconciliation) -> None:
    missing = count_missing(account.rows)
    received = sum(row.received for row in account.rows)
    counts = {"Unaccounted": sum(missing.values()), "MailsAgain": len(account.again)}
    log_call("Balanced the accounts", {"Received": received, **counts})
    if missing:
        lines = "\n".join(f"{source}: {count}" for source, count in sorted(missing.items()))
        alarm.notify_operators(
            "Submissions without an outcome",
            f"Taken from {account.since} to {account.until}, and nothing became of them. "
            f"By source:\n{lines}\nTheir ids: GET /admin/v1/reports/reconciliation",
        )


def _read_outcomes(since: datetime, ids: Collection[str]) -> dict[str, RecordedOutcome]:
    """The outcomes of all submissions since then, and of those of `ids` that came before."""
    outcomes = {
        id_: RecordedOutcome(sheet.hour, line.source, line.outcome)
        for sheet in register.walk_sheets(table(), since)
        for line in sheet.lines
        for id_ in line.ids
    }
    return outcomes | dict(_look_up_outcomes([id_ for id_ in ids if id_ not in outcomes]))


def _look_up_outcomes(ids: Collection[str]) -> Iterator[tuple[str, RecordedOutcome]]:
    refs = [RecordRef(id_) for id_ in ids]
    facts = Facts(read(table(), refs))
    for ref in refs:
        if (record := facts.get(ref)) is not None:
            hour = reconciliation.hour_of(record.received_at)
            yield ref.id, RecordedOutcome(hour, record.source, record.outcome)


def _stored_mails(since: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
    """The key of each mail that was stored in that time, and when. S3 can only list all of them."""
    pager = get_wiring().s3.get_paginator("list_objects_v2")
    for page in pager.paginate(Bucket=get_wiring().raw_bucket, Prefix=MAIL_PREFIX):
        for each in page.get("Contents", ()):
            if since <= each["LastModified"] < until:
                yield each["Key"], each["LastModified"]


def _possible_ids(key: str) -> frozenset[str]:
    """The ids that a mail can have: one for each source that it may be for."""
    sources = playbook().playbook.sources.values()
    mail = (source.id for source in sources if isinstance(source, MailSource))
    return frozenset(submission_id(source, key) for source in (*mail, UNKNOWN_SOURCE, REPLY_SOURCE))


def _build_notice(key: str) -> Notice:
    place = {"bucket": {"name": get_wiring().raw_bucket}, "object": {"key": quote(key)}}
    return Notice(Records=({"s3": place},))
