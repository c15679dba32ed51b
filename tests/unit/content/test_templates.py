import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from leadloop.content.header_text import one_line
from leadloop.content.policy import Template, Text
from leadloop.content.templates import (
    RenderedMessage,
    TemplateBroken,
    Tracking,
    render_template,
    template_faults,
    used_words,
)

TRACKING = Tracking(
    click=lambda url: f"https://api.example/t/{len(url)}", picture="https://api.example/o/tok"
)


def template(body: str, subject: str = "Hello") -> Template:
    return Template(id="guide", texts={"en": Text(subject=subject, body=body)})


def render_body(body: str, subject: str = "Hello", **words: object) -> RenderedMessage:
    return render_template(template(body, subject), "en", words, default="en", tracking=TRACKING)


def hrefs(message: RenderedMessage) -> list[str]:
    return [str(href) for href in lxml_html.fromstring(message.html).xpath("//a/@href")]


def test_words_are_filled_in_and_a_missing_one_is_nothing() -> None:
    message = render_body(
        "Dear {{ lead.name }}{{ lead.title }},\n\n{{ reasons | join: '; ' }}",
        "{{ lead.name | upcase }}",
        lead={"name": "Zoë"},
        reasons=["wrote", "called"],
    )
    assert message.subject == "ZOË"
    assert message.text == "Dear Zoë,\n\nwrote; called\n"


def test_the_html_part_says_the_same_as_the_text() -> None:
    message = render_body("One & two,\nthree.\n\n\nFour <five>.")
    page = lxml_html.fromstring(message.html)
    assert [p.text_content() for p in page.xpath("//p")] == ["One & two,\nthree.", "Four <five>."]
    assert len(page.xpath("//p[1]/br")) == 1
    assert page.xpath("//title/text()") == ["Hello"]
    assert page.get("lang") == "en"


def test_a_tracked_link_is_a_click_link_in_both_parts_and_may_have_a_label() -> None:
    message = render_body(
        "Read {{ 'https://acme.example/guide' | track }} or"
        " {{ 'https://acme.example/p?a=1&b=2' | track: 'the <price> list' }}."
    )
    first, second = "https://api.example/t/26", "https://api.example/t/30"
    assert message.text == f"Read {first} or the <price> list: {second}.\n"
    assert hrefs(message) == [first, second]
    assert ">the &lt;price&gt; list</a>." in message.html


def test_without_tracking_a_tracked_link_goes_to_its_target() -> None:
    body = template("{{ 'https://acme.example/a?x=1&y=2' | track }}")
    message = render_template(body, "en", {}, default="en")
    assert message.text == "https://acme.example/a?x=1&y=2\n"
    assert hrefs(message) == ["https://acme.example/a?x=1&y=2"]
    assert "<img" not in message.html


def test_our_own_links_are_links_and_what_a_lead_typed_is_text() -> None:
    message = render_body(
        "See https://acme.example/about. Stop: {{ unsubscribe_url }}\n\n{{ lead.message }}",
        unsubscribe_url="https://api.example/u/tok",
        lead={"message": "https://evil.example/ <a href='https://evil.example/'>x</a>"},
    )
    assert hrefs(message) == ["https://acme.example/about", "https://api.example/u/tok"]


def test_the_picture_that_tells_of_an_open_is_in_the_html_part_only() -> None:
    message = render_body("Hello")
    assert message.html.count("https://api.example/o/tok") == 1
    assert "api.example" not in message.text


@given(st.text(), st.text())
def test_no_word_of_a_lead_becomes_markup_or_a_second_subject_line(name: str, text: str) -> None:
    hostile = f"{text}<script>alert(1)</script><img src=x onerror=alert(1)>\r\nBcc: x@y.example"
    message = render_body("{{ n }}\n\n{{ m }}", "{{ m }} {{ n }}", n=name, m=hostile)
    assert set(re.findall(r"<(\w+)", message.html)) <= set(
        "html head meta title body p br img".split()  # noqa: SIM905
    )
    assert message.html.count("<img") == 1
    assert not set(message.subject) & set("\r\n\x00\x0b\x0c\x85\u2028\u2029")


def test_a_subject_is_one_line_without_turned_directions_and_not_endless() -> None:
    message = render_body("x", "a\r\nBcc: b\x00\u202ec\u2028d " + "long " * 100)
    assert message.subject.startswith("a Bcc: b c d long")
    assert len(message.subject) <= 200
    assert one_line(" a \t b ") == "a b"


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("de", "Hallo"), ("de-AT", "Hallo"), ("th", "Hello"), ("", "Hello"), ("en", "Hello")],
)
def test_the_language_is_the_leads_else_the_companys(wanted: str, spoken: str) -> None:
    texts = {"de": Text(subject="s", body="Hallo"), "en": Text(subject="s", body="Hello")}
    message = render_template(Template(id="t", texts=texts), wanted, {}, default="en")
    assert message.text == f"{spoken}\n"


