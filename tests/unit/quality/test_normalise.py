from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.model.contact import Contact
from leadloop.policy.country import country_code, country_name
from leadloop.quality.email import is_one_typo, parse_email
from leadloop.quality.normalise import normalise_contact
from leadloop.quality.phone import parse_phone

TEXT = st.none() | st.text(max_size=40)
CONTACTS = st.builds(
    Contact,
    email=TEXT | st.emails(),
    phone=TEXT | st.text("+0123456789 ()-٠١٢٣٤٥٦٧٨٩", max_size=20),
    name=TEXT,
    first_name=TEXT,
    last_name=TEXT,
    company=TEXT,
    country=TEXT | st.sampled_from(["DE", "Deutschland", "usa", "Vietnam"]),
    language=TEXT,
)


@given(CONTACTS)
def test_cleaning_what_is_clean_changes_nothing(contact: Contact) -> None:
    once = normalise_contact(contact, "DE", "en").contact
    assert normalise_contact(once, "DE", "en").contact == once


@given(CONTACTS)
def test_what_is_refused_is_said(contact: Contact) -> None:
    cleaned = normalise_contact(contact, "DE", "en")
    codes = {reason.code for reason in cleaned.findings.reasons}
    assert (cleaned.findings.phone_valid is False) == ("phone_invalid" in codes)
    assert (cleaned.findings.email_valid is False) == ("email_invalid" in codes)
    assert (cleaned.contact.phone is not None) == (cleaned.findings.phone_valid is True)
    assert (cleaned.contact.email is not None) == (cleaned.findings.email_valid is True)


@pytest.mark.parametrize(
    ("text", "regions", "e164", "kind"),
    [
        ("030 12345678", ("DE",), "+493012345678", "fixed_line"),
        ("+49 (0)30 12345678", ("US",), "+493012345678", "fixed_line"),
        ("0049-30-12345678", ("DE",), "+493012345678", "fixed_line"),
        ("(202) 555-0146", ("US",), "+12025550146", "fixed_line_or_mobile"),
        ("tel:+44-7400-123456", ("DE",), "+447400123456", "mobile"),
        ("٠١٠٠ ١٢٣ ٤٥٦٧", ("EG",), "+201001234567", "mobile"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", ("IR",), "+989123456789", "mobile"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", ("TH",), "+66812345678", "mobile"),
        ("０９０-１２３４-５６７８", ("JP",), "+819012345678", "mobile"),
        ("0912 345 678", ("VN", "DE"), "+84912345678", "mobile"),
        ("512 345 678", ("PL",), "+48512345678", "mobile"),
    ],
)
def test_a_number_has_one_spelling(text: str, regions: Any, e164: str, kind: str) -> None:
    phone = parse_phone(text, regions)
    assert phone is not None
    assert (phone.e164, phone.type) == (e164, kind)


def test_the_persons_country_is_asked_before_the_sources() -> None:
    contact = normalise_contact(
        Contact(phone="0912 345 678", country="Việt Nam"), "DE", "de"
    ).contact
    assert (contact.phone, contact.country) == ("+84912345678", "VN")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("030 12345678", "Iceland"),  # a number of Berlin, but nothing says that she is there
        ("55 1234 567", "México"),  # a digit is missing
        ("8123-4567", "Brasil"),  # no area
        ("020 794 6001", "England"),
        ("06 98 76 54 3", "France"),
        ("912 345 67", "Portugal"),
        ("044 555 01 2", "Suisse"),
        ("555-0199", "Canada"),
        ("02 5550 123", "Australia"),
        ("0171 5550199", "Atlantis"),  # a country, though none that we know
    ],
)
def test_a_number_that_is_none_in_the_persons_country_is_not_read_in_the_sources(
    text: str, country: str
) -> None:
    cleaned = normalise_contact(Contact(phone=text, country=country), "DE", "de")
    assert cleaned.contact.phone is None
    assert f"“{text}”" in cleaned.findings.reasons[0].text


