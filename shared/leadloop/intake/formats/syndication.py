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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import feedparser

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.formats.feed_extensions import Value, json_extensions, xml_extensions
from leadloop.intake.formats.feed_texts import entry_text
from leadloop.intake.text import character_references
from leadloop.intake.text.phrase_files import alternatives
from leadloop.model.errors import TooLarge, Unreadable

MOST_BYTES = 5_000_000
JSON_FEED = "https://jsonfeed.org/version/"
JSON_FEED_NAMES = {  # the later before the earlier, where both are there
    "id": "id",
    "url": "link",
    "title": "title",
    "date_published": "published",
}
JSON_TEXTS = (
    ("summary", "text/plain"),
    ("content_text", "text/plain"),
    ("content_html", "text/html"),
)
JSON_FEED_WORDS = (
    "id url external_url title content_html content_text summary image banner_image "
    "date_published date_modified author authors tags language attachments"
)
KNOWN_JSON_NAMES = frozenset(JSON_FEED_WORDS.split())
GZIP = b"\x1f\x8b"
MOST_ENTRIES = 5_000
LONGEST_TEXT = 20_000  # characters of one value
ENTITY_DECLARATION = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
# What the parser raises on documents that its authors did not think of (found by trying).
PARSER_ERRORS = (ValueError, LookupError, OverflowError, AttributeError, TypeError, RecursionError)
# What may change although the entry's text stays.
UNSTABLE_FIELDS = re.compile(
    r"published|updated|link|guid|.*comments?|.*(?:count|total|views|hits)(?:_\w{1,40})?"
)
# What the parser gives once more in another shape, or only for itself.
SKIPPED_FIELDS = re.compile(
    r"(?:title|subtitle|summary|author|publisher|contributor|rights|info|source|tagline)_detail"
    r"|(?:published|updated|created|expired|modified|issued|date)_parsed"
    r"|content|links|authors|publishers|guidislink|id|tags"
)
TEXT_NAMES = frozenset({"title", "summary", "text"})
NUMBER = r"\d[\d.,]{0,11}\s?[km]?"


class FeedEntry(NamedTuple):
    """An entry: `body` is its JSON, with the names that `parse_feed` lists.

    `guid` tells it from the feed's other entries for ever. `version` changes with what the entry
    says, but not with its dates, nor with what counts its readers: by its name, or as a number
    beside a word of counting in the text of an entry that has a guid. Entries of one document that
    differ by such a number have different versions all the same.
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
        return _tell_apart([_entry(each) for each in _json_feed_items(document)])
    headers = {"content-type": content_type} if content_type else {}
    repaired = io.BytesIO(character_references.BYTES_REFERENCE.sub(_replace_invalid, document))
    try:
        parsed = feedparser.parse(
            repaired, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except PARSER_ERRORS as error:
        raise Unreadable("the feed is too broken to be read") from error
    if not parsed.entries and not parsed.get("version"):
        raise Unreadable("this is neither RSS nor Atom nor JSON Feed")
    if len(parsed.entries) > MOST_ENTRIES:
        raise TooLarge(f"the feed has {len(parsed.entries)} entries; {MOST_ENTRIES} are the most")
    own = xml_extensions(repaired.getvalue())
    if len(own) != len(parsed.entries):
        return _tell_apart([_entry(each) for each in parsed.entries])
    return _tell_apart([_entry(each, more) for each, more in zip(parsed.entries, own, strict=True)])


def _tell_apart(entries: Sequence[tuple[FeedEntry, str]]) -> tuple[FeedEntry, ...]:
    """The entries; those that would pass for the same get the version of all that they say.

    The text beside an entry is that version.
    """
    exact_by_mark = defaultdict[tuple[str, str], set[str]](set)
    for entry, exact in entries:
        exact_by_mark[entry.guid, entry.version].add(exact)
    return tuple(
        entry._replace(version=exact)
        if len(exact_by_mark[entry.guid, entry.version]) > 1
        else entry
        for entry, exact in entries
    )


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
        contents = [
            {"type": kind, "value": str(each[name])} for name, kind in JSON_TEXTS if each.get(name)
        ]
        summary = {"summary": contents[-1]["value"]} if contents else {}
        author = _json_author(each)
        yield {
            **values, **summary, **author, "content": contents, "tags": terms,
            "own": json_extensions(each, KNOWN_JSON_NAMES),
        }  # fmt: skip


def _json_author(item: Mapping[str, Any]) -> dict[str, str]:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    name = first.get("name") if isinstance(first, dict) else None
    return {"author": name} if isinstance(name, str) and name else {}


def _gunzip(document: bytes) -> bytes:
    """The document of a gzip file that the server sent without saying so."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(document, MOST_BYTES + 1)
    except zlib.error as error:
        raise Unreadable("the feed is packed, and broken") from error


