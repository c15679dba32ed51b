"""One poll of one source: new items are stored in S3, then queued, and only then marked as done.

A poll may die at any point. The next poll then finds the items that were not queued. An item that
was queued before has the same id again, and so the same single outcome.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

from feeds import drops, web_feed
from feeds.poll_result import NewItem, PollResult, build_file_mark, envelope_of
from leadloop.edge import clock, secrets
from leadloop.edge.live_playbook import playbook
from leadloop.edge.provider_checks import outbound_client
from leadloop.edge.tables import open_table
from leadloop.edge.telemetry import log_call, record_accepted
from leadloop.edge.wiring import get_wiring
from leadloop.intake.policy import FeedSource
from leadloop.model.errors import Unreadable
from leadloop.providers.drop import Login, resolve_drop
from leadloop.providers.http_json import NoAnswer
from leadloop.providers.open_drop import open_drop
from leadloop.providers.public_address import resolve_public_address
from leadloop.settings import CheckpointSettings
from leadloop.store import checkpoints
from leadloop.store.checkpoints import Checkpoint

SLACK = timedelta(seconds=30)  # a source that is due so soon is polled in this run
BATCH_SIZE = 50  # items per message to the queue
NO_CHECKPOINT = Checkpoint(at=datetime.min.replace(tzinfo=UTC))


def due_sources(now: datetime) -> list[tuple[FeedSource, Checkpoint]]:
    """The sources that are due with their checkpoints, the longest waiting first."""
    feeds = [s for s in playbook().playbook.sources.values() if isinstance(s, FeedSource)]
    known = checkpoints.read(open_table(CheckpointSettings), [source.id for source in feeds])
    polled = [(source, known.get(source.id, NO_CHECKPOINT)) for source in feeds]
    waiting = [
        (source, last)
        for source, last in polled
        if now + SLACK >= last.at + timedelta(minutes=source.every_minutes)
    ]
    return sorted(waiting, key=lambda each: each[1].at)


def poll_source(source: FeedSource, last: Checkpoint) -> int | None:
    """Poll a source. Return the number of queued items; None: some could not be fetched."""
    begun = last.but(at=clock.now())
    checkpoints.put(
        open_table(CheckpointSettings), source.id, begun
    )  # else what ends a run begins the next too
    tally = Tally()
    try:
        with ExitStack() as stack:
            result = _poll_address(source, last, stack)
            for part in _batches(result.items):
                tally.queue_items(part, source.id)
    except (NoAnswer, Unreadable) as error:
        seen = tuple(sorted({*last.seen, *tally.marks}))
        failed = begun.but(seen=seen, failed=last.failed + 1, said=str(error)[:200])
        checkpoints.put(open_table(CheckpointSettings), source.id, failed)
        log_call("A feed could not be polled", {"FeedsUnanswered": 1})
        return None
    ended = begun.but(
        seen=tuple(sorted(result.done_marks | tally.marks)),
        waiting={
            name: version
            for name, version in result.pending.items()
            if build_file_mark(name, version) not in tally.marks
        },
        etag=None if tally.any_lost else result.etag,
        modified=None if tally.any_lost else result.modified,
        failed=last.failed + 1 if result.unread else 0,
        said=result.unread[0][:200] if result.unread else "",
    )
    if ended != begun:
        checkpoints.put(open_table(CheckpointSettings), source.id, ended)
    if result.unread:
        log_call("Files of a drop could not be had", {"FeedsUnanswered": 1})
        return None
    return tally.queued


class Tally:
    """Counts the items that the queue accepted, and collects their marks.

    A file is done when its last row is queued and no row of it was lost.
    """

    def __init__(self) -> None:
        self.queued = 0
        self.any_lost = False
        self.marks: set[str] = set()
        self._file_lost = False

    def queue_items(self, part: list[NewItem], source: str) -> None:
        """Queue the items in their order. The next poll finds again what the queue refused."""
        envelopes = [envelope_of(each, source, clock.now()) for each in part]
        lost = get_wiring().submissions.put_all(envelopes)
        record_accepted(source, *(each.id for n, each in enumerate(envelopes) if n not in lost))
        log_call("Told news of a feed", {"FeedEntries": len(part) - len(lost)})
        self.queued += len(part) - len(lost)
        for n, each in enumerate(part):
            self._file_lost |= n in lost
            if each.mark is not None:
                if not self._file_lost:
                    self.marks.add(each.mark)
                self.any_lost |= self._file_lost
                self._file_lost = False


def _poll_address(source: FeedSource, last: Checkpoint, stack: ExitStack) -> PollResult:
    if urlsplit(source.address).scheme == "https":
        return web_feed.poll_web_feed(source, last, outbound_client())
    place = resolve_drop(source.address, resolve_public_address)
    return drops.poll_drop(
        source, last, stack.enter_context(open_drop(place, _login(source), source.host_key))
    )


def _login(source: FeedSource) -> Login:
    """Raises: NoAnswer: there is no such secret."""
    if source.login is None:
        return Login()
    user, *secret = secrets.vendor_secrets().keys(source.login) or ("",)
    if not user:
        raise NoAnswer(f"there is no secret {source.login}", passing=True)
    return Login(user, "\n".join(secret) + "\n" if len(secret) > 1 else "".join(secret))


def _batches(items: Iterator[NewItem]) -> Iterator[list[NewItem]]:
    while part := list(islice(items, BATCH_SIZE)):
        yield part
