"""One poll of one source: what is new is kept in S3, then told to the queue, and only then done.

So a poll that dies anywhere is made again and finds what it had not told; what it had told has the
same id once more, and so the one outcome that it had.
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

SLACK = timedelta(seconds=30)  # a run that begins a little early is not put off to the next
BATCH_SIZE = 50  # told before they are counted
NO_CHECKPOINT = Checkpoint(at=datetime.min.replace(tzinfo=UTC))


def due_sources(now: datetime) -> list[tuple[FeedSource, Checkpoint]]:
    """The sources to poll, the longest waiting first."""
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
    """How much news was told; None when some or all of it could not be had."""
    begun = last.but(at=clock.now())
    checkpoints.put(
        open_table(CheckpointSettings), source.id, begun
    )  # else what ends a run begins the next too
    tally = Tally()
    try:
        with ExitStack() as stack:
            looked = _poll_address(source, last, stack)
            for part in _batches(looked.news):
                tally.queue_items(part, source.id)
    except (NoAnswer, Unreadable) as error:
        seen = tuple(sorted({*last.seen, *tally.done}))
        failed = begun.but(seen=seen, failed=last.failed + 1, said=str(error)[:200])
        checkpoints.put(open_table(CheckpointSettings), source.id, failed)
        log_call("A feed could not be polled", {"FeedsUnanswered": 1})
        return None
    ended = begun.but(
        seen=tuple(sorted(looked.still | tally.done)),
        waiting={
            name: looks
            for name, looks in looked.waiting.items()
            if build_file_mark(name, looks) not in tally.done
        },
        etag=None if tally.lost else looked.etag,
        modified=None if tally.lost else looked.modified,
        failed=last.failed + 1 if looked.missed else 0,
        said=looked.missed[0][:200] if looked.missed else "",
    )
    if ended != begun:
        checkpoints.put(open_table(CheckpointSettings), source.id, ended)
    if looked.missed:
        log_call("Files of a drop could not be had", {"FeedsUnanswered": 1})
        return None
    return tally.told


class Tally:
    """What the queue has taken. A file is done when its last row is, and no row was lost."""

    def __init__(self) -> None:
        self.told = 0
        self.lost = False
        self.done: set[str] = set()
        self._file_lost = False

    def queue_items(self, part: list[NewItem], source: str) -> None:
        """In their order; what is lost is found again by the next poll."""
        envelopes = [envelope_of(each, source, clock.now()) for each in part]
        lost = get_wiring().submissions.put_all(envelopes)
        record_accepted(source, *(each.id for n, each in enumerate(envelopes) if n not in lost))
        log_call("Told news of a feed", {"FeedEntries": len(part) - len(lost)})
        self.told += len(part) - len(lost)
        for n, each in enumerate(part):
            self._file_lost |= n in lost
            if each.done is not None:
                if not self._file_lost:
                    self.done.add(each.done)
                self.lost |= self._file_lost
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


def _batches(news: Iterator[NewItem]) -> Iterator[list[NewItem]]:
    while part := list(islice(news, BATCH_SIZE)):
        yield part
