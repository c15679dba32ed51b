"""Every word that a person wrote in a sample is in a field, an own field, the message or `ignored`.

A sample that its door refuses is not taken: its sender reads what to mend. Of one that nobody can
read, the bytes stay.
"""

import email
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from infra.local.samples import event_body
from infra.local.stories import FileStep, FormStep, PartnerStep, read_stories
from leadloop.intake.envelope import Envelope
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.fields.flat_document import RESERVED_FIELDS
from leadloop.intake.files.columns import map_columns
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.formats.syndication import parse_feed
from leadloop.intake.policy import FeedSource, MailSource, Source
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.tables.open import open_table
from leadloop.intake.text.media_types import XML_TYPES, media_type
from leadloop.model.submission import Channel, Submission
from leadloop.playbook.load import load_playbook
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

ROOT = Path(__file__).parents[3]
ACME = load_playbook(ROOT / "shared" / "playbooks" / "acme")
AT = datetime(2026, 12, 1, tzinfo=UTC)
DOORS = {"/f/": Channel.FORM, "/hooks/": Channel.WEBHOOK, "/v1/leads": Channel.PARTNER}
DESK = "/admin/v1/submissions"
# Not a person's: keys, marks of tests, and what stands around the answers in a vendor's format.
OF_THE_FORMATS = {
    "form": (*RESERVED_FIELDS, "website_url"),
    "desk": ("submission_key", "source", "status"),  # it is understood as the attendance
    "partner": ("reference", "vorgang", "/anfrage/@vorgang"),
    "json": ("conversations.event",),
    "google": ("google_key", "is_test", "*.column_id", "*.column_name"),
    "meta": ("object", "entry.id", "entry.time", "*.field", "*_id", "*.created_time"),
    "linkedin": ("*",),  # a post names a lead and says no more
    "typeform": ("event_*", "*.form_id", "*.submitted_at", "*.definition.*", "*.field.*", "*.type"),
}


class Input(NamedTuple):
    """What one door receives."""

    name: str
    source: Source
    channel: Channel
    body: bytes
    content_type: str


def read(case: Input) -> list[Submission]:
    envelope = Envelope.of(
        case.source.id, case.channel, case.body, "key", AT, content_type=case.content_type
    )
    found = read_envelope(envelope, case.body, case.source)
    return [found.submission] if isinstance(found, UnreadableEnvelope) else list(found)


def sample_inputs() -> Iterator[Input]:
    for path in sorted(ROOT.glob("events/*/*.json")):
        event = json.loads(path.read_text())
        if not isinstance(event, dict) or event.get("httpMethod") != "POST":
            continue
        headers = {name.lower(): text for name, text in (event["headers"] or {}).items()}
        body = event_body(event) or b""
        door = next((each for each in DOORS if event["path"].startswith(each)), None)
        channel = Channel.DESK if event["path"] == DESK else DOORS.get(door or "")
        named = event["path"].rpartition("/")[2]
        if channel is Channel.DESK:
            named = json.loads(body).get("source")
        elif channel is Channel.PARTNER:
            named = headers.get("x-api-key", "").strip("{}").partition(":")[2]
        if channel is not None and named in ACME.sources:
            content_type = headers.get("content-type", "application/json")
            name = f"{path.parent.name}/{path.stem}"
            yield Input(name, ACME.sources[named], channel, body, content_type)


def step_inputs() -> Iterator[Input]:
    for story in read_stories(ROOT / "events"):
        for number, step in enumerate(story.steps, 1):
            name = f"{story.name}, step {number}"
            match step:
                case FormStep():
                    source, channel = ACME.sources[step.form], Channel.FORM
                case PartnerStep() if step.partner in ACME.sources:
                    source, channel = ACME.sources[step.partner], Channel.PARTNER
                case _:
                    continue
            body = json.dumps(dict(step.fields)).encode()
            yield Input(name, source, channel, body, "application/json")


INPUTS = (*sample_inputs(), *step_inputs())


