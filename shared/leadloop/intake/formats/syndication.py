"""RSS, Atom and JSON Feed, as they are really written: a document becomes all of its entries.

Only bytes are read: the parser would fetch a text that it takes for an address. An entry is plain
data, and the same entry gives the same bytes at every poll, whatever stands around it.

Source: RSS 2.0, RFC 4287 (Atom), JSON Feed 1.1.
"""

import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import feedparser

from leadloop.intake.text import character_references
from leadloop.intake.text.html_text import text_of_html
from leadloop.model.errors import TooLarge, Unreadable

MOST_BYTES = 5_000_000
JSON_FEED = "https://jsonfeed.org/version/"
JSON_FEED_NAMES = {  # the later before the earlier, where both are there
    "id": "id",
    "url": "link",
    "title": "title",
    "date_published": "published",
    "summary": "summary",
    "content_text": "summary",
    "content_html": "summary",
}
GZIP = b"\x1f\x8b"
MOST_ENTRIES = 5_000
LONGEST_TEXT = 20_000  # characters of one value
ENTITY_DECLARATION = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
# What the parser raises on documents that its authors did not think of (found by trying).
PARSER_ERRORS = (ValueError, LookupError, OverflowError, AttributeError, TypeError, RecursionError)
DIGIT = re.compile(r"\d")
MARKUP = re.compile(r"<[A-Za-z/!]")
# What may change although the entry's text stays.
UNSTABLE_FIELDS = re.compile(
    r"published|updated|link|guid|.*comments?|.*(?:count|total|views|hits)"
)
# What the parser gives once more in another shape, or only for itself.
SKIPPED_FIELDS = re.compile(
    r".*_(?:detail|parsed)|content|links|authors|publishers|guidislink|id|tags"
)


class FeedEntry(NamedTuple):
    """An entry: `body` is its JSON, with the names that `parse_feed` lists.

    `guid` tells it from the feed's other entries for ever. `version` changes with the text of the
    entry, but not with its dates or with any number, which may count its readers.
    """

    guid: str
    body: bytes
    version: str


def parse_feed(document: bytes, content_type: str | None = None) -> tuple[FeedEntry, ...]:
    """All entries of a document, in its order.

    An entry has `title`, `link`, `summary`, `text` (the summary or content without markup),
    `author`, `author_email`, `published`, `categories`, and each element of another namespace by
    prefix and name, as in `lead_phone`.

    Raises:
        Unreadable: no feed, a broken one, or one that declares entities.
        TooLarge: too many bytes or entries.

    """
    if document.startswith(GZIP):
        document = _gunzip(document)
    if len(document) > MOST_BYTES:
        raise TooLarge(f"the feed has {len(document)} bytes; {MOST_BYTES} are the most")
    if ENTITY_DECLARATION.search(document.replace(b"\0", b"")):
        raise Unreadable("the feed declares entities")
    if document.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return tuple(map(_entry, _json_feed_items(document)))
    headers = {"content-type": content_type} if content_type else {}
    repaired = io.BytesIO(character_references.BYTES_REFERENCE.sub(_replace_invalid, document))
    try:
        parsed = feedparser.parse(repaired, response_headers=headers)
    except PARSER_ERRORS as error:
        raise Unreadable("the feed is too broken to be read") from error
    if not parsed.entries and not parsed.get("version"):
        raise Unreadable("this is neither RSS nor Atom nor JSON Feed")
    if len(parsed.entries) > MOST_ENTRIES:
        raise TooLarge(f"the feed has {len(parsed.entries)} entries; {MOST_ENTRIES} are the most")
    return tuple(_entry(each) for each in parsed.entries)


def _json_feed_items(document: bytes) -> Iterator[Mapping[str, Any]]:
    """The items of a JSON Feed, by the names that RSS and Atom use."""
    try:
        feed = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the feed is broken JSON") from error
    items = feed.get("items")
    if not str(feed.get("version")).startswith(JSON_FEED) or not isinstance(items, list):
        raise Unreadable("this is JSON, and no JSON Feed")
    if len(items) > MOST_ENTRIES:
        raise TooLarge(f"the feed has {len(items)} entries; {MOST_ENTRIES} are the most")
    for item in items:
        each = item if isinstance(item, dict) else {"content_text": json.dumps(item)}
        values = {new: str(each[name]) for name, new in JSON_FEED_NAMES.items() if each.get(name)}
        tags = each.get("tags")
        terms = [{"term": tag} for tag in tags] if isinstance(tags, list) else []
        yield {**values, "tags": terms, **_extension_values(each)}


def _extension_values(item: Mapping[str, Any]) -> dict[str, str]:
    """`lead_phone` of `"_lead": {"phone": …}`."""
    return {
        f"{name[1:]}_{inner}": str(value)
        for name, more in item.items()
        if name.startswith("_") and isinstance(more, dict)
        for inner, value in more.items()
        if isinstance(value, str | int)
    }


def _gunzip(document: bytes) -> bytes:
    """The document of a gzip file that the server sent without saying so."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(document, MOST_BYTES + 1)
    except zlib.error as error:
        raise Unreadable("the feed is packed, and broken") from error


def _entry(entry: Mapping[str, Any]) -> FeedEntry:
    values = dict(_values(entry))
    body = json.dumps(values, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    stable = {name: value for name, value in values.items() if not UNSTABLE_FIELDS.fullmatch(name)}
    words = _without_counts(json.dumps(stable, sort_keys=True))
    version = hashlib.sha256(words.encode()).hexdigest()
    entry_id = entry.get("id") or entry.get("link")
    return FeedEntry(_shorten_id(str(entry_id)) if entry_id else version, body, version)


def _without_counts(text: str) -> str:
    """The text without digits, but for those of mail addresses."""
    return " ".join(word if "@" in word else DIGIT.sub("", word) for word in text.split())


def _values(entry: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in entry.items():
        if isinstance(value, str) and value and not SKIPPED_FIELDS.fullmatch(name):
            yield name, value[:LONGEST_TEXT]
    if entry.get("id"):
        yield "guid", str(entry["id"])[:LONGEST_TEXT]
    texts = [str(each.get("value") or "") for each in entry.get("content", ())]
    markup = max((*texts, str(entry.get("summary") or "")), key=len)
    if markup:
        yield "text", (text_of_html(markup) if MARKUP.search(markup) else markup)[:LONGEST_TEXT]
    email = entry.get("author_detail", {}).get("email")
    if email:
        yield "author_email", str(email)[:LONGEST_TEXT]
    terms = [str(tag.get("term") or "")[:LONGEST_TEXT] for tag in entry.get("tags", ())]
    if any(terms):
        yield "categories", terms


def _replace_invalid(match: re.Match[bytes]) -> bytes:
    """The reference, or one to U+FFFD where it names no character and would break the feed."""
    return match[0] if character_references.is_valid_character(match) else b"&#xFFFD;"


def _shorten_id(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else hashlib.sha256(text.encode()).hexdigest()
