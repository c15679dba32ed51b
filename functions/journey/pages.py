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
from leadloop.model.errors import NotFound
from leadloop.model.lead import TimerKind
from leadloop.store import keys, lease, queries
from leadloop.store.documents import Documents
from leadloop.store.paged_work import Manifest, PagedWork

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


def write_pages(run: str) -> Manifest:
    """List what is due now, page by page; no pages while another run is listing.

    `run` is the name of this run.
    """
    now, documents = clock.now(), get_wiring().pages
    work = PagedWork(documents, f"pages/{run}")
    if not lease.acquire_lease(table(), lease.JOURNEY, run, now, now + LEASE_TIME):
        return work.manifest(0)
    pages: list[DuePage] = []
    for kind, group in groupby(sorted(_due(now), key=attrgetter("timer")), attrgetter("timer")):
        dues = tuple(group)
        for start in range(0, len(dues), PAGE_SIZE):
            number = len(pages)
            work.put_page(number, DUES.dump_json(dues[start : start + PAGE_SIZE]))
            key = work.page_key(number)
            pages.append(DuePage(kind=kind, bucket=documents.bucket, key=key))
    if not pages:
        return work.manifest(0)
    return work.put_manifest([page.model_dump(mode="json") for page in pages])


def read_page(page: DuePage) -> Sequence[Due]:
    """What is due on a page.

    Raises:
        NotFound: there is no such page.

    """
    body = Documents(get_wiring().s3, page.bucket).get(page.key)
    if body is None:
        raise NotFound(page.key)
    return DUES.validate_json(body)


def _due(now: datetime) -> list[Due]:
    """The longest due first in each shard; what is beyond `MOST_DUES` waits for the next run."""
    dues: list[Due] = []
    for shard in range(keys.DUE_SHARDS):
        dues += _shard(shard, now, MOST_DUES // keys.DUE_SHARDS)
    return dues


def _shard(shard: int, now: datetime, most: int) -> Iterator[Due]:
    """What a shard has due: the page of the query that passes `most` is the last."""
    cursor: str | None = None
    count = 0
    while count < most:
        page = queries.due(table(), shard, now, QUERY_SIZE, cursor)
        yield from page.rows
        count += len(page.rows)
        if page.cursor is None:
            return
        cursor = page.cursor
