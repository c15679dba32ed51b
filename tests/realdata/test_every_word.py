"""Every word that a person wrote in a case is in a field, an own field, the message or `ignored`.

The cases lie beside the folder that LEADLOOP_REALDATA names: `<case>/EXPECTED.md` names the door.
Of mails it is measured how many lines are kept; a line may be a program's.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from lxml import etree

from leadloop.intake.envelope import Envelope
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.fields.flat_document import RESERVED_FIELDS
from leadloop.intake.files.column_proposal import propose_columns
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.formats.syndication import parse_feed
from leadloop.intake.policy import FeedSource, FileSource, PartnerSource, Source
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.tables.open import open_table
from leadloop.model.submission import Channel, Submission
from leadloop.playbook.load import load_playbook
from tests.realdata.conftest import SAMPLE
from tests.realdata.marks import Marks
from tests.unit.intake.webhooks.posts import build_source, read_post
from tests.unit.intake.written_words import (
    Written,
    json_written,
    lost_values,
    mail_written,
    pairs_written,
    row_written,
    text_written,
    xml_written,
)

SET = "cases"
FORM_NAME = re.compile(r"form `([a-z-]+)`")
PAIRS = "application/x-www-form-urlencoded"
COMMON = {"id": "src", "product_line": "p", "country": "DE", "language": "en"}
FILE = FileSource.model_validate({**COMMON, "kind": "file"})
FEED = FeedSource.model_validate({**COMMON, "kind": "feed", "address": "https://fair.example/"})
PARTNER = PartnerSource.model_validate({**COMMON, "kind": "partner"})
MAPPED = {"mail": "contact.email", "name": "contact.name"}
HOOKS: dict[str, tuple[str, dict[str, Any]]] = {  # by case, or by case and file
    "erased-before-it-came": ("json", {"key_field": "ref", "fields": MAPPED}),
    "google-form-own-questions": ("google", {}),
    "one-lead-where-a-list-is-expected": (
        "json",
        {
            "leads": "ROWS",
            "key_field": "REF",
            "fields": {"NAME": "contact.name", "MAIL": "contact.email", "TEXT": "message"},
        },
    ),
    "one-lead-where-a-list-is-expected/linkedin-list": ("linkedin", {}),
    "path-that-compares-a-word-with-a-number": (
        "json",
        {"fields": {"answers[?score > `5`].text | [0]": "interest.message"}},
    ),
    "vendor-post-with-other-names/google-by-a-relay": ("google", {}),
    "vendor-post-with-other-names/typeform-mail-in-a-text": ("typeform", {}),
}
OF_THE_FORMATS = {
    "google": ("google_key", "is_test", "api_version", "*.column_*", "*.key"),
    "linkedin": ("*",),
    "typeform": ("event_*", "*.form_id", "*.definition.*", "*.field.*", "*.type"),
    "json": ("CODE", "STATUS", "MESSAGE", "answers.score"),  # the last is compared
}
NAMES_OF_ENTRY = {"category": "categories", "creator": "author", "description": "text"}
LEAST_OF_MAILS = 0.8  # of the lines of all mails: the rest is mostly a program's or a colleague's


class Lost(NamedTuple):
    """What was lost of an input, of how many values."""

    name: str
    values: list[Written]
    of: int


@pytest.fixture(scope="module")
def cases(realdata: Path) -> Path:
    folder = realdata.parent / "cases"
    if not folder.is_dir():
        pytest.skip("there is no folder of cases")
    return folder


def read(
    source: Source, channel: Channel, body: bytes, content_type: str = "application/json"
) -> list[Submission]:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    envelope = Envelope.of(source.id, channel, body, "key", at, content_type=content_type)
    found = read_envelope(envelope, body, source)
    return [found.submission] if isinstance(found, UnreadableEnvelope) else list(found)


def form_losses(path: Path) -> Iterator[Lost]:
    """Of a file with a post in each line; of its form or forms, whichever is named first."""
    named = FORM_NAME.search(path.with_name("EXPECTED.md").read_text("utf-8"))
    if named is None:
        return
    source = load_playbook(SAMPLE).sources[named[1]]
    is_pairs = path.suffix == ".txt"
    for body in path.read_bytes().splitlines() if path.suffix != ".json" else [path.read_bytes()]:
        if body.strip():
            kind = PAIRS if is_pairs else "application/json"
            written = pairs_written(kind, body) if is_pairs else json_written(json.loads(body))
            values, found = list(written), read(source, Channel.FORM, body, kind)
            technical = [*RESERVED_FIELDS, *(["consent"] if found[0].consent else [])]
            yield Lost(path.name, lost_values(values, found, technical), len(values))


def hook_losses(path: Path) -> Iterator[Lost]:
    format_, row = HOOKS.get(f"{path.parent.name}/{path.stem}") or HOOKS[path.parent.name]
    post = json.loads(path.read_bytes())
    values = list(json_written(post))
    found = read_post(post, build_source(format_, **row))
    if found:  # else it says that there is nothing
        yield Lost(path.name, lost_values(values, found, OF_THE_FORMATS[format_]), len(values))


def file_losses(path: Path) -> Iterator[Lost]:
    table = open_table([path.read_bytes()])
    rows = list(table.rows)
    proposed = propose_columns(table.columns, [row.cells for row in rows], {})
    meaning = {column.name: column.meaning for column in proposed if column.meaning}
    for row in rows:
        found = read(FILE, Channel.FILE, build_file_row(row, table.columns, meaning).body)
        values = [
            Written((*each.names, meaning.get(each.names[0], "")), each.text)
            for each in row_written(table.columns, row.cells)
        ]
        yield Lost(path.name, lost_values(values, found), len(values))


def feed_losses(path: Path) -> Iterator[Lost]:
    document = path.read_bytes()
    is_json = path.suffix == ".json"
    items = (
        json.loads(document)["items"]
        if is_json
        else etree.fromstring(document).iter("{*}item", "{*}entry")
    )
    for entry, item in zip(parse_feed(document), items, strict=True):
        elements = (
            json_written(item)
            if is_json
            else xml_written(item, foreign=("guid", "link", "updated", "id"))
        )
        lines = [
            Written((*each.names, *line.names, NAMES_OF_ENTRY.get(each.names[-1], "")), line.text)
            for each in elements
            for line in text_written(each.text)
        ]
        found = read(FEED, Channel.FEED, entry.body, ENTRY_TYPE)
        yield Lost(path.name, lost_values(lines, found, ("id",)), len(lines))


def adf_losses(path: Path) -> Iterator[Lost]:
    found = read(PARTNER, Channel.PARTNER, path.read_bytes(), "application/xml")
    values = list(xml_written(etree.fromstring(path.read_bytes()), foreign=("vendor", "provider")))
    yield Lost(path.name, lost_values(values, found), len(values))


def losses(path: Path) -> Iterator[Lost]:
    """By the door that the file is for; a file that is for none has no losses."""
    is_hook = path.parent.name in HOOKS or f"{path.parent.name}/{path.stem}" in HOOKS
    match path.suffix:
        case ".json" if is_hook:
            yield from hook_losses(path)
        case ".json" if "feed" in path.parent.name:
            yield from feed_losses(path)
        case ".jsonl" | ".json" | ".txt":
            yield from form_losses(path)
        case ".csv" | ".xlsx" | ".ods":
            yield from file_losses(path)
        case ".xml" if "adf" in path.parent.name:
            yield from adf_losses(path)
        case ".xml":
            yield from feed_losses(path)
        case _:
            pass


def test_no_word_of_a_post_a_row_or_an_entry_is_lost(cases: Path, marks: Marks) -> None:
    found = [each for path in sorted(cases.glob("*/*")) for each in losses(path)]
    lost = [(each.name, *value) for each in found for value in each.values]
    assert lost == []
    values = sum(each.of for each in found)
    marks.share(SET, f"values of {len(found)} inputs kept or named", values, values, at_least=1)


def test_the_lines_of_mails_are_kept(
    cases: Path, mailed: Callable[[bytes], tuple[Submission, ...]], marks: Marks
) -> None:
    """Those that became leads; of one in quarantine a person reads the whole mail."""
    lines = 0
    lost: list[tuple[str, str]] = []
    for path in sorted(cases.glob("*/*.eml")):
        found = mailed(path.read_bytes())
        if any(each.unreadable or each.refused for each in found):
            continue
        written = mail_written(path.read_bytes())
        lines += len(written)
        name = f"{path.parent.name}/{path.name}"
        lost += [(name, each.text) for each in lost_values(written, found)]
    marks.share(SET, "lines of mails kept", lines - len(lost), lines, at_least=LEAST_OF_MAILS)