def written(case: Input) -> list[Written]:
    match media_type(case.content_type):
        case media if media in XML_TYPES:
            root = etree.fromstring(case.body)
            is_adf = root.tag == "adf"
            return list(xml_written(root, foreign=("vendor", "provider"), attributes=not is_adf))
        case "application/json":
            return list(json_written(json.loads(case.body)))
        case "text/plain":
            lines = (line.partition("=") for line in case.body.decode().splitlines())
            return [Written((name.strip(),), value) for name, _, value in lines]
        case _:
            return list(pairs_written(case.content_type, case.body))


@pytest.mark.parametrize("case", INPUTS, ids=lambda case: case.name)
def test_no_word_of_a_post_is_lost(case: Input) -> None:
    submissions = read(case)
    if any(each.part == 0 for each in submissions):
        assert all(each.raw.sha256 and each.unreadable for each in submissions)
        return
    format_ = getattr(case.source, "format", case.source.kind)
    consented = [] if submissions[0].consent is None else ["consent", "*.boolean"]
    technical = [*OF_THE_FORMATS[format_], *consented]
    if submissions[0].trap:
        return  # a robot's
    assert lost_values(written(case), submissions, technical) == []


def test_every_kind_of_post_has_samples() -> None:
    kinds = {(case.source.kind, media_type(case.content_type)) for case in INPUTS}
    assert {kind for kind, _ in kinds} == {"form", "desk", "partner", "webhook"}
    assert len(INPUTS) >= 90
    assert {"application/xml", "multipart/form-data", "text/plain"} <= {each for _, each in kinds}


@pytest.mark.parametrize(
    "name", ["stories/trade-fair-list", "stories/partners-file", "stories/old-crm-list"]
)
def test_no_word_of_a_files_row_is_lost(name: str) -> None:
    """Days and stages of another system are understood, and stand there in our own words."""
    steps = next(each for each in read_stories(ROOT / "events") if each.name == name).steps
    step = next(each for each in steps if isinstance(each, FileStep))
    table = open_table([step.rows.encode()])
    source = ACME.sources[step.file]
    meaning = map_columns(table.columns, source.fields) | dict(step.meaning)
    for row in table.rows:
        body = build_file_row(row, table.columns, meaning).body
        case = Input(name, source, Channel.FILE, body, "application/json")
        cells = row_written(table.columns, row.cells)
        assert lost_values(cells, read(case), ("Angelegt", "Status", "Verlauf")) == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("infra/local/outside/**/*.xml")), ids=lambda path: path.stem
)
def test_no_word_of_a_feeds_entry_is_lost(path: Path) -> None:
    document = path.read_bytes()
    source = next(each for each in ACME.sources.values() if isinstance(each, FeedSource))
    items = etree.fromstring(document).iter("{*}item", "{*}entry")
    for entry, item in zip(parse_feed(document), items, strict=True):
        found = read(Input(path.stem, source, Channel.FEED, entry.body, ENTRY_TYPE))
        lines = (
            Written((*element.names, *line.names), line.text)
            for element in xml_written(item, foreign=("guid", "link", "pubdate", "updated", "id"))
            for line in text_written(element.text)
            if line.text.strip().casefold() not in source.labels
        )
        assert lost_values(lines, found) == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("events/mail_in/*.eml")), ids=lambda p: p.stem)
def test_no_line_of_a_mail_is_lost(path: Path) -> None:
    """Of one in quarantine a person reads the whole mail."""
    sources = {each.address: each for each in ACME.sources.values() if isinstance(each, MailSource)}
    raw = path.read_bytes()
    to = str(email.message_from_bytes(raw)["To"]).partition("@")[0]
    if to in sources:
        found = read(Input(path.stem, sources[to], Channel.MAIL, raw, "message/rfc822"))
        if not any(each.unreadable or each.refused for each in found):
            assert lost_values(mail_written(raw), found, ("New message",)) == []  # a heading
