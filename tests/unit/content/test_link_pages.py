import base64
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from leadloop.content import link_pages
from leadloop.content.page_texts import page_languages
from leadloop.model.contact import Contact, Interest
from leadloop.model.lead import Lead, Points, Score
from leadloop.model.person import Person
from leadloop.model.submission import Channel

LANGUAGES = sorted(page_languages("link_page"))

JANA = Person(
    contact=Contact(
        name="Jana Müller",
        company="Müller & Söhne",
        country="DE",
        phone="+4930123456",
        email="jana@mueller.example",
    )
)
LEAD = Lead(
    interest=Interest(product="P-200", message="40 pumps, please."),
    product_line="machines",
    source="web",
    channel=Channel.FORM,
    created_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
    score=Score(
        model="machines",
        points=(
            Points(rule="visits", points=10, reason="Looked at prices"),
            Points(rule="size", points=40, reason="More than 250 employees"),
            Points(rule="free", points=-20, reason="Free mail"),
        ),
    ),
)
ALL: dict[str, Callable[[str], str]] = {
    "unknown_link": link_pages.unknown_link_page,
    "unknown_form": link_pages.unknown_form_page,
    "expired_link": link_pages.expired_link_page,
    "preferences": link_pages.preferences_page,
    "unsubscribed": link_pages.unsubscribed_page,
    "accept": lambda language: link_pages.accept_page(JANA, LEAD, "Route south", language),
    "accepted": lambda language: link_pages.accepted_page(JANA, LEAD, language),
    "taken": lambda language: link_pages.unavailable_lead_page("Anna", language),
}


@pytest.mark.parametrize("language", [*LANGUAGES, "th", ""])
@pytest.mark.parametrize("name", ALL)
def test_every_page_is_whole_and_plain_in_every_language(name: str, language: str) -> None:
    source = ALL[name](language)
    page = lxml_html.fromstring(source)
    assert source.startswith("<!doctype html>\n")
    assert page.get("lang") == (language if language in LANGUAGES else "en")
    assert page.xpath("string(//title)") == page.xpath("string(//main/h1)") != ""
    assert page.xpath("count(//h1)") == 1
    assert page.xpath("//meta[@name='viewport']")
    assert not page.xpath("//script | //link | //img | //@style | //@*[starts-with(name(), 'on')]")
    assert "{" not in page.text_content().replace(page.xpath("string(//style)"), "")


def test_the_style_is_the_one_that_its_hash_allows() -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", link_pages.preferences_page(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == link_pages.STYLE_SOURCE


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (link_pages.preferences_page(), ("List-Unsubscribe", "One-Click")),
        (link_pages.accept_page(JANA, LEAD), ("do", "accept")),
    ],
)
def test_a_page_that_asks_posts_to_its_own_address(source: str, answer: tuple[str, str]) -> None:
    (form,) = lxml_html.fromstring(source).xpath("//form")
    assert dict(form.attrib) == {"method": "post"}
    (button,) = form.xpath(".//button")
    assert (button.get("name"), button.get("value")) == answer


def test_a_page_that_tells_has_no_form() -> None:
    for source in (
        link_pages.unknown_link_page(),
        link_pages.unsubscribed_page(),
        link_pages.accepted_page(JANA, LEAD),
        link_pages.unavailable_lead_page(),
    ):
        assert "<form" not in source


def test_the_accept_page_says_who_why_hot_and_why_theirs_but_not_how_to_reach_them() -> None:
    page = lxml_html.fromstring(link_pages.accept_page(JANA, LEAD, "Route south"))
    facts = dict(
        zip(
            [dt.text_content() for dt in page.xpath("//dt")],
            [dd.text_content() for dd in page.xpath("//dd")],
            strict=True,
        )
    )
    assert facts == {
        "Name": "Jana Müller",
        "Company": "Müller & Söhne",
        "Country": "DE",
        "Asks for": "P-200",
        "Message": "40 pumps, please.",
        "Speaks for it": "More than 250 employees\nLooked at prices",
        "Why you": "Route south",
    }


def test_once_accepted_the_page_says_how_to_reach_the_person() -> None:
    page = lxml_html.fromstring(link_pages.accepted_page(JANA, LEAD))
    reached = {link.text: link.get("href") for link in page.xpath("//a")}
    assert reached == {
        "+4930123456": "tel:+4930123456",
        "jana@mueller.example": "mailto:jana@mueller.example",
    }


def test_an_address_cannot_add_to_the_mail_that_its_link_begins() -> None:
    odd = JANA.but(contact=JANA.contact.but(email="a?bcc=b&c%0a@mueller.example"))
    (link,) = lxml_html.fromstring(link_pages.accepted_page(odd, LEAD)).xpath(
        "//a[starts-with(@href,'mailto')]"
    )
    assert link.get("href") == "mailto:a%3Fbcc%3Db%26c%250a@mueller.example"


def test_what_is_not_known_has_no_row() -> None:
    empty = LEAD.but(interest=Interest(), score=Score(model="machines"))
    page = link_pages.accept_page(Person(contact=Contact()), empty)
    assert lxml_html.fromstring(page).xpath("//dt/text()") == ["Asks for"]


@given(st.text())
def test_nothing_a_lead_typed_becomes_markup(text: str) -> None:
    hostile = f"{text}\"'><script>alert(1)</script>{{{{ x }}}}"
    person = JANA.but(contact=JANA.contact.but(name=hostile, company=hostile))
    lead = LEAD.but(interest=Interest(message=hostile))
    for source in (
        link_pages.accept_page(person, lead, hostile),
        link_pages.accepted_page(person, lead),
        link_pages.unavailable_lead_page(hostile),
    ):
        tags = set(re.findall(r"<(\w+)", re.sub(r"(?s)<style>.*?</style>", "", source)))
        assert tags <= set("html head meta title body main h1 p dl dt dd a form button".split())  # noqa: SIM905


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("th,pl;q=0.5", "pl"),
        ("*", "en"),
        (None, "en"),
        ("DE", "de"),
        ("x" * 100_000, "en"),
    ],
)
def test_the_first_language_we_speak_is_spoken(header: str | None, language: str) -> None:
    assert link_pages.page_language(header) == language
