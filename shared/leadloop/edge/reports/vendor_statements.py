"""What a vendor says it brought, by hand: kept in S3, and held against what the register knows."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from leadloop.edge.act import table
from leadloop.edge.wiring import get_wiring
from leadloop.model.base import Model, Moment
from leadloop.model.command import Actor
from leadloop.settings import ReplaySettings
from leadloop.store import keys, register

PREFIX = "reports/statements/"
TEST_REASON = "test"  # the reason of a vendor's tests, which no vendor counts


class VendorCount(Model):
    """So many leads of a source in whole hours from `since` to `until`, by the vendor's account."""

    source: str
    since: Moment
    until: Moment
    count: int = Field(ge=0)


class Statement(Model):
    """The claim, and who brought it; kept as long as the bucket keeps things."""

    claimed: VendorCount
    by: Actor
    at: datetime


def put(statement: Statement) -> None:
    """A later one of the same source and period takes its place."""
    claimed = statement.claimed
    name = f"{claimed.source}/{keys.hour(claimed.since)}_{keys.hour(claimed.until)}"
    get_wiring().s3.put_object(
        Bucket=_bucket(),
        Key=f"{PREFIX}{name}.json",
        Body=statement.model_dump_json().encode(),
        ContentType="application/json",
    )


def read_statements() -> Iterator[Statement]:
    """All that are kept, by source."""
    pages = (
        get_wiring().s3.get_paginator("list_objects_v2").paginate(Bucket=_bucket(), Prefix=PREFIX)
    )
    for page in pages:
        for each in page.get("Contents", ()):
            found = get_wiring().s3.get_object(Bucket=_bucket(), Key=each["Key"])
            yield Statement.model_validate_json(found["Body"].read())


def count_received_leads(claimed: VendorCount) -> int:
    """How many came of it in that time, whatever became of them; tests and successors apart."""
    ids = {
        id_
        for sheet in register.walk_sheets(table(), claimed.since, claimed.until)
        if sheet.hour < claimed.until
        for line in sheet.lines
        if line.source == claimed.source and TEST_REASON not in line.reasons
        for id_ in line.ids
    }
    return sum("." not in id_ for id_ in ids)


def _bucket() -> str:
    return get_wiring().settings(ReplaySettings).PAGES_BUCKET
