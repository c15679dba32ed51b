"""RSS, Atom and JSON Feed: asked only for news, and each entry told once, by its guid."""

from collections.abc import Iterable, Iterator

from feeds.poll_result import Looked, News, digest, keep_whole
from leadloop.intake.feeds.read import ENTRY
from leadloop.intake.formats.syndication import MOST_BYTES, Entry, entries_of
from leadloop.intake.policy import FeedSource
from leadloop.providers.http_json import PASSING, NoAnswer, Outside
from leadloop.store.checkpoints import Checkpoint

HALF = 10  # letters of a digest
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.8"
)


def look(source: FeedSource, last: Checkpoint, outside: Outside) -> Looked:
    """Raises: NoAnswer, Unreadable."""
    asked = {"Accept": ACCEPT, "User-Agent": "leadloop"}
    if last.etag:
        asked["If-None-Match"] = last.etag
    if last.modified:
        asked["If-Modified-Since"] = last.modified
    reply = outside.call("GET", source.address, headers=asked, most=MOST_BYTES)
    if reply.status == 304:
        return Looked(iter(()), frozenset(last.seen), {}, last.etag, last.modified)
    if reply.status != 200:
        raise NoAnswer(f"answered {reply.status}", passing=reply.status in PASSING)
    keep_whole(source.id, reply.body)
    entries = entries_of(reply.body, reply.headers.get("content-type"))
    seen = frozenset(last.seen)
    return Looked(
        news=_news(entries, seen),
        still=seen & {_done(entry) for entry in entries},
        etag=reply.headers.get("etag"),
        modified=reply.headers.get("last-modified"),
    )


def _news(entries: Iterable[Entry], seen: frozenset[str]) -> Iterator[News]:
    """An entry says something else under the guid of another, or of its own before: it is told too.

    Whether it is the same person is not judged by a guid that somebody used twice.
    """
    told, known = set(seen), {done[:HALF] for done in seen}
    for entry in entries:
        done = _done(entry)
        if done not in told:
            key = f"{entry.guid}#{entry.version}" if done[:HALF] in known else entry.guid
            yield News(key=key, done=done, body=entry.body, content_type=ENTRY)
        told.add(done)
        known.add(done[:HALF])


def _done(entry: Entry) -> str:
    """What the checkpoint remembers an entry by: half its guid, half what it says."""
    return digest(entry.guid)[:HALF] + entry.version[:HALF]
