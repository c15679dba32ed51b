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
from leadloop.edge.received_mail import NOBODY, REPLIES
from leadloop.edge.reports import reconciliation
from leadloop.edge.reports.reconciliation import HOUR, LATEST, Account
from leadloop.edge.telemetry import tell
from leadloop.edge.wiring import wired
from leadloop.insight.reconciliation import Ended, Taken, rows, unaccounted
from leadloop.intake.envelope import submission_id
from leadloop.intake.policy import MailSource
from leadloop.model.base import Model
from leadloop.model.facts import Facts, RecordRef
from leadloop.store import register
from leadloop.store.read import read

BACK = 3 * HOUR  # looked at again and again: who was missing may have come
LATE = timedelta(hours=1)  # five tries and a dead letter's end take less
UNTAKEN = timedelta(minutes=15)  # a mail is announced within seconds
RECEIVED = "in/"


class Notice(Model):
    """The message that S3 would have sent."""

    Records: tuple[dict[str, dict[str, dict[str, str]]], ...]


def balance() -> Account:
    """The account of the last whole hours, kept and told."""
    now = clock.now()
    until = reconciliation.hour_of(now - LATE)
    since = until - BACK
    taken = reconciliation.taken(since, until)
    lying = dict(_lying(since, now - UNTAKEN))
    ids = {key: _ids(key) for key in lying}
    ended = _ended(since - HOUR, [*taken, *(id_ for each in ids.values() for id_ in each)])
    again = {key: at for key, at in lying.items() if not ended.keys() & ids[key]}
    for key, at in again.items():
        wired().received_mail.put(_notice(key))
        if at < until:
            taken[submission_id(NOBODY, key)] = Taken(reconciliation.hour_of(at), NOBODY)
    account = Account(
        since=since,
        until=until,
        rows=tuple(row for row in rows(taken, ended) if since <= row.hour < until),
        again=tuple(again),
    )
    _keep(account)
    _tell(account)
    return account


def _keep(account: Account) -> None:
    reconciliation.put(LATEST, account)
    for hour in {row.hour for row in account.rows}:
        own = tuple(row for row in account.rows if row.hour == hour)
        one = Account(since=hour, until=hour + HOUR, rows=own)
        reconciliation.put(reconciliation.name_of(hour), one)


def _tell(account: Account) -> None:
    missing = unaccounted(account.rows)
    received = sum(row.received for row in account.rows)
    counts = {"Unaccounted": sum(missing.values()), "MailsAgain": len(account.again)}
    tell("Balanced the accounts", {"Received": received, **counts})
    if missing:
        named = "\n".join(f"{source}: {count}" for source, count in sorted(missing.items()))
        alarm.ring(
            "Submissions without an outcome",
            f"Taken from {account.since} to {account.until}, and nothing became of them. "
            f"By source:\n{named}\nTheir ids: GET /admin/v1/reports/reconciliation",
        )


def _ended(since: datetime, asked: Collection[str]) -> dict[str, Ended]:
    """What became of all since then, and of whoever is asked for and is not on the register."""
    found = {
        id_: Ended(sheet.hour, line.source, line.outcome)
        for sheet in register.walk(table(), since)
        for line in sheet.lines
        for id_ in line.ids
    }
    return found | dict(_looked_up([id_ for id_ in asked if id_ not in found]))


def _looked_up(ids: Collection[str]) -> Iterator[tuple[str, Ended]]:
    refs = [RecordRef(id_) for id_ in ids]
    facts = Facts(read(table(), refs))
    for ref in refs:
        if (record := facts.record(ref)) is not None:
            hour = reconciliation.hour_of(record.received_at)
            yield ref.id, Ended(hour, record.source, record.outcome)


def _lying(since: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
    """Mails by key, and since when each lies there; S3 can only be asked for all of them."""
    pager = wired().s3.get_paginator("list_objects_v2")
    for page in pager.paginate(Bucket=wired().raw_bucket, Prefix=RECEIVED):
        for each in page.get("Contents", ()):
            if since <= each["LastModified"] < until:
                yield each["Key"], each["LastModified"]


def _ids(key: str) -> frozenset[str]:
    """By which a mail may be known: of any source it may be for."""
    sources = playbook().playbook.sources.values()
    mail = (source.id for source in sources if isinstance(source, MailSource))
    return frozenset(submission_id(source, key) for source in (*mail, NOBODY, REPLIES))


def _notice(key: str) -> Notice:
    place = {"bucket": {"name": wired().raw_bucket}, "object": {"key": quote(key)}}
    return Notice(Records=({"s3": place},))
