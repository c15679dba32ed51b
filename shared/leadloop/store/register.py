"""The register: what became of every submission, by the hour it was received.

It is a projection of the table's stream and a moment behind it: one batch of the stream is one
sheet. So a batch costs what an index would cost each lead, and finding what came in needs no scan.
A batch that comes twice, cut in another way, may be on two sheets.
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

SHEETS_PER_QUERY = 50
SHEETS_PER_SHARD = 10  # of one query, where all shards are read at once
HOUR_LENGTH = len("2026-03-02T09")  # characters of the moment that a sheet's sort key begins with
AFTER_ALL_IDS = "~"  # sorts behind every id
CURSOR_PATTERN = re.compile(r"(REGISTER#[0-9]+) ([0-9TZ.:-]{13,27}#\S{1,60})")
OUTCOMES_WITH_REASONS = (SubmissionOutcome.QUARANTINED, SubmissionOutcome.REJECTED)


class RegisterLine(NamedTuple):
    """Submissions with the same outcome.

    `reasons` are codes, of quarantined and rejected ones.
    """

    source: str
    outcome: SubmissionOutcome
    parser: str | None
    reasons: tuple[str, ...]
    ids: tuple[str, ...]


class RegisterSheet(NamedTuple):
    """One sheet; `place` is the cursor that goes on behind it."""

    hour: datetime
    lines: tuple[RegisterLine, ...]
    place: str


def put_records(table: Table, records: Iterable[Record]) -> None:
    """Write `records` to the register; those of one hour are one sheet, named by the first of them.

    A sheet of the same name is overwritten: its batch came again, with all its records.

    Raises:
        Busy: another wrote the same sheet at the same moment.

    """

    def hour(record: Record) -> str:
        return keys.hour(record.received_at)

    for _, hour_records in groupby(sorted(records, key=hour), hour):
        group = tuple(hour_records)
        key = keys.sheet(group[0].received_at, group[0].id)
        stored = table.get([key]).get(key)
        before = None if stored is None else version_of(stored)
        lines = json.dumps(_lines(group), separators=(",", ":"))
        item: Item = {"pk": key.pk, "sk": key.sk, "version": (before or 0) + 1, "lines": lines}
        if table.write_all([Put(item, before)]):
            raise Busy(f"another has written the sheet {key.sk}")


def walk_sheets(
    table: Table,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
) -> Iterator[RegisterSheet]:
    """The sheets from the hour of `since` to that of `until`, shard by shard, each in time order.

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
    """The sheets of all shards, the latest first, from the one whose `place` is `start`.

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
    """The records of a sheet as they are now, without those that were deleted since."""
    refs = [RecordRef(id_) for line in sheet.lines for id_ in line.ids]
    facts = Facts(read(table, refs))
    return tuple(record for ref in refs if (record := facts.get(ref)) is not None)


def _lines(group: Iterable[Record]) -> list[tuple[object, ...]]:
    by_end: dict[tuple[object, ...], list[str]] = {}
    for record in group:
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
        match = CURSOR_PATTERN.fullmatch(base64.urlsafe_b64decode(token).decode("ascii"))
    except (ValueError, binascii.Error):
        match = None
    shards = {keys.register(shard): shard for shard in range(keys.REGISTER_SHARDS)}
    if match is None or match[1] not in shards:
        text = "the cursor is not one of this list"
        raise FieldsInvalid((Reason(code="cursor", text=text),))
    return shards[match[1]], {"pk": match[1], "sk": match[2]}
