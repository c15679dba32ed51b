"""Every hour: what the doors took against what became of it; who is missing raises an alarm.

A mail that lies in S3 and that nobody took in is announced once more. Its key is its name, so if it
was only late it is no second one.
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

LOOK_BACK = 3 * HOUR  # looked at again and again: who was missing may have come
SETTLE_TIME = timedelta(hours=1)  # five tries and a dead letter's end take less
ANNOUNCE_TIME = timedelta(minutes=15)  # a mail is announced within seconds
MAIL_PREFIX = "in/"


class Notice(Model):
    """The message that S3 would have sent."""

    Records: tuple[dict[str, dict[str, dict[str, str]]], ...]


def reconcile() -> Reconciliation:
    """The account of the last whole hours, kept and told."""
    now = clock.now()
    until = reconciliation.hour_of(now - SETTLE_TIME)
    since = until - LOOK_BACK
    taken = reconciliation.read_accepted(since, until)
    lying = dict(_stored_mails(since, now - ANNOUNCE_TIME))
    ids = {key: _possible_ids(key) for key in lying}
    ended = _read_outcomes(since - HOUR, [*taken, *(id_ for each in ids.values() for id_ in each)])
    again = {key: at for key, at in lying.items() if not ended.keys() & ids[key]}
    for key, at in again.items():
        get_wiring().received_mail.put(_build_notice(key))
        if at < until:
            taken[submission_id(UNKNOWN_SOURCE, key)] = Receipt(
                reconciliation.hour_of(at), UNKNOWN_SOURCE
            )
    account = Reconciliation(
        since=since,
        until=until,
        rows=tuple(row for row in reconcile_submissions(taken, ended) if since <= row.hour < until),
        again=tuple(again),
    )
    _store(account)
    _report(account)
    return account


def _store(account: Reconciliation) -> None:
    reconciliation.put(LATEST, account)
    for hour in {row.hour for row in account.rows}:
        own = tuple(row for row in account.rows if row.hour == hour)
        one = Reconciliation(since=hour, until=hour + HOUR, rows=own)
        reconciliation.put(reconciliation.report_name(hour), one)


def _report(account: Reconciliation) -> None:
    missing = count_missing(account.rows)
    received = sum(row.received for row in account.rows)
    counts = {"Unaccounted": sum(missing.values()), "MailsAgain": len(account.again)}
    log_call("Balanced the accounts", {"Received": received, **counts})
    if missing:
        named = "\n".join(f"{source}: {count}" for source, count in sorted(missing.items()))
        alarm.notify_operators(
            "Submissions without an outcome",
            f"Taken from {account.since} to {account.until}, and nothing became of them. "
            f"By source:\n{named}\nTheir ids: GET /admin/v1/reports/reconciliation",
        )


def _read_outcomes(since: datetime, asked: Collection[str]) -> dict[str, RecordedOutcome]:
    """What became of all since then, and of whoever is asked for and is not on the register."""
    found = {
        id_: RecordedOutcome(sheet.hour, line.source, line.outcome)
        for sheet in register.walk_sheets(table(), since)
        for line in sheet.lines
        for id_ in line.ids
    }
    return found | dict(_look_up_outcomes([id_ for id_ in asked if id_ not in found]))


def _look_up_outcomes(ids: Collection[str]) -> Iterator[tuple[str, RecordedOutcome]]:
    refs = [RecordRef(id_) for id_ in ids]
    facts = Facts(read(table(), refs))
    for ref in refs:
        if (record := facts.get(ref)) is not None:
            hour = reconciliation.hour_of(record.received_at)
            yield ref.id, RecordedOutcome(hour, record.source, record.outcome)


def _stored_mails(since: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
    """Mails by key, and since when each lies there; S3 can only be asked for all of them."""
    pager = get_wiring().s3.get_paginator("list_objects_v2")
    for page in pager.paginate(Bucket=get_wiring().raw_bucket, Prefix=MAIL_PREFIX):
        for each in page.get("Contents", ()):
            if since <= each["LastModified"] < until:
                yield each["Key"], each["LastModified"]


def _possible_ids(key: str) -> frozenset[str]:
    """By which a mail may be known: of any source it may be for."""
    sources = playbook().playbook.sources.values()
    mail = (source.id for source in sources if isinstance(source, MailSource))
    return frozenset(submission_id(source, key) for source in (*mail, UNKNOWN_SOURCE, REPLY_SOURCE))


def _build_notice(key: str) -> Notice:
    place = {"bucket": {"name": get_wiring().raw_bucket}, "object": {"key": quote(key)}}
    return Notice(Records=({"s3": place},))
