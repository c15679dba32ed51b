"""Everybody's leads, the latest first: the register read backwards, so that nothing is scanned.

A moment behind, as the register is; what came at the same moment may stand either way.
"""

import re
from operator import attrgetter

from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.facts import Facts
from leadloop.model.lead import Record, RecordRef, SubmissionOutcome
from leadloop.store import register
from leadloop.store.items import Card, lead_card
from leadloop.store.queries import Page
from leadloop.store.read import read
from leadloop.store.table import Table

MOST_SHEETS = 200  # looked at for one page
CURSOR_PATTERN = re.compile(r"(\d{1,6})\.(\S+)", re.ASCII)


def recent_leads(table: Table, limit: int, cursor: str | None = None) -> Page[Card]:
    """A page may be short and yet not the last.

    Raises:
        FieldsInvalid: the cursor is none of ours.

    """
    shown, start = (0, None) if cursor is None else _read_cursor(cursor)
    ids: dict[str, None] = {}  # a sheet may be told twice
    following = None
    for n, sheet in enumerate(register.latest_sheets(table, start)):
        if len(ids) == limit or n == MOST_SHEETS:
            following = f"0.{sheet.place}"
            break
        skipped = shown if sheet.place == start else 0
        founded = _founded_ids(sheet)[skipped:]
        room = limit - len(ids)
        ids |= dict.fromkeys(founded[:room])
        if len(founded) > room:
            following = f"{skipped + room}.{sheet.place}"
            break
    found = sorted(_records(table, ids), key=attrgetter("received_at"), reverse=True)
    return Page(tuple(lead_card(each, each.lead) for each in found if each.lead), following)


def _founded_ids(sheet: register.RegisterSheet) -> list[str]:
    lines = (line for line in sheet.lines if line.outcome is SubmissionOutcome.LEAD)
    return [id_ for line in lines for id_ in line.ids]


def _records(table: Table, ids: dict[str, None]) -> list[Record]:
    refs = [RecordRef(id_) for id_ in ids]
    facts = Facts(read(table, refs))
    return [record for ref in refs if (record := facts.get(ref)) is not None]


def _read_cursor(token: str) -> tuple[int, str]:
    found = CURSOR_PATTERN.fullmatch(token)
    if found is None:
        text = "the cursor is not one of this list"
        raise FieldsInvalid((Reason(code="cursor", text=text),))
    return int(found[1]), found[2]
