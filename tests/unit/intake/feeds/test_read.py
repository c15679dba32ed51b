"""Entries of feeds and files of drops, as the one reader reads them."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.envelope import Envelope
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.formats.syndication import parse_feed
from leadloop.intake.policy import FeedSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model import errors
from leadloop.model.submission import Channel, Submission

SOURCE = FeedSource(
    kind="feed",
    id="src",
    product_line="tools",
    country="DE",
    language="de",
    address="https://fair.example/leads.xml",
    labels={"ansprechpartner": "contact.name", "maß": "size"},
    fields={"x_mail": "contact.email", "categories[0]": "interest.product"},
)
ITEM = """<item><guid>7</guid><title>Pumpe gesucht</title><category>Pumpe</category>
<description>&lt;p&gt;Ansprechpartner: Ada Byron&lt;br&gt;Maß: DN 80&lt;/p&gt;</description>
<x:mail>ada@fair.example</x:mail></item>"""


def rss(items: str) -> bytes:
    return f'<rss version="2.0" xmlns:x="urn:x"><channel>{items}</channel></rss>'.encode()


def read_body(
    enveloped: Callable[..., Envelope], body: bytes, kind: str = ENTRY_TYPE
) -> tuple[Submission, ...]:
    found = read_envelope(enveloped(body, Channel.FEED, content_type=kind), body, SOURCE)
    return (found.submission,) if isinstance(found, UnreadableEnvelope) else found


def test_what_is_mapped_and_what_is_labelled_become_the_persons(
    enveloped: Callable[..., Envelope],
) -> None:
    (entry,) = parse_feed(rss(ITEM))
    (made,) = read_body(enveloped, entry.body)
    assert (made.contact.name, made.contact.email) == ("Ada Byron", "ada@fair.example")
    assert (made.interest.product, made.fields) == ("Pumpe", {"size": "DN 80"})
    assert made.unreadable == ()


def test_an_author_is_nobody_unless_the_playbook_says_so(
    enveloped: Callable[..., Envelope],
) -> None:
    entry = parse_feed(rss("<item><guid>1</guid><author>editor@fair.example (Ed)</author></item>"))
    (made,) = read_body(enveloped, entry[0].body)
    assert made.contact.email is None


def test_a_free_text_is_the_message(enveloped: Callable[..., Envelope]) -> None:
    (entry,) = parse_feed(
        rss("<item><title>Pumpe</title><description>dringend</description></item>")
    )
    (made,) = read_body(enveloped, entry.body)
    assert made.interest.message == "Pumpe\ndringend"


def test_the_same_entry_is_the_same_bytes_whatever_stands_around_it() -> None:
    (alone,) = parse_feed(rss(ITEM))
    amid = parse_feed(rss(f"<title>News</title><item><guid>1</guid></item>{ITEM}"))
    assert alone in amid
    assert alone.guid == "7"


@pytest.mark.parametrize(
    "item",
    [
        "<item><title>a</title></item>",
        "<item><link>https://fair.example/1</link></item>",
        "<item/>",
    ],
)
def test_an_entry_without_a_guid_is_known_by_its_link_or_its_bytes(item: str) -> None:
    (entry,) = parse_feed(rss(item))
    (again,) = parse_feed(rss(item))
    assert entry == again
    assert entry.guid


def test_a_feed_in_json_has_the_same_entries(enveloped: Callable[..., Envelope]) -> None:
    item = {
        "id": 7,
        "title": "Pumpe gesucht",
        "content_html": "<p>Ansprechpartner: Ada Byron</p>",
        "tags": ["Pumpe"],
        "_x": {"mail": "ada@fair.example"},
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Leads", "items": [item, 5]}
    entry, odd = parse_feed(json.dumps(feed).encode("utf-8-sig"))
    (made,) = read_body(enveloped, entry.body)
    assert (entry.guid, made.interest.product) == ("7", "Pumpe")
    assert (made.contact.name, made.contact.email) == ("Ada Byron", "ada@fair.example")
    assert json.loads(odd.body)["text"] == "5"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b'{"items": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": {}}',
        b'{"version": ',
        b'{"a":' * 100_000,
        b"<html><body>hello</body></html>",
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>',
        '<?xml version="1.0" encoding="utf-16"?><!ENTITY a "b"><rss/>'.encode("utf-16"),
        b"<rss version='2.0'><channel>" + b"<item/>" * 5_001,
        b"x" * 5_000_001,
        b'<?xml version="1.0" encoding="\xff\xfe"?><rss/>',
    ],
)
def test_what_is_no_feed_or_a_hostile_one_is_refused(document: bytes) -> None:
    with pytest.raises(errors.Unreadable):
        parse_feed(document)


def test_a_reference_to_no_character_spoils_one_letter_and_no_feed() -> None:
    (entry,) = parse_feed(rss("<item><title>a&#xD800;b&#99999999999;</title></item>"))
    assert json.loads(entry.body)["title"] == "a\ufffdb\ufffd"


@given(
    st.lists(st.sampled_from(["<item>", "</item>", "<a:b", "&#xD800;", "<![CDATA[", "]]>", "\0"]))
)
def test_whatever_a_feed_says_it_is_read_or_refused(pieces: list[str]) -> None:
    with contextlib.suppress(errors.Unreadable):
        parse_feed(rss("".join(pieces)))


@pytest.mark.parametrize(
    ("document", "texts"),
    [
        ([1], ["record 1 is no object"]),
        ([{"x_mail": ["a"]}], ["x_mail: is neither text nor number"]),
        ({"x_mail": "a@fair.example"}, []),
    ],
)
def test_a_record_in_doubt_says_why(
    enveloped: Callable[..., Envelope], document: Any, texts: list[str]
) -> None:
    (made,) = read_body(enveloped, json.dumps(document).encode(), "application/json")
    assert [reason.text for reason in made.unreadable] == texts


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[" * 100_000),
        ("application/json", json.dumps([{}] * 1_001).encode()),
        ("application/xml", b"<a/>"),
        ("application/pdf", b"%PDF"),
        (ENTRY_TYPE, b"[]"),
        (None, b"x" * 10_000_001),
    ],
)
def test_what_cannot_be_read_at_all_goes_to_a_person(
    enveloped: Callable[..., Envelope], kind: str, body: bytes
) -> None:
    (made,) = read_body(enveloped, body, kind)
    assert made.unreadable
    assert made.raw.sha256


PLAIN = SOURCE.but(fields={}, labels={})


def read_entry(enveloped: Callable[..., Envelope], document: bytes, of: FeedSource) -> Submission:
    (entry,) = parse_feed(document)
    body = enveloped(entry.body, Channel.FEED, content_type=ENTRY_TYPE)
    found = read_envelope(body, entry.body, of)
    (made,) = (found.submission,) if isinstance(found, UnreadableEnvelope) else found
    return made


@pytest.mark.parametrize(
    "author",
    [
        "<author>eva@lang.photography (Eva Lang)</author>",
        "<author>Eva Lang &lt;eva@lang.photography&gt;</author>",
        "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>eva@lang.photography</dc:creator>",
    ],
)
def test_an_authors_address_has_its_whole_domain(
    enveloped: Callable[..., Envelope], author: str
) -> None:
    of = SOURCE.but(fields={"author_email": "contact.email"})
    made = read_entry(enveloped, rss(f"<item><guid>1</guid>{author}</item>"), of)
    assert made.contact.email == "eva@lang.photography"


IN_BRACKETS = {
    "escaped": "Nom : Eva Lang\nCourriel : &lt;eva@lang.example&gt;\n"
    "Message : <![CDATA[débit < 5 & > 3]]>",
    "with entities": "<![CDATA[Nom : Eva Lang\nCourriel : Eva <eva@lang.example>\n"
    "Message : débit &lt; 5 &amp; &gt; 3]]>",
    "amid HTML": "&lt;p&gt;Nom : Eva Lang&lt;br/&gt;Courriel : <![CDATA[<eva@lang.example>]]>"
    "&lt;/p&gt;&lt;p&gt;Message : débit &amp;lt; 5 &amp;amp; &amp;gt; 3&lt;/p&gt;",
    "a link": "<![CDATA[<p>Nom : Eva Lang</p><p>Courriel : <a href='mailto:eva@lang.example'>"
    "écrire</a></p><p>Message : débit &lt; 5 &amp; &gt; 3</p>]]>",
}


@pytest.mark.parametrize("text", IN_BRACKETS.values(), ids=IN_BRACKETS.keys())
def test_what_stands_in_brackets_is_text_unless_it_is_an_element(
    enveloped: Callable[..., Envelope], text: str
) -> None:
    item = f"<item><guid>1</guid><description>{text}</description></item>"
    made = read_entry(enveloped, rss(item), PLAIN)
    assert (made.contact.name, made.contact.email) == ("Eva Lang", "eva@lang.example")
    assert made.interest.message == "débit < 5 & > 3"


OWN = """<item><guid>1</guid>
<k:anfrage><k:firma><k:name>Lang AG</k:name></k:firma><k:kunde><k:name>Eva Lang</k:name></k:kunde>
<k:thema>Heizung</k:thema><k:thema>Kühlung</k:thema></k:anfrage>
<k:tel art='mobil' value='0171 5550122'/><k:wunsch_detail>DN 80</k:wunsch_detail></item>"""


def test_every_element_and_attribute_of_the_makers_own_has_a_name(
    enveloped: Callable[..., Envelope],
) -> None:
    document = rss(OWN).replace(b"<channel>", b"<channel xmlns:k='urn:k'>")
    (entry,) = parse_feed(document)
    body = json.loads(entry.body)
    assert body["k_name"] == "Eva Lang"
    assert body["k_anfrage_firma_name"] == "Lang AG"
    assert body["k_anfrage_thema"] == ["Heizung", "Kühlung"]
    assert (body["k_tel"], body["k_tel_art"]) == ("0171 5550122", "mobil")
    assert body["k_wunsch_detail"] == "DN 80"
    of = SOURCE.but(fields={"k_name": "name", "k_tel": "phone", "k_thema": "product"})
    made = read_entry(enveloped, document, of)
    assert (made.contact.name, made.contact.phone) == ("Eva Lang", "0171 5550122")
    assert made.interest.product == "Heizung, Kühlung"
    assert "k_wunsch_detail" in made.ignored


def test_two_persons_in_one_element_are_a_doubt(enveloped: Callable[..., Envelope]) -> None:
    mails = "<x:mail>a@fair.example</x:mail><x:mail>b@fair.example</x:mail>"
    made = read_entry(enveloped, rss(f"<item><guid>1</guid>{mails}</item>"), SOURCE)
    assert made.contact.email is None
    assert made.unreadable


def test_an_object_of_the_makers_own_in_json_has_a_name_for_each_value() -> None:
    lead = {"presupuesto": 99.5, "temas": ["a", "b"], "persona": {"tel": "91 5550122"}, "x": None}
    item = {
        "id": "1",
        "content_text": "Hola <eva@lang.example>",
        "_solicitud": lead,
        "canal": "web",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    (entry,) = parse_feed(json.dumps(feed).encode())
    body = json.loads(entry.body)
    assert body["text"] == "Hola <eva@lang.example>"
    assert (body["solicitud_presupuesto"], body["solicitud_temas"]) == ("99.5", ["a", "b"])
    assert (body["solicitud_persona_tel"], body["canal"]) == ("91 5550122", "web")


ITEMS_OF_TWO = [
    "<title>Rückruf 030 555012{}</title>",
    "<description>Tisch {}</description>",
    "<guid>u</guid><description>+33 1 55 50 01 2{}</description>",
    "<guid>u</guid><x:platz>{}</x:platz>",
    "<guid>u</guid><title>Suche {} Pumpen</title>",
    "<guid>u</guid><description>Cherche {} pompes, 12 vues</description>",
    "<guid>u</guid><title>Angebot</title><description>Gelesen: {}</description>",
]


@pytest.mark.parametrize("item", ITEMS_OF_TWO)
def test_entries_that_differ_by_a_number_are_two(item: str) -> None:
    items = [f"<item>{item.format(n)}</item>" for n in (4, 5)]
    one, other = parse_feed(rss("".join(items)))
    assert (one.guid, one.version) != (other.guid, other.version)


def version_of(text: str) -> str:
    (entry,) = parse_feed(rss(f"<item><guid>u</guid><description>{text}</description></item>"))
    return entry.version


@pytest.mark.parametrize(
    "text",
    ["Gelesen: {}", "Pumpe ({} Aufrufe)", "{} commentaires", "Visitas: {}", "閲覧数: {}",
     "{} просмотров", "Views {} | Replies: {}", "{}K views"],
)  # fmt: skip
def test_a_count_beside_a_word_of_counting_is_no_news(text: str) -> None:
    assert version_of(text.format(7, 8)) == version_of(text.format(1024, 9))


@pytest.mark.parametrize(
    "text", ["Suche {} Pumpen", "Need {} pumps", "Raum {}", "{} bombas, 5 visitas", "PLZ {}"]
)
def test_any_other_number_of_an_entry_is_news(text: str) -> None:
    assert version_of(text.format(3)) != version_of(text.format(4))


@pytest.mark.parametrize(
    "link", ["<a href='tel:+393335550122'>Chiama</a>", "<a href='tel:+39 333 555 0122'>Chiama</a>"]
)
def test_the_number_of_a_link_is_the_phone(enveloped: Callable[..., Envelope], link: str) -> None:
    text = f"<![CDATA[<p>Nome: Eva Lang</p><p>Telefono: {link}</p>]]>"
    item = f"<item><guid>1</guid><description>{text}</description></item>"
    made = read_entry(enveloped, rss(item), PLAIN)
    phone = (made.contact.phone or "").replace(" ", "")
    assert (made.contact.name, phone) == ("Eva Lang", "+393335550122")
