"""RSS, Atom and JSON Feed: asked only for news, and each entry told once, by its guid."""

from collections.abc import Iterable, Iterator

from feeds.poll_result import NewItem, PollResult, short_digest, store_document
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.formats.syndication import MOST_BYTES, FeedEntry, parse_feed
from leadloop.intake.policy import FeedSource
from leadloop.providers.http_json import RETRYABLE_STATUSES, HttpClient, NoAnswer
from leadloop.store.checkpoints import Checkpoint

HALF_DIGEST = 10  # letters of a digest
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.8"
)


def poll_web_feed(source: FeedSource, last: Checkpoint, outside: HttpClient) -> PollResult:
    """Raises: NoAnswer, Unreadable."""
    asked = {"Accept": ACCEPT, "User-Agent": "leadloop"}
    if last.etag:
        asked["If-None-Match"] = last.etag
    if last.modified:
        asked["If-Modified-Since"] = last.modified
    reply = outside.call("GET", source.address, headers=asked, most=MOST_BYTES)
    if reply.status == 304:
        return PollResult(iter(()), frozenset(last.seen), {}, last.etag, last.modified)
    if reply.status != 200:
        raise NoAnswer(f"answered {reply.status}", passing=reply.status in RETRYABLE_STATUSES)
    store_document(source.id, reply.body)
    entries = parse_feed(reply.body, reply.headers.get("content-type"))
    seen = frozenset(last.seen)
    return PollResult(
        news=_new_items(entries, seen),
        still=seen & {_entry_mark(entry) for entry in entries},
        etag=reply.headers.get("etag"),
        modified=reply.headers.get("last-modified"),
    )


def _new_items(entries: Iterable[FeedEntry], seen: frozenset[str]) -> Iterator[NewItem]:
    """An entry says something else under the guid of another, or of its own before: it is told too.

    Whether it is the same person is not judged by a guid that somebody used twice.
    """
    told, known = set(seen), {done[:HALF_DIGEST] for done in seen}
    for entry in entries:
        done = _entry_mark(entry)
        if done not in told:
            key = f"{entry.guid}#{entry.version}" if done[:HALF_DIGEST] in known else entry.guid
            yield NewItem(key=key, done=done, body=entry.body, content_type=ENTRY_TYPE)
        told.add(done)
        known.add(done[:HALF_DIGEST])


def _entry_mark(entry: FeedEntry) -> str:
    """What the checkpoint remembers an entry by: half its guid, half what it says."""
    return short_digest(entry.guid)[:HALF_DIGEST] + entry.version[:HALF_DIGEST]
