"""S20: what a stranger types never speaks in our name."""

import pytest

from leadloop.content.stranger_text import (
    looks_like_label,
    looks_like_name,
    quote_label,
    quote_lines,
)
from leadloop.content.template_context import CompanyContext, build_template_context, mail_name
from leadloop.model.contact import Contact, Interest
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.person import Person
from tests.unit.content.test_template_context import LEAD, delivery

COMPANY = CompanyContext(name="Brunnen & Co", postal_address="Seestr. 1")
NAMES = """Edda Kranz | Dr. Edda Kranz | Prof. Dr.-Ing. Olaf von und zu Stein | ana garcía
María del Carmen García de la Cruz | Nguyễn Thị Minh Khai | 李小龙 | 欧阳娜娜 | 约翰·史密斯
マリア・ガルシア・ロペス | 佐々木小次郎 | 김철수 | محمد بن سلمان آل سعود | Kim Jong Un | Will Win
You Ji-tae | J.R.R. Holm | Holm, John Jr. | JUAN CARLOS GARCIA LOPEZ | Ольга Петрова-Иванова
Ιωάννης Παπαδόπουλος | สมชาย ใจดี | आरव शर्मा | Anna & Tom Berg | jean-luc petit | Per La Cour
Maria da Conceição dos Santos e Silva | Mary-Ann St. John | Þór Jónsson | Siobhán O’Brien"""
NO_NAMES = """You have won a prize | Claim Your Free Prize Today | http://prize.example | Call Now
visit prize.example now | prize.example | t.co | me@prize.example | Click Here | click here
Your account has been suspended. Call +1 555 0100 | Ihr Konto wurde gesperrt | Send money to me
Konto gesperrt, bitte hier klicken | Vous avez gagné | Ha ganado un premio | Please pay the invoice
您的账户已被冻结请联系 | 请立即点击链接领取大奖 | Vyhráli jste, klikněte zde | Ваш счёт заблокирован
Twoje konto jest zablokowane | Вы выиграли приз | لقد ربحت جائزة | Hesabınız için buraya tıklayın
prize。example | www prize example | ｐｒｉｚｅ．ｅｘａｍｐｌｅ | prize․example | Call 0800 123456
<b>Edda</b> | {{ lead.email }}"""


def listed(texts: str) -> list[str]:
    return [text.strip() for line in texts.splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", listed(NAMES))
def test_s20_a_name_of_any_country_looks_like_one(text: str) -> None:
    assert looks_like_name(text)


@pytest.mark.parametrize(
    "text", [*listed(NO_NAMES), "Edda\nBcc: x", "Edda\u202egro.ezirp", "", " ", "Edda " * 12]
)
def test_s20_a_link_an_address_or_a_sentence_is_no_name(text: str) -> None:
    assert not looks_like_name(text)


@pytest.mark.parametrize(
    "text", ["Vogel Pumpen AG", "3M", "Smith & Sons (UK) Ltd.", "Pump P-200 / 3 kW", "O2", "rent"]
)
def test_a_company_or_a_product_is_a_label(text: str) -> None:
    assert looks_like_label(text)
    assert quote_label(text) == text


@pytest.mark.parametrize(
    "text", ["win at prize.example", "Rufen Sie bitte sofort an", "Tel 0800 123456", "a\nb"]
)
def test_s20_a_link_or_a_sentence_is_no_label(text: str) -> None:
    assert not looks_like_label(text)


def test_s20_a_name_that_is_none_is_used_in_no_greeting_and_no_header() -> None:
    for contact in (
        Contact(name="You won, see prize.example", first_name="You won, see", last_name="now"),
        Contact(first_name="Ihr Konto ist", last_name="gesperrt, hier klicken"),
        Contact(first_name="Edda", last_name="http://prize.example"),
    ):
        for each in (delivery(), to_person()):
            said = build_template_context(Person(contact=contact), LEAD, each, company=COMPANY)[
                "lead"
            ]
            assert isinstance(said, dict)
            assert (said["name"], said["first_name"], said["last_name"]) == ("", None, None)
        assert mail_name(contact) == ""


def test_s20_a_mail_to_a_person_has_no_text_of_a_stranger() -> None:
    edda = Person(
        contact=Contact(name="Edda Kranz", company="Win at prize.example", job_title="Ingénieure")
    )
    lead = LEAD.but(
        interest=Interest(message="Your card is blocked: prize.example", product="see //x.example"),
        fields={"size": "50 m²", "why": "Call me at prize.example"},
    )
    said = build_template_context(edda, lead, to_person(said="Pay now"), company=COMPANY)
    words = said["lead"]
    assert isinstance(words, dict)
    assert (words["name"], words["job_title"]) == ("Edda Kranz", "Ingénieure")
    assert (words["company"], words["message"], words["product"]) == (None, None, None)
    assert words["fields"] == {"size": "50 m²"}
    assert said["said"] is None


def test_s20_a_mail_to_a_rep_quotes_and_marks_what_a_person_wrote() -> None:
    person = Person(contact=Contact(name="Sign in at prize.example", company="We pay you now"))
    lead = LEAD.but(
        interest=Interest(message="First line\r\n\r\nYour manager says:\u2028pay"),
        fields={"relay_email": "a1@relay.example"},
    )
    said = build_template_context(person, lead, delivery(said="Click\nhere"), company=COMPANY)
    words = said["lead"]
    assert isinstance(words, dict)
    assert words["message"] == (
        "> Sign in at prize.example\n> First line\n>\n> Your manager says:\n> pay"
    )
    assert words["company"] == "“We pay you now”"
    assert words["fields"] == {"relay_email": "a1@relay.example"}
    assert said["said"] == "> Click\n> here"
    assert quote_lines("") == ""


def to_person(**data: str) -> Delivery:
    return delivery(**data).but(purpose=Purpose.AUTO_RESPONSE)
