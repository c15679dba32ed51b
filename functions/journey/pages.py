"""What is due, as pages of references in S3: one kind a page, so that the flow can show kinds."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from pydantic import TypeAdapter

from leadloop.edge import clock
from leadloop.edge.act import table
from leadloop.edge.wiring import get_wiring
from leadloop.model.base import Model
from leadloop.model.due import Due
from leadloop.model.lead import TimerKind
from leadloop.settings import JourneySettings
from leadloop.store import keys, lease, queries

# As long as listing takes: two runs that start at once must not both list. Doing a page twice
# is harmless, since a due that was done is no longer the lead's.
LEASE_TIME = timedelta(seconds=10)
PAGE_SIZE, QUERY_SIZE, MOST_DUES = 100, 500, 20_000
DUES = TypeAdapter(tuple[Due, ...])


class DuePage(Model):
    """Where a page lies; the state machine carries it from the manifest to the task."""

    kind: TimerKind
    bucket: str
    key: str


class DueManifest(Model):
    """`manifest` is the key of a JSON array of pages; there is none when `pages` is 0."""

    bucket: str
    manifest: str
    pages: int


MANIFEST = TypeAdapter(list[DuePage])


def write_pages(run: str) -> DueManifest:
    """List what is due now; nothing while another run is listing. `run` names this one."""
    now = clock.now()
    bucket = get_wiring().settings(JourneySettings).PAGES_BUCKET
    manifest = f"pages/{run}/manifest.json"
    if not lease.acquire_lease(table(), lease.JOURNEY, run, now, now + LEASE_TIME):
        return DueManifest(bucket=bucket, manifest=manifest, pages=0)
    pages: list[DuePage] = []
    for kind, dues in groupby(sorted(_due(now), key=attrgetter("timer")), attrgetter("timer")):
        of_kind = tuple(dues)
        for start in range(0, len(of_kind), PAGE_SIZE):
            page = DuePage(kind=kind, bucket=bucket, key=f"pages/{run}/{len(pages)}.json")
            _put(bucket, page.key, DUES.dump_json(of_kind[start : start + PAGE_SIZE]))
            pages.append(page)
    if pages:
        _put(bucket, manifest, MANIFEST.dump_json(pages))
    return DueManifest(bucket=bucket, manifest=manifest, pages=len(pages))


def read_page(page: DuePage) -> Sequence[Due]:
    """The references of a page."""
    found = get_wiring().s3.get_object(Bucket=page.bucket, Key=page.key)
    return DUES.validate_json(found["Body"].read())


def _due(now: datetime) -> list[Due]:
    """The longest due first in each shard; what is more than `MOST` waits for the next run."""
    found: list[Due] = []
    for shard in range(keys.DUE_SHARDS):
        found += _shard(shard, now, MOST_DUES // keys.DUE_SHARDS)
    return found


def _shard(shard: int, now: datetime, most: int) -> Iterator[Due]:
    cursor: str | None = None
    seen = 0
    while seen < most:
        page = queries.due(table(), shard, now, QUERY_SIZE, cursor)
        yield from page.rows
        seen += len(page.rows)
        if page.cursor is None:
            return
        cursor = page.cursor


def _put(bucket: str, key: str, body: bytes) -> None:
    get_wiring().s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
