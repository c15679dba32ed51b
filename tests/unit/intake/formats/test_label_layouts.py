"""Mails as form plug-ins, portals and mail programs lay them out, in several languages."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource

WHO = ("Ada Byron", "ada@byron.example", "202-555-0146")
Read = Callable[..., Any]


@pytest.fixture
def read(drop: MailSource) -> Read:
    def reading(text: str = "", markup: str = "", **more: Any) -> Any:
        message = EmailMessage()
        message["From"] = more.pop("sender", "Forms <forms@site.example>")
        message["Subject"] = more.pop("subject", "New inquiry")
        message.set_content(text)
        if markup:
            message.add_alternative(markup, subtype="html")
        for name, data in more.items():
            message.add_attachment(
                data.encode(), maintype="application", subtype="octet-stream",
                filename=name.replace("_", "."),
            )  # fmt: skip
        return read_prospects(open_mail(message.as_bytes()), drop)

    return reading


def who(prospect: Any) -> tuple[str | None, str | None, str | None]:
    contact = prospect.parts.contact
    full = " ".join(filter(None, (contact.first_name, contact.last_name)))
    return contact.name or full, contact.email, contact.phone


PAIRS = tuple(zip(("Name", "Email", "Phone"), WHO, strict=True))
CELLS = "<tr><td>{}</td><td>{}</td></tr>"


@pytest.mark.parametrize(
    "markup",
    [
        "<table>" + "".join(map(CELLS.format, ("Name", "Email", "Phone"), WHO)) + "</table>",
        "<table>"  # Gravity Forms: a row for the label, a row for its value
        + "".join(
            f"<tr bgcolor='#EAF2FA'><td colspan=2><font><strong>{label}</strong></font></td></tr>"
            f"<tr><td width=20>&nbsp;</td><td><font>{value}</font></td></tr>"
            for label, value in PAIRS
        )
        + "</table>",
        "".join(f"<p><b>{a}:</b> {b}</p>" for a, b in PAIRS),
        "".join(f"<p><b>{a}</b> {b}</p>" for a, b in PAIRS),
        "".join(f"<div><span>{a}</span><span>{b}</span></div>" for a, b in PAIRS),
        "".join(f"<div><div>{a}</div><div>{b}</div></div>"
                for a, b in zip(("Your name", "E-mail", "Phone number"), WHO, strict=True)),
        "<dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>"
                         for a, b in PAIRS) + "</dl>",
        "<table><tr><th>Name</th><th>Email</th><th>Phone</th></tr><tr>"
        + "".join(f"<td>{value}</td>" for value in WHO) + "</tr></table>",
        "<table><tr>" + "".join(f"<td><b>{a}:</b></td><td>{b}</td>" for a, b in PAIRS[:2])
        + f"</tr><tr><td><b>Phone:</b></td><td>{WHO[2]}</td><td></td><td></td></tr></table>",
        "<table>" + "".join(f"<tr><td>{a}:<br><b>{b}</b></td></tr>"
                            for a, b in PAIRS) + "</table>",
    ],
)  # fmt: skip
def test_the_person_is_found_however_the_table_is_made(read: Read, markup: str) -> None:
    (prospect,) = read("See the HTML version.", markup)
    assert who(prospect) == WHO
    assert prospect.doubts == ()


@pytest.mark.parametrize(
    "labels",
    [
        ("Vollständiger Name", "E-Mail-Adresse", "Telefonnummer"),
        ("Nom et prénom", "Adresse e-mail", "Téléphone portable"),
        ("Nombre y apellidos", "Correo electrónico", "Teléfono móvil"),
        ("Nome e cognome", "Indirizzo e-mail", "Cellulare"),
        ("Nome completo", "Endereço de e-mail", "Telemóvel"),
        ("Imię i nazwisko", "Adres e-mail", "Numer telefonu"),
        ("Volledige naam", "E-mailadres", "Telefoonnummer"),
        ("Fullständigt namn", "E-post", "Mobilnummer"),
        ("Jméno a příjmení", "E-mail", "Telefonní číslo"),
        ("Ad Soyad", "E-posta", "Cep telefonu"),
        ("ФИО", "Электронная почта", "Телефон"),
        ("お名前", "メールアドレス", "電話番号"),
        ("姓名", "邮箱", "手机"),
    ],
)
@pytest.mark.parametrize("form", ["{}: {}", "{} : {}", "*{}*: {}", "{}：{}", "- {} (*): {}"])
def test_labels_of_many_languages_are_understood(
    read: Read, labels: tuple[str, ...], form: str
) -> None:
    lines = [form.format(label, value) for label, value in zip(labels, WHO, strict=True)]
    (prospect,) = read("\n".join(lines))
    assert who(prospect) == WHO


@pytest.mark.parametrize(
    "others",
    [
        "Agent: Bob Smith\nPhone: 800-555-0100\nEmail: bob@agency.example\n",
        "Assigned to: Bob\nMobile: 800-555-0100\n",
        "Dealer information:\nName: Best Cars\nPhone: 800-555-0100\n",
        "Your dealer\nName: Best Cars\nEmail: desk@cars.example\n",
        "Händler: Autohaus Nord\nTelefon: 040 555 0100\n",
    ],
)
def test_an_agents_or_dealers_contact_is_never_the_persons(read: Read, others: str) -> None:
    person = f"Customer information:\nName: {WHO[0]}\nEmail: {WHO[1]}\n"
    for text in (f"{others}\n{person}", f"{person}\n{others}"):
        (prospect,) = read(text)
        assert who(prospect) == (*WHO[:2], None)
    (alone,) = read(others)
    assert alone.parts.contact.phone is None
    assert alone.parts.contact.email is None
    assert alone.doubts


def test_json_in_the_body_is_read_whatever_its_casing(read: Read) -> None:
    (prospect,) = read(
        '{"listing": {"contact": {"phone": "800-555-0100"}}, '
        '"lead": {"contact": {"firstName": "Ada", "last_name": "Byron", "emailAddress": "'
        + WHO[1] + '", "phone-number": "' + WHO[2] + '"}, "dealer": {"email": "d@cars.example"}}}'
    )  # fmt: skip
    assert who(prospect) == WHO
    assert prospect.parser.startswith("json/")


def test_json_of_lists_of_addresses_and_numbers_is_read(read: Read) -> None:
    (prospect,) = read(
        f'{{"name": "{WHO[0]}", "emails": ["{WHO[1]}"],'
        f' "phones": [{{"type": "mobile", "number": "{WHO[2]}"}}]}}'
    )
    assert who(prospect) == WHO


def test_a_number_that_json_calls_one_has_lost_its_plus_or_zero(read: Read) -> None:
    (prospect,) = read('{"name": "Ada Byron", "phone": 33612345678.0}')
    assert prospect.parts.contact.phone == "33612345678"
    assert [doubt.code for doubt in prospect.doubts] == ["phone_as_number"]


def test_json_of_questions_and_answers_is_read(read: Read) -> None:
    (prospect,) = read(
        "See attachment",
        lead_json='{"answers": [{"question": "Full name", "answer": "Ada Byron"}, {"question":'
        ' "E-mail", "answer": "ada@byron.example"}, {"question": "Phone", "answer": '
        '"202-555-0146"}]}',
    )
    assert who(prospect) == WHO


def test_each_row_of_a_csv_attachment_is_a_person(read: Read) -> None:
    first, second = read(
        "Your leads of today are attached.",
        leads_csv="Name;E-Mail;Telefon\nAda Byron;ada@byron.example;202-555-0146\n"
        "Bob;bob@b.example;\n",
    )
    assert who(first) == WHO
    assert who(second)[1] == "bob@b.example"
    assert first.parser.startswith("rows/")


def test_an_upload_that_names_somebody_else_is_a_doubt_not_a_person(read: Read) -> None:
    text = f"Name: {WHO[0]}\nEmail: {WHO[1]}\n"
    upload = (
        "<adf><prospect><customer><contact><name part='full'>Boss</name>"
        "<email>boss@other.example</email></contact></customer></prospect></adf>"
    )
    for prospects in (
        read(text, lead_xml=upload),
        read(text, leads_csv="Name,Email\nBoss,boss@other.example\n"),
        read(text, lead_json='{"name": "Boss", "email": "boss@other.example"}'),
    ):
        assert all("two_persons" in {d.code for d in p.doubts} for p in prospects)


def test_the_same_person_in_text_and_attachment_is_one(read: Read) -> None:
    adf = (
        f"<adf><prospect><customer><contact><name part='full'>{WHO[0]}</name>"
        f"<email>{WHO[1]}</email></contact></customer></prospect></adf>"
    )
    (prospect,) = read(f"Name: {WHO[0]}\nEmail: {WHO[1].upper()}\n", lead_xml=adf)
    assert prospect.doubts == ()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Your weekly report", "Leads: 12\nCalls: 3\n"),
        ("Invoice 2026-11", "Invoice number: 12\nTotal: 40.00\n"),
        ("Our spring offers", "Hello,\n\ncall us at 800-555-0100 or write to shop@x.example\n"),
    ],
)
def test_what_is_no_inquiry_names_nobody(read: Read, subject: str, text: str) -> None:
    (prospect,) = read(text, subject=subject)
    assert prospect.parts.contact.model_dump(exclude_none=True) == {}
    assert prospect.doubts


def test_what_the_vendor_calls_spam_is_held_back(read: Read) -> None:
    (prospect,) = read(f"This submission was marked as spam.\nName: Ada\nEmail: {WHO[1]}\n")
    assert [doubt.code for doubt in prospect.doubts] == ["spam"]
