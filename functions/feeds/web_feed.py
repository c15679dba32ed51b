"""RSS, Atom and JSON Feed: only changes are requested, and each entry is queued once, by its guid.

Source: RFC 9110, 13.1 (conditional requests)
"""

from collections.abc import Iterable, Iterator

from feeds.poll_result import NewItem, PollResult, short_digest, store_document
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.formats.syndication import MOST_BYTES, FeedEntry, parse_feed
from leadloop.intake.policy import FeedSource
from leadloop.providers.http_json import RETRYABLE_STATUSES, HttpClient, NoAnswer
from leadloop.store.checkpoints import Checkpoint

HALF_DIGEST = 10  # hex digits
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.8"
)


def poll_web_feed(source: FeedSource, last: Checkpoint, http: HttpClient) -> PollResult:
    """The new entries of a feed.

    Raises:
        NoAnswer: the server gave no answer, or no good one.
        Unreadable: the answer is no feed.

    """
    headers = {"Accept": ACCEPT, "User-Agent": "leadloop"}
    if last.etag:
        headers["If-None-Match"] = last.etag
    if last.modified:
        headers["If-Modified-Since"] = last.modified
    reply = http.call("GET", source.address, headers=headers, most=MOST_BYTES)
    if reply.status == 304:
        return PollResult(iter(()), frozenset(last.seen), {}, last.etag, last.modified)
    if reply.status != 200:
        raise NoAnswer(f"answered {reply.status}", passing=reply.status in RETRYABLE_STATUSES)
    store_document(source.id, reply.body)
    entries = parse_feed(reply.body, reply.headers.get("content-type"))
    done_marks = frozenset(last.seen)
    return PollResult(
        items=_new_items(entries, done_marks),
        done_marks=done_marks & {_entry_mark(entry) for entry in entries},
        etag=reply.headers.get("etag"),
        modified=reply.headers.get("last-modified"),
    )


def _new_items(entries: Iterable[FeedEntry], done_marks: frozenset[str]) -> Iterator[NewItem]:
    """The entries that were not queued yet.

    An entry with a known guid but another content is new too: feeds use guids twice, so a guid does
    not tell whether it is the same person.
    """
    known_marks, known_guids = set(done_marks), {mark[:HALF_DIGEST] for mark in done_marks}
    for entry in entries:
        mark = _entry_mark(entry)
        if mark not in known_marks:
            is_known = mark[:HALF_DIGEST] in known_guids
            key = f"{entry.guid}#{entry.version}" if is_known else entry.guid
            yield NewItem(key=key, mark=mark, body=entry.body, content_type=ENTRY_TYPE)
        known_marks.add(mark)
        known_guids.add(mark[:HALF_DIGEST])


def _entry_mark(entry: FeedEntry) -> str:
    """The mark of an entry for the checkpoint: half of its guid's digest, half of its content's."""
    return short_digest(entry.guid)[:HALF_DIGEST] + entry.version[:HALF_DIGEST]
