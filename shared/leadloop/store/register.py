"""The register: what became of every submission, by the hour it was received.

A projection of the table's stream, a moment behind it: what the stream tells together is one sheet.
So it costs a batch what an index would cost each lead, and nobody has to scan the table to find
again what came in. A batch that is told twice, cut in another way, may be on two sheets.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from typing import NamedTuple

from leadloop.model.base import Reason
from leadloop.model.errors import Busy, FieldsInvalid
from leadloop.model.facts import Facts
from leadloop.model.lead import Record, RecordRef, SubmissionOutcome
from leadloop.store import keys
from leadloop.store.items import Item, key_of, text_attribute, version_of
from leadloop.store.read import read
from leadloop.store.table import Cursor, Put, Range, Table, query_all

SHEETS_PER_QUERY = 50  # sheets a query
SHEETS_PER_SHARD = 10  # the same, where all shards are asked at once
HOUR_LENGTH = len("2026-03-02T09")  # of the instant that a sheet's name begins with
AFTER_ALL_IDS = "~"  # sorts behind every id
CURSOR_PATTERN = re.compile(r"(REGISTER#[0-9]+) ([0-9TZ.:-]{13,27}#\S{1,60})")
OUTCOMES_WITH_REASONS = (SubmissionOutcome.QUARANTINED, SubmissionOutcome.REJECTED)


class RegisterLine(NamedTuple):
    """Submissions that had the same end; `reasons` are codes, of those that founded nothing."""

    source: str
    outcome: SubmissionOutcome
    parser: str | None
    reasons: tuple[str, ...]
    ids: tuple[str, ...]


class RegisterSheet(NamedTuple):
    """What was told together; `place` says where to go on behind it."""

    hour: datetime
    lines: tuple[RegisterLine, ...]
    place: str


def put_records(table: Table, records: Iterable[Record]) -> None:
    """Register `records`; those of one hour are one sheet, named for the first of them.

    A sheet that is there already was of the same first record: it is written anew, since whatever
    else was on it is told again as well.

    Raises:
        Busy: another wrote the same sheet at the same moment.

    """

    def hour(record: Record) -> str:
        return keys.hour(record.received_at)

    for _, found in groupby(sorted(records, key=hour), hour):
        together = tuple(found)
        key = keys.sheet(together[0].received_at, together[0].id)
        there = table.get([key]).get(key)
        before = None if there is None else version_of(there)
        lines = json.dumps(_lines(together), separators=(",", ":"))
        item: Item = {"pk": key.pk, "sk": key.sk, "version": (before or 0) + 1, "lines": lines}
        if table.put_all([Put(item, before)]):
            raise Busy(f"another has written the sheet {key.sk}")


def walk_sheets(
    table: Table,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
) -> Iterator[RegisterSheet]:
    """The sheets from the hour of `since` to that of `until`: shard by shard, hours in order.

    Raises:
        FieldsInvalid: `after` is no place in the register.

    """
    start, cursor = (0, None) if after is None else _decode_cursor(after)
    upto = None if until is None else keys.hour(until) + AFTER_ALL_IDS
    for shard in range(start, keys.REGISTER_SHARDS):
        rows = Range(
            keys.register(shard),
            since="" if since is None else keys.hour(since),
            upto=upto,
            fresh=True,
        )
        yield from map(_sheet, query_all(table, rows, SHEETS_PER_QUERY, cursor))
        cursor = None


def latest_sheets(table: Table, start: str | None = None) -> Iterator[RegisterSheet]:
    """The sheets of all shards, the latest first; from the one on whose `place` is `start`.

    Raises:
        FieldsInvalid: `start` is no place in the register.

    """
    upto = None if start is None else _decode_cursor(start)[1]["sk"]
    shards = (_newest_items(table, shard, upto) for shard in range(keys.REGISTER_SHARDS))
    items = merge(*shards, key=lambda item: key_of(item).sk, reverse=True)
    return map(_sheet, items)


def _newest_items(table: Table, shard: int, upto: str | None) -> Iterator[Item]:
    return query_all(
        table, Range(keys.register(shard), upto=upto, backwards=True), SHEETS_PER_SHARD
    )


def read_records(table: Table, sheet: RegisterSheet) -> tuple[Record, ...]:
    """The records of a sheet, as they are now; some may have been let go since."""
    refs = [RecordRef(id_) for line in sheet.lines for id_ in line.ids]
    facts = Facts(read(table, refs))
    return tuple(record for ref in refs if (record := facts.get(ref)) is not None)


def _lines(together: Iterable[Record]) -> list[tuple[object, ...]]:
    by_end: dict[tuple[object, ...], list[str]] = {}
    for record in together:
        reasons = record.reasons if record.outcome in OUTCOMES_WITH_REASONS else ()
        codes = sorted({reason.code for reason in reasons})
        end = (record.source, str(record.outcome), record.parser or "", *codes)
        by_end.setdefault(end, []).append(record.id)
    return list(by_end.items())


def _sheet(item: Item) -> RegisterSheet:
    key = key_of(item)
    hour = datetime.strptime(key.sk[:HOUR_LENGTH], "%Y-%m-%dT%H").replace(tzinfo=UTC)
    lines = tuple(
        RegisterLine(source, SubmissionOutcome(outcome), parser or None, tuple(codes), tuple(ids))
        for (source, outcome, parser, *codes), ids in json.loads(text_attribute(item, "lines"))
    )
    return RegisterSheet(
        hour, lines, base64.urlsafe_b64encode(f"{key.pk} {key.sk}".encode()).decode()
    )


def _decode_cursor(token: str) -> tuple[int, Cursor]:
    try:
        found = CURSOR_PATTERN.fullmatch(base64.urlsafe_b64decode(token).decode("ascii"))
    except (ValueError, binascii.Error):
        found = None
    shards = {keys.register(shard): shard for shard in range(keys.REGISTER_SHARDS)}
    if found is None or found[1] not in shards:
        text_ = "the cursor is not one of this list"
        raise FieldsInvalid((Reason(code="cursor", text=text_),))
    return shards[found[1]], {"pk": found[1], "sk": found[2]}
