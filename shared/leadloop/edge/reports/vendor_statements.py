"""How many leads a vendor says it brought, entered by hand; compared with our register."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from leadloop.edge.act import table
from leadloop.edge.wiring import get_wiring
from leadloop.model.base import Model, Moment
from leadloop.model.command import Actor
from leadloop.store import keys, register

PREFIX = "reports/statements/"
TEST_REASON = "test"  # the reason of a vendor's tests, which no vendor counts


class VendorCount(Model):
    """`count` leads of a source in whole hours from `since` to `until`, by the vendor's account."""

    source: str
    since: Moment
    until: Moment
    count: int = Field(ge=0)


class Statement(Model):
    """The vendor's count, and who entered it when."""

    claimed: VendorCount
    by: Actor
    at: datetime


def put(statement: Statement) -> None:
    """Store a statement, in place of an older one of the same source and period."""
    vendor_count = statement.claimed
    period = f"{keys.hour(vendor_count.since)}_{keys.hour(vendor_count.until)}"
    key = f"{PREFIX}{vendor_count.source}/{period}.json"
    get_wiring().pages.put(key, statement.model_dump_json().encode())


def read_statements() -> Iterator[Statement]:
    """All statements, by source."""
    documents = get_wiring().pages
    for key in documents.keys(PREFIX):
        if (document := documents.get(key)) is not None:
            yield Statement.model_validate_json(document)


def count_received_leads(vendor_count: VendorCount) -> int:
    """How many submissions of that source came in that time, whatever became of them.

    Tests do not count, nor do successors of a submission.
    """
    ids = {
        id_
        for sheet in register.walk_sheets(table(), vendor_count.since, vendor_count.until)
        if sheet.hour < vendor_count.until
        for line in sheet.lines
        if line.source == vendor_count.source and TEST_REASON not in line.reasons
        for id_ in line.ids
    }
    return sum("." not in id_ for id_ in ids)