@pytest.mark.parametrize(
    ("language", "direction"), [("fa", "rtl"), ("en", "ltr"), ("ar-EG", "rtl")]
)
def test_a_mail_runs_as_its_language_does_whatever_a_name_begins_with(
    language: str, direction: str
) -> None:
    texts = {language: Text(subject="s", body="{{ name }} is yours.")}
    message = render_template(
        Template(id="t", texts=texts), language, {"name": "سارا"}, default=language
    )
    assert lxml_html.fromstring(message.html).get("dir") == direction
    assert message.html.count("dir=") == 1


HOSTILE = [
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% for i in (1..5000) %}{% for j in (1..5000) %}x{% endfor %}{% endfor %}",
    "{% assign s = 'a' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}",
    "{{ 'aaaa' | replace: 'a', m | replace: 'a', m | replace: 'a', m | replace: 'a', m }}",
    "{{ m | replace: '', m | replace: '', m }}",
    "{{ m | split: '' | join: m }}",
    "{% assign n = 10 %}{% for i in (1..40) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "{% for i in (1..200) %}{{ m }}{{ m }}{% endfor %}",
    "{{ 1 | divided_by: 0 }}",
    "{{ 'javascript:alert(1)' | link }}",
    "{{ '/t/x' | track }}",
    "{% if " * 200 + "x",
    "{% if true %}" * 200 + "x",
    "{% assign n = 10 %}{% for i in (1..9999) %}{% assign n = n | times: n %}{% endfor %}",
    "{{ 5 | round: -1000000000 }}{{ 1 | divided_by: 0 }}",
    "{{ 5.5 | round: 1000000000 }}{{ 1 | divided_by: 0 }}",
    "{% capture x %}{% for i in (1..9999) %}{{ m }}{% endfor %}{% endcapture %}",
    "{{ '2026-01-01' | date: '%999999999d' }}{{ 1 | divided_by: 0 }}",
    "{{ m | truncate: 5, m | slice: m }}",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_a_template_that_costs_too_much_or_cannot_be_said_is_broken_soon(body: str) -> None:
    began = time.process_time()
    with pytest.raises(TemplateBroken, match=r"^template guide, en: "):
        render_body(body, m="a" * 4000)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("{{ lead.name", "texts.en.body: expected '}}', found end of file"),
        ("{% include 'x' %}", "texts.en.body: unexpected tag 'include'"),
        ("{% render 'x' %}", "texts.en.body: unexpected tag 'render'"),
        ("{{ x | base64_decode }}", "texts.en.body: unknown filter 'base64_decode'"),
        ("{{ x | strip_html | safe }}", "texts.en.body: unknown filter 'safe'"),
    ],
)
def test_a_template_that_is_no_good_is_told_before_it_is_published(body: str, fault: str) -> None:
    assert fault in template_faults(template(body))


def test_numbers_are_reckoned_with() -> None:
    assert render_body("{{ n | times: 3 | plus: 1 | divided_by: 2.0 }}", n=7).text == "11.0\n"


def test_a_good_template_has_no_faults() -> None:
    assert (
        template_faults(
            template("{{ lead.name | default: 'you' }} {{ 'https://a.example' | track }}")
        )
        == ()
    )


def test_the_words_a_text_asks_for_are_known_before_it_is_said() -> None:
    text = Text(
        subject="{{ lead.name }}",
        body="{% assign own = 1 %}{{ own }}{% if lead.score > 5 %}{{ unsubscribe_url }}{% endif %}",
    )
    assert used_words(text) == {"lead.name", "lead.score", "unsubscribe_url"}


def test_no_template_reads_a_clock() -> None:
    assert render_body("[{{ now }}{{ today }}{{ 'now' | date: '%Y' }}]").text == "[now]\n"


def test_times_are_shown_as_the_template_wants_them_in_utc() -> None:
    at = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    body = "{{ at | date: '%d.%m.%Y %H:%M' }} {{ iso | date: '%Y' }} {{ odd | date: '%Y' }}"
    assert render_body(body, at=at, iso="2025-03-01T00:00:00Z", odd="soon").text == (
        "02.11.2026 09:30 2025 soon\n"
    )
