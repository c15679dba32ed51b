"""Other people's feeds, well-formed, ill-formed and in every encoding: no entry is lost."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.formats.syndication import parse_feed
from leadloop.intake.policy import FeedSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model import errors
from leadloop.model.submission import Channel
from tests.realdata.marks import Marks

SOURCE = FeedSource(
    kind="feed",
    id="src",
    product_line="p",
    country="US",
    language="en",
    address="https://feed.example/",
)
ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>/]")


def test_every_entry_of_every_feed_has_a_named_state(realdata: Path, marks: Marks) -> None:
    files = sorted((realdata / "rss").rglob("*.xml"))
    assert files
    conserved, named, entries, slowest = 0, 0, 0, 0.0
    for path in files:
        document = path.read_bytes()
        began = time.process_time()
        try:
            found = parse_feed(document)
        except errors.Unreadable:
            continue
        slowest = max(slowest, time.process_time() - began)
        conserved += len(found) == len(ITEM.findall(document.replace(b"\0", b"")))
        entries += len(found)
        named += sum(_has_a_state(entry.body, entry.guid) for entry in found)
    marks.share("rss", "files whose every entry is read", conserved, len(files), at_least=1.0)
    marks.share("rss", "entries in a named state", named, entries, at_least=1.0)
    marks.at_most("rss", "slowest file, s", slowest, 2.0)


def _has_a_state(body: bytes, guid: str) -> bool:
    envelope = Envelope(
        id=submission_id("src", guid),
        source="src",
        channel=Channel.FEED,
        received_at=datetime(2026, 3, 4, tzinfo=UTC),
        sha256=sha256(body),
        size=len(body),
        body=body,
        key=guid,
        content_type=ENTRY_TYPE,
    )
    found = read_envelope(envelope, body, SOURCE)
    return bool(found.reasons) if isinstance(found, UnreadableEnvelope) else len(found) == 1
