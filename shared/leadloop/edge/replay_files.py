"""A replay's papers: what was asked, whose turn it is, what became of each, and the end.

They lie in S3 under the replay's id, for as long as that bucket keeps things; what counts for ever
is on the records themselves.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from botocore.exceptions import ClientError
from pydantic import TypeAdapter

from leadloop.edge.wiring import get_wiring
from leadloop.intake.replay import Filter
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import NotFound
from leadloop.settings import ReplaySettings

PREFIX = "replays/"
M = TypeVar("M", bound=Model)


class ReplayJob(Model):
    """Who wants what replayed; a `dry_run` only tells what would become of each."""

    id: str
    by: Actor
    at: datetime
    filter: Filter
    dry_run: bool = False


class ReplayOutcome(Model):
    """What came of one: an outcome of its successor, or why it has none.

    `unchanged`: it reads as before. `settled`: it was released meanwhile. `gone`: it is no more.
    `no_source`: its source is none of ours. `postponed`, `failed`: another replay may do it.
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


class ReplayManifest(Model):
    """`manifest` is the key of a JSON array of pages; there is none when `pages` is 0."""

    replay: str
    bucket: str
    manifest: str
    pages: int


class ReplaySummary(Model):
    """`failed` are pages of which nothing is known: what is on them was not, or not all, done."""

    at: datetime
    pages: int
    failed: int
    counts: dict[str, int]


PAGES = TypeAdapter(list[ReplayPage])
IDS = TypeAdapter(tuple[str, ...])
RESULTS = TypeAdapter(tuple[ReplayOutcome, ...])


def bucket() -> str:
    """Where the papers lie."""
    return get_wiring().settings(ReplaySettings).PAGES_BUCKET


def put_job(asked: ReplayJob) -> None:
    """The first paper; a flow that is started without it finds nothing."""
    _put(f"{asked.id}/asked.json", asked.model_dump_json().encode())


def get_job(replay: str) -> ReplayJob:
    """Raises: NotFound."""
    return ReplayJob.model_validate_json(_get(f"{replay}/asked.json"))


def put_pages(replay: str, pages: Sequence[Sequence[str]]) -> ReplayManifest:
    """Ids, page by page, and the manifest that the flow's map reads."""
    for number, ids in enumerate(pages):
        _put(f"{replay}/{number}.json", IDS.dump_json(tuple(ids)))
    numbered = [ReplayPage(replay=replay, page=number) for number in range(len(pages))]
    _put(f"{replay}/manifest.json", PAGES.dump_json(numbered))
    manifest = f"{PREFIX}{replay}/manifest.json"
    return ReplayManifest(replay=replay, bucket=bucket(), manifest=manifest, pages=len(pages))


def get_pages(replay: str) -> list[ReplayPage]:
    """All there are to do. Raises: NotFound: they were not found yet."""
    return PAGES.validate_json(_get(f"{replay}/manifest.json"))


def get_ids(page: ReplayPage) -> tuple[str, ...]:
    """The submissions of a page."""
    return IDS.validate_json(_get(f"{page.replay}/{page.page}.json"))


def put_results(page: ReplayPage, results: Sequence[ReplayOutcome]) -> None:
    """What came of a page; done twice, the later word stands, and says the same of each."""
    _put(f"{page.replay}/results/{page.page}.json", RESULTS.dump_json(tuple(results)))


def get_results(page: ReplayPage) -> tuple[ReplayOutcome, ...]:
    """Raises: NotFound: the page is not done."""
    return RESULTS.validate_json(_get(f"{page.replay}/results/{page.page}.json"))


def finished_pages(replay: str) -> frozenset[int]:
    """The pages that are done."""
    names = _names(f"{PREFIX}{replay}/results/")
    return frozenset(int(name.rpartition("/")[2].removesuffix(".json")) for name in names)


def end_replay(replay: str, at: datetime) -> ReplaySummary:
    """Sum up what is known now, and say that no more is coming."""
    try:
        to_do = get_pages(replay)
    except NotFound:  # it was not even known which
        to_do = [ReplayPage(replay=replay, page=0)]
    finished = finished_pages(replay)
    counts = Counter(
        became.what for page in to_do if page.page in finished for became in get_results(page)
    )
    failed = sum(page.page not in finished for page in to_do)
    ended = ReplaySummary(at=at, pages=len(to_do), failed=failed, counts=dict(counts))
    _put(f"{replay}/ended.json", ended.model_dump_json().encode())
    return ended


def get_summary(replay: str) -> ReplaySummary | None:
    """None while it runs."""
    try:
        return ReplaySummary.model_validate_json(_get(f"{replay}/ended.json"))
    except NotFound:
        return None


def list_replays() -> list[str]:
    """The ids of all replays that are kept, the latest first."""
    pager = get_wiring().s3.get_paginator("list_objects_v2")
    found = pager.paginate(Bucket=bucket(), Prefix=PREFIX, Delimiter="/")
    names = [each["Prefix"] for page in found for each in page.get("CommonPrefixes", ())]
    return sorted((name.split("/")[1] for name in names), reverse=True)


def _names(prefix: str) -> Iterator[str]:
    pager = get_wiring().s3.get_paginator("list_objects_v2")
    for page in pager.paginate(Bucket=bucket(), Prefix=prefix):
        yield from (each["Key"] for each in page.get("Contents", ()))


def _put(name: str, body: bytes) -> None:
    key = PREFIX + name
    get_wiring().s3.put_object(Bucket=bucket(), Key=key, Body=body, ContentType="application/json")


def _get(name: str) -> bytes:
    try:
        found = get_wiring().s3.get_object(Bucket=bucket(), Key=PREFIX + name)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            raise NotFound(name) from error
        raise
    return found["Body"].read()
