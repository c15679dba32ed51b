"""Every word that a person wrote is in a field, the message or `ignored`: posts that make it hard.

Several answers of one name, answers without a name, texts between elements, columns of nobody.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from leadloop.intake.envelope import Envelope
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.files.columns import map_columns
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.formats.syndication import parse_feed
from leadloop.intake.policy import FeedSource, FileSource, FormSource, PartnerSource, Source
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.tables.open import open_table
from leadloop.model.submission import Channel, Submission
from tests.unit.intake.webhooks.posts import (
    build_source,
    google_post,
    meta_post,
    read_post,
    typeform_post,
)
from tests.unit.intake.written_words import (
    Written,
    json_written,
    lost_values,
    row_written,
    text_written,
    xml_written,
)

COMMON = {"id": "src", "product_line": "pumps", "country": "DE", "language": "en"}
FORM = FormSource.model_validate({**COMMON, "kind": "form", "fields": {"farbe": "color"}})
PARTNER = PartnerSource.model_validate(
    {
        **COMMON,
        "kind": "partner",
        "fields": {
            "person.mail": "contact.email",
            "answers[?q=='size'].a | [0]": "employees",
            "phones[0]": "contact.phone",
        },
    }
)
XML_PARTNER = PartnerSource.model_validate(
    {
        **COMMON,
        "kind": "partner",
        "xml": {"fields": {"/lead/mail": "contact.email", "/lead/text": "interest.message"}},
    }
)
FILE = FileSource.model_validate({**COMMON, "kind": "file", "fields": {"E-Mail": "contact.email"}})
FEED = FeedSource.model_validate({**COMMON, "kind": "feed", "address": "https://fair.example/"})
QUESTION_NAMES = (
    "*.column_id",
    "*.column_name",
    "*.field_data.name",
    "*.field.*",
    "*.answers.type",
)
NAMES_OF_ENTRY = {"category": "categories", "description": "text"}  # by which an entry has it
OF_THE_FORMAT = (
    *("google_key", "is_test", "object", "*.changes.field", "event_*", "*.form_id"),
    *("*.definition.*", *QUESTION_NAMES),
)


def read(
    source: Source, channel: Channel, body: bytes, content_type: str = "application/json"
) -> list[Submission]:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    envelope = Envelope.of(source.id, channel, body, "key", at, content_type=content_type)
    found = read_envelope(envelope, body, source)
    return [found.submission] if isinstance(found, UnreadableEnvelope) else list(found)


def lost_texts(
    written: Iterable[Written], submissions: Iterable[Submission], technical: tuple[str, ...] = ()
) -> list[str]:
    return [each.text.strip() for each in lost_values(written, submissions, technical)]


@pytest.mark.parametrize(
    "values",
    [
        {"farbe": "red", "color": "blue"},
        {"consent": True},
        {"consent": "only by phone"},
        {"email": "none@none.com", "phone": "+49 171 5550123"},
        {"email": "Ada Byron <ada@acme.example>", "name": "Ada Lovelace"},
        {"phone": "0171 5550124 / 030 1234567 in the evening"},
        {"fields": {"x": "y"}, "contact": {"city": "Bonn"}},
    ],
)
@pytest.mark.parametrize(
    ("source", "channel"),
    [(FORM, Channel.FORM), (PARTNER, Channel.PARTNER)],
    ids=("form", "partner"),
)
def test_of_a_form_or_a_partner(values: dict[str, Any], source: Source, channel: Channel) -> None:
    document = {"email": "ada@acme.example", **values}
    submissions = read(source, channel, json.dumps(document).encode())
    assert lost_texts(json_written(document), submissions) == []


def test_of_a_list_of_which_a_path_takes_one() -> None:
    document = {
        "person": {"mail": "ada@acme.example", "note": "hello"},
        "answers": [{"q": "size", "a": "7"}, {"q": "colour", "a": "violet"}],
        "phones": ["+49 171 5550123", "+49 171 5550124"],
    }
    (made,) = read(PARTNER, Channel.PARTNER, json.dumps(document).encode())
    assert lost_texts(json_written(document), [made], ("answers.q",)) == []
    assert made.ignored == ("answers.a", "person.note", "phones")


def test_what_a_path_compares_with_is_no_answer() -> None:
    document = {"email": "ada@acme.example", "answers": [{"q": "size", "a": "7"}]}
    (made,) = read(PARTNER, Channel.PARTNER, json.dumps(document).encode())
    assert made.ignored == ()


@pytest.mark.parametrize(
    "inner",
    [
        "<text>Hello <b>dear</b> people</text>",
        "<note>Hello <b>dear</b> people</note>",
        "<text>Hello</text> and goodbye",
    ],
)
def test_of_a_partners_own_xml(inner: str) -> None:
    body = f"<lead><mail>ada@acme.example</mail>{inner}</lead>"
    submissions = read(XML_PARTNER, Channel.PARTNER, body.encode(), "application/xml")
    assert lost_texts(xml_written(etree.fromstring(body)), submissions) == []


@pytest.mark.parametrize(
    "inner",
    [
        "<comments>Two <b>big</b> pumps</comments>",
        "<comments>one line<br/>the next<br/>the last</comments>",
        "please call 7 times",
        "<phone>206-555-0143 <ext>12</ext> evenings</phone>",
    ],
)
def test_of_adf(inner: str) -> None:
    person = "<contact><name part='full'>Ida Moss</name><email>ida@moss.example</email></contact>"
    body = f"<adf><prospect><customer>{person}{inner}</customer></prospect></adf>"
    submissions = read(PARTNER, Channel.PARTNER, body.encode(), "application/xml")
    assert lost_texts(xml_written(etree.fromstring(body)), submissions) == []


def test_of_a_google_form() -> None:
    post = google_post()
    post["user_column_data"] += [
        {"column_id": "EMAIL", "string_value": "second@lovelace.example"},
        {"column_id": "COLOUR", "string_value": "violet"},
        {"column_id": "COLOUR", "string_value": "orange"},
        {"string_value": "lonely words"},
        {"column_id": "LONG", "string_value": f"{'long ' * 200} tail"},
    ]
    assert (
        lost_texts(json_written(post), read_post(post, build_source("google")), OF_THE_FORMAT) == []
    )


def test_of_a_typeform() -> None:
    post = typeform_post()
    post["form_response"]["hidden"] = {"who": "hidden person", "source": "letter"}
    post["form_response"]["answers"] += [
        {"field": {"ref": "num"}, "type": "number", "number": 7.25},
        {"field": {"ref": "pay"}, "type": "payment", "payment": {"name": "Karl"}},
        {"field": {"ref": "who"}, "type": "text", "text": "second person"},
        {"type": "text", "text": "lonely words"},
    ]
    read_by = build_source("typeform", fields={"num": "size", "pay": "payer"})
    assert lost_texts(json_written(post), read_post(post, read_by), OF_THE_FORMAT) == []


def test_of_a_meta_form() -> None:
    answers = [
        {"name": "email", "values": ["ada@lovelace.example"]},
        {"name": "email", "values": ["second@lovelace.example"]},
        {"name": "colour", "values": ["violet", 2.5]},
        {"values": ["lonely words"]},
    ]
    post = meta_post({"leadgen_id": "71", "field_data": answers})
    technical = (*OF_THE_FORMAT, "entry.id", "entry.time")
    assert lost_texts(json_written(post), read_post(post, build_source("meta")), technical) == []


@pytest.mark.parametrize(
    "more", [{"texts": ["first text", "second text"]}, {"texts": [f"{'a' * 10_050} tail"]}]
)
def test_of_a_hook_that_is_mapped_by_paths(more: dict[str, Any]) -> None:
    post = {"mail": "ada@lovelace.example", **more}
    read_by = build_source("json", fields={"mail": "contact.email", "texts[0]": "interest.message"})
    assert lost_texts(json_written(post), read_post(post, read_by)) == []


def test_of_a_row_of_a_file() -> None:
    file = b"E-Mail;Farbe\nAda Byron <ada@acme.example>;rot\nbob@acme.example;gelb\n"
    table = open_table([file])
    meaning = map_columns(table.columns, FILE.fields)
    for row in table.rows:
        (made,) = read(FILE, Channel.FILE, build_file_row(row, table.columns, meaning).body)
        assert lost_texts(row_written(table.columns, row.cells), [made]) == []
        assert made.ignored == ("Farbe",)


@pytest.mark.parametrize(
    "item",
    [
        "<description>Name: Ann Lee\nColour: violet\nMessage: two pumps</description>",
        "<title>Quote wanted</title><description>Name: Ann Lee\nMessage: two pumps</description>",
        "<author>ann@pumpen.example (Ann Lee)</author><description>Please call.</description>",
        "<category>Pumps</category><description>Please call.</description>",
        f"<description>{'long ' * 3_000} tail</description>",
    ],
)
def test_of_an_entry_of_a_feed(item: str) -> None:
    document = f'<rss version="2.0"><channel><title>x</title><item>{item}</item></channel></rss>'
    (entry,) = parse_feed(document.encode())
    submissions = read(FEED, Channel.FEED, entry.body, ENTRY_TYPE)
    written = [
        Written((*element.names, *line.names, NAMES_OF_ENTRY.get(element.names[-1], "")), line.text)
        for element in xml_written(etree.fromstring(item.join(("<item>", "</item>"))))
        for line in text_written(element.text)
    ]
    assert lost_texts(written, submissions) == []