@pytest.mark.parametrize(
    ("text", "country", "e164"),
    [
        ("+49 30 12345678", "Iceland", "+493012345678"),
        ("0049 30 12345678", "US", "+493012345678"),  # where 011 is dialled, but 00 is as clear
        ("0033 6 98 76 54 32", "Japan", "+33698765432"),
        ("+354 555 0123", "Atlantis", "+3545550123"),
        ("030 12345678", None, "+493012345678"),
        ("030 12345678", "Germany", "+493012345678"),
    ],
)
def test_a_number_with_its_code_is_the_same_in_each_country(
    text: str, country: str | None, e164: str
) -> None:
    contact = normalise_contact(Contact(phone=text, country=country), "DE", "de").contact
    assert contact.phone == e164


@pytest.mark.parametrize(
    "text", ["12345", "call me", "+", "", "0" * 100, "+999 12345678", "1" * 59]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_phone(text, ("DE",)) is None


def test_an_invalid_phone_is_quoted_in_its_reason() -> None:
    cleaned = normalise_contact(Contact(phone="12345"), "DE", "de")
    assert cleaned.findings.reasons[0].text == "Phone “12345” is not a number of Germany"


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        (" Ada.Byron@Acme.Example.COM ", "ada.byron@acme.example.com"),
        ("ada+news@acme.com", "ada+news@acme.com"),
        ("Ada@googlemail.com", "ada@gmail.com"),
        ("jo\u0308rg@mu\u0308ller.de", "jörg@müller.de"),
        ("jörg@xn--mller-kva.de", "jörg@müller.de"),
        ("ada@acme", None),
        ("ada@@acme.com", None),
        ("ada@acme.com, bob@acme.com", None),
        ("ada@acme.com\r\nBcc: x@y.com", None),
        ("Ada <ada@acme.com>", None),
        ("ada@acme.com\n", None),
        ("<\u0338ada@acme.com", None),  # a bracket that composing would hide
        ("ș" * 60 + "@" + ".".join(["a" * 30] * 6) + ".com", None),  # more bytes than SMTP takes
        ("@acme.com", None),
        ("a" * 65 + "@acme.com", None),
        ("\ud800@acme.com", None),
        ("ada\0@acme.com", None),
        ("", None),
    ],
)
def test_an_address_has_one_normal_form(text: str, claimed: str | None) -> None:
    found = parse_email(text)
    assert (found.address if found else None) == claimed


def test_what_an_address_tells() -> None:
    findings = normalise_contact(Contact(email="Info@GMX.de"), "DE", "de").findings
    assert findings.free_mail
    assert findings.role_address
    assert not findings.disposable
    assert findings.email_domain == "gmx.de"


def test_an_address_to_throw_away_is_told() -> None:
    findings = normalise_contact(Contact(email="x@mailinator.com"), "DE", "de").findings
    assert findings.disposable
    assert [reason.code for reason in findings.reasons] == ["email_disposable"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmal.com", "a@gmail.com"),
        ("a@hotmial.com", "a@hotmail.com"),
        ("a@outlok.com", "a@outlook.com"),
        ("a@gmailo.com", "a@gmail.com"),
        ("a@mail.com", None),
        ("a@acme.com", None),
        ("a@gmail.com", None),
        ("a@gmx.at", None),
    ],
)
def test_one_slip_of_the_finger_is_suggested_never_changed(typed: str, meant: str | None) -> None:
    email = parse_email(typed)
    assert email is not None
    assert (email.address, email.suggestion) == (typed, meant)


def test_a_slip_is_not_taken_for_a_trick() -> None:
    email = parse_email("a@gmial.com")
    assert email is not None
    assert not email.disposable


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_one_slip_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert is_one_typo(one, other) == is_one_typo(other, one)