def _entry(
    entry: Mapping[str, Any], own: Mapping[str, Value] | None = None
) -> tuple[FeedEntry, str]:
    """The entry, and the version of all that it says, counts included.

    `own` are the maker's values, which come before the parser's of their names.
    """
    values = {**dict(_values(entry)), **_own_values(entry.get("own", {}) if own is None else own)}
    body = json.dumps(values, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    stable = {name: value for name, value in values.items() if not UNSTABLE_FIELDS.fullmatch(name)}
    exact, entry_id = _digest(stable), entry.get("id") or entry.get("link")
    if not entry_id:
        return FeedEntry(exact, body, exact), exact
    texts = {name: _without_counts(str(stable[name])) for name in TEXT_NAMES & stable.keys()}
    return FeedEntry(_shorten_id(str(entry_id)), body, _digest({**stable, **texts})), exact


def _digest(values: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _without_counts(text: str) -> str:
    """The text without numbers that a word of counting says to tell how often it was read."""
    has_digit = any(map(str.isdecimal, text))
    return " ".join((_reader_count().sub("", text) if has_digit else text).split())


@cache
def _reader_count() -> re.Pattern[str]:
    """A number before a word of counting; or behind it, where nothing that is counted follows."""
    word = alternatives("leadloop.intake.formats", "reader_counts", "word")
    before = rf"(?<![\w@.,+-]){NUMBER}\s?{word}(?!\w)"
    behind = rf"(?<!\w){word}\s?[:=]?\s?{NUMBER}(?!\w)(?=\s{{0,3}}(?:$|[|,;·•)\]\n.<]))"
    return re.compile(f"{before}|{behind}", re.IGNORECASE)


def _own_values(own: Mapping[str, Value]) -> dict[str, object]:
    taken = {"guid", "text", "title", "link", "summary", "author", "author_email", "categories"}
    return {
        name: value[:LONGEST_TEXT]
        if isinstance(value, str)
        else [text[:LONGEST_TEXT] for text in value]
        for name, value in own.items()
        if name not in taken
    }


def _values(entry: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in entry.items():
        if isinstance(value, str) and value and not SKIPPED_FIELDS.fullmatch(name):
            yield name, value[:LONGEST_TEXT]
    if entry.get("id"):
        yield "guid", str(entry["id"])[:LONGEST_TEXT]
    text = entry_text(entry)
    if text:
        yield "text", text[:LONGEST_TEXT]
    if email := _author_email(entry):
        yield "author_email", str(email)[:LONGEST_TEXT]
    terms = [str(tag.get("term") or "")[:LONGEST_TEXT] for tag in entry.get("tags", ())]
    if any(terms):
        yield "categories", terms


def _author_email(entry: Mapping[str, Any]) -> str | None:
    """The address of the author: as it stands, since the parser cuts off long ends of domains."""
    match = EMAIL_PATTERN.search(str(entry.get("author") or ""))
    email = match[0].rstrip(".") if match else entry.get("author_detail", {}).get("email")
    return str(email) if email else None


def _replace_invalid(match: re.Match[bytes]) -> bytes:
    """The reference, or one to U+FFFD where it names no character and would break the feed."""
    return match[0] if character_references.is_valid_character(match) else b"&#xFFFD;"


def _shorten_id(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else hashlib.sha256(text.encode()).hexdigest()
