"""The leads of all people, the latest first: the register read backwards, without a scan.

It is a moment behind, as the register is. Leads of one moment may stand in either order.
"""

import re
from operator import attrgetter

from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.facts import Facts
from leadloop.model.lead import Record, RecordRef, SubmissionOutcome
from leadloop.model.stored_lead import StoredLead
from leadloop.store import register
from leadloop.store.items import Card, lead_card
from leadloop.store.leads import read_leads
from leadloop.store.queries import Page
from leadloop.store.read import read
from leadloop.store.table import Table

MOST_SHEETS = 200  # sheets read for one page
CURSOR_PATTERN = re.compile(r"(\d{1,6})\.(\S+)", re.ASCII)


def recent_leads(table: Table, limit: int, cursor: str | None = None) -> Page[Card]:
    """The latest leads. A page may be short and yet not the last.

    Raises:
        FieldsInvalid: `cursor` is not one of this list.

    """
    offset, start = (0, None) if cursor is None else _read_cursor(cursor)
    ids: dict[str, None] = {}  # two sheets may hold the same submission
    following = None
    for n, sheet in enumerate(register.latest_sheets(table, start)):
        if len(ids) == limit or n == MOST_SHEETS:
            following = f"0.{sheet.place}"
            break
        skipped = offset if sheet.place == start else 0
        lead_ids = _founded_ids(sheet)[skipped:]
        room = limit - len(ids)
        ids |= dict.fromkeys(lead_ids[:room])
        if len(lead_ids) > room:
            following = f"{skipped + room}.{sheet.place}"
            break
    records = sorted(_records(table, ids), key=attrgetter("received_at"), reverse=True)
    # A record that founded a further lead only names it.
    named = (each.lead_id for each in records if each.lead is None and each.lead_id)
    further = {stored.id: stored for stored in read_leads(table, named)}
    leads = (StoredLead.of(each) or further.get(each.lead_id or "") for each in records)
    return Page(
        tuple(lead_card(each.id, each.person, each.lead) for each in leads if each), following
    )


def _founded_ids(sheet: register.RegisterSheet) -> list[str]:
    lines = (line for line in sheet.lines if line.outcome is SubmissionOutcome.LEAD)
    return [id_ for line in lines for id_ in line.ids]


def _records(table: Table, ids: dict[str, None]) -> list[Record]:
    refs = [RecordRef(id_) for id_ in ids]
    facts = Facts(read(table, refs))
    return [record for ref in refs if (record := facts.get(ref)) is not None]


def _read_cursor(token: str) -> tuple[int, str]:
    match = CURSOR_PATTERN.fullmatch(token)
    if match is None:
        text = "the cursor is not one of this list"
        raise FieldsInvalid((Reason(code="cursor", text=text),))
    return int(match[1]), match[2]