@given(st.text("abc", min_size=2, max_size=6), st.data())
def test_every_kind_of_slip_is_seen(word: str, data: Any) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for slipped in (swapped, word[:at] + word[at + 1 :], word[:at] + "z" + word[at:], f"{word}z"):
        assert slipped == word or is_one_typo(slipped, word)


@pytest.mark.parametrize(
    ("full", "country", "first", "last"),
    [
        ("Ada Byron", "GB", "Ada", "Byron"),
        ("LEE, ANN M.", "US", "ANN M.", "LEE"),
        ("Dr. Anna von der Heide", "DE", "Anna", "von der Heide"),
        ("Łukasz Żółć", "PL", "Łukasz", "Żółć"),
        ("Juan de la Vega", "ES", "Juan", "de la Vega"),
        ("Cher", "US", None, None),
        ("Mr. and Mrs. Smith", "US", None, None),
        ("Anna & Bob Smith", "US", None, None),
        ("Nguyễn Thị Ánh", "DE", None, None),
        ("Nguyen Van An", "VN", None, None),
        ("Nagy János", "HU", None, None),
        ("สมชาย ใจดี", "TH", None, None),
        ("محمد رضایی", "IR", None, None),
        ("می‌خواهم", "IR", None, None),
        ("山田 太郎", "JP", None, None),
        ("Пётр Чайковский", "RU", None, None),
        ("R2 D2", "US", None, None),
        ("x" * 5_000 + " y", "US", None, None),
    ],
)
def test_a_name_is_split_only_when_the_split_is_certain(
    full: Any, country: Any, first: Any, last: Any
) -> None:
    contact = normalise_contact(Contact(name=full, country=country), "DE", "en").contact
    assert (contact.name, contact.first_name, contact.last_name) == (full, first, last)


def test_parts_that_were_given_make_the_full_name() -> None:
    contact = normalise_contact(
        Contact(first_name="Ánh", last_name="Nguyễn", country="VN"), "DE", "en"
    ).contact
    assert contact.name == "Nguyễn Ánh"
    contact = normalise_contact(Contact(first_name="Ada", last_name="Byron"), "DE", "en").contact
    assert contact.name == "Ada Byron"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"),
        ("Österreich", "AT"),
        ("SUISSE", "CH"),
        ("España", "ES"),
        ("Polska", "PL"),
        ("U.S.A.", "US"),
        ("England", "GB"),
        ("ประเทศไทย", "TH"),
        ("ایران", "IR"),
        ("Việt Nam", "VN"),
        ("Tyskland", "DE"),
        ("Németország", "DE"),
        ("Γαλλία", "FR"),
        ("Мексика", "MX"),
        ("ブラジル", "BR"),
        ("墨西哥", "MX"),
        ("República Checa", "CZ"),
        ("Großbritannien", "GB"),
        ("Vereinigte Staaten von Amerika", "US"),
        ("GBR", "GB"),
        ("🇲🇽 México", "MX"),
        ("United Kingdom (UK)", "GB"),
        ("Germany (+49)", "DE"),
        ("FR - France", "FR"),
        ("Suisse / Schweiz / Svizzera", "CH"),
        ("Guinea-Bissau", "GW"),
        ("Wilmington, DE", None),
        ("Georgia, USA", None),  # a state or a country
        ("Atlantis", None),
        ("", None),
        ("XX", None),
    ],
)
def test_a_country_is_known_by_code_and_name(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_a_country_in_any_language_is_where_the_phone_is_read() -> None:
    contact = Contact(phone="06 98 76 54 32", country="Ranska")  # France, in Finnish
    assert normalise_contact(contact, "DE", "de").contact.phone == "+33698765432"


def test_a_country_nobody_knows_is_kept_as_given() -> None:
    assert normalise_contact(Contact(country="Atlantis"), "DE", "en").contact.country == "Atlantis"
    assert country_name("XX") == "XX"


def test_the_language_is_its_primary_tag() -> None:
    assert normalise_contact(Contact(language="pt_BR"), "DE", "en").contact.language == "pt"
