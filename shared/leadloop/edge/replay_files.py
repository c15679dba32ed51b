"""The documents of a replay in S3: the job, its pages, the results of each page, and the summary.

They lie below the replay's id, for as long as that bucket keeps things. What counts for ever is on
the records themselves.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter

from leadloop.edge.wiring import get_wiring
from leadloop.intake.replay import Filter
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import NotFound
from leadloop.store.paged_work import Manifest, PagedWork

PREFIX = "replays/"


class ReplayJob(Model):
    """Who wants which submissions replayed; a `dry_run` only tells what would become of each."""

    id: str
    by: Actor
    at: datetime
    filter: Filter
    dry_run: bool = False


class ReplayOutcome(Model):
    """What came of one submission: the outcome of its successor, or why it has none.

    `what` is that outcome, or one of these. `unchanged`: it reads as before. `settled`: it was
    released meanwhile. `gone`: its record is no more. `no_source`: the playbook has no such source.
    `postponed`, `failed`: another replay may do it.
    """

    id: str
    what: str
    successor: str | None = None
    lead_id: str | None = None
    reasons: tuple[Reason, ...] = ()


class ReplayPage(Model):
    """One page of a replay, as the state machine carries it from the manifest to the task."""

    replay: str
    page: int


class ReplayManifest(Manifest):
    """What the state machine starts a task per page from."""

    replay: str


class ReplaySummary(Model):
    """`counts` is the number of outcomes by `what`; `failed` counts pages without results."""

    at: datetime
    pages: int
    failed: int
    counts: dict[str, int]


PAGES = TypeAdapter(list[ReplayPage])
IDS = TypeAdapter(tuple[str, ...])
RESULTS = TypeAdapter(tuple[ReplayOutcome, ...])


def put_job(job: ReplayJob) -> None:
    """Store the job; the flow finds nothing to do without it."""
    _put(f"{job.id}/asked.json", job.model_dump_json().encode())


def get_job(replay: str) -> ReplayJob:
    """The job of a replay.

    Raises:
        NotFound: there is no such replay.

    """
    return ReplayJob.model_validate_json(_get(f"{replay}/asked.json"))


def put_pages(replay: str, pages: Sequence[Sequence[str]]) -> ReplayManifest:
    """Store the submission ids page by page, and the manifest that the flow's map reads."""
    work = _paged_work(replay)
    for number, ids in enumerate(pages):
        work.put_page(number, IDS.dump_json(tuple(ids)))
    elements = [ReplayPage(replay=replay, page=number).model_dump() for number in range(len(pages))]
    manifest = work.put_manifest(elements)
    return ReplayManifest(replay=replay, **manifest.model_dump())


def get_pages(replay: str) -> list[ReplayPage]:
    """All pages of a replay.

    Raises:
        NotFound: they are not known yet.

    """
    return PAGES.validate_json(_paged_work(replay).get_manifest())


def get_ids(page: ReplayPage) -> tuple[str, ...]:
    """The submissions of a page.

    Raises:
        NotFound: there is no such page.

    """
    return IDS.validate_json(_paged_work(page.replay).get_page(page.page))


def put_results(page: ReplayPage, results: Sequence[ReplayOutcome]) -> None:
    """Store what came of a page. A page that is done twice gives the same outcome of each."""
    _put(f"{page.replay}/results/{page.page}.json", RESULTS.dump_json(tuple(results)))


def get_results(page: ReplayPage) -> tuple[ReplayOutcome, ...]:
    """What came of a page.

    Raises:
        NotFound: the page is not done.

    """
    return RESULTS.validate_json(_get(f"{page.replay}/results/{page.page}.json"))


def finished_pages(replay: str) -> frozenset[int]:
    """The numbers of the pages that are done."""
    keys = get_wiring().pages.keys(f"{PREFIX}{replay}/results/")
    return frozenset(int(key.rpartition("/")[2].removesuffix(".json")) for key in keys)


def end_replay(replay: str, at: datetime) -> ReplaySummary:
    """Sum up the results of the pages that are done, and store that the replay has ended."""
    try:
        pages = get_pages(replay)
    except NotFound:  # the pages were never written
        pages = [ReplayPage(replay=replay, page=0)]
    finished = finished_pages(replay)
    counts = Counter(
        outcome.what for page in pages if page.page in finished for outcome in get_results(page)
    )
    failed = sum(page.page not in finished for page in pages)
    summary = ReplaySummary(at=at, pages=len(pages), failed=failed, counts=dict(counts))
    _put(f"{replay}/ended.json", summary.model_dump_json().encode())
    return summary


def get_summary(replay: str) -> ReplaySummary | None:
    """The summary of a replay; None while it runs."""
    document = get_wiring().pages.get(f"{PREFIX}{replay}/ended.json")
    return None if document is None else ReplaySummary.model_validate_json(document)


def list_replays() -> list[str]:
    """The ids of all replays that are still stored, the latest first."""
    return sorted(get_wiring().pages.folders(PREFIX), reverse=True)


def _paged_work(replay: str) -> PagedWork:
    return PagedWork(get_wiring().pages, f"{PREFIX}{replay}")


def _put(name: str, body: bytes) -> None:
    get_wiring().pages.put(PREFIX + name, body)


def _get(name: str) -> bytes:
    document = get_wiring().pages.get(PREFIX + name)
    if document is None:
        raise NotFound(name)
    return document
