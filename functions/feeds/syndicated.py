"""RSS and Atom: asked only for news, and each entry told once, by its guid."""

from feeds.news import Looked, News, digest, keep_whole
from leadloop.intake.feed import ENTRY
from leadloop.intake.policy import FeedSource
from leadloop.intake.syndication import MOST_BYTES, entries_of
from leadloop.providers.http_json import PASSING, NoAnswer, Outside
from leadloop.store.checkpoints import Checkpoint

ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"


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
    there = [(digest(entry.guid), entry) for entry in entries]
    seen = frozenset(last.seen)
    return Looked(
        news=(
            News(key=entry.guid, done=done, body=entry.body, content_type=ENTRY)
            for done, entry in there
            if done not in seen
        ),
        still=seen & {done for done, _ in there},
        etag=reply.headers.get("etag"),
        modified=reply.headers.get("last-modified"),
    )
