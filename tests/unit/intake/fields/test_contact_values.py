"""What stands around an address or a number in its field."""

import pytest

from leadloop.intake.fields.contact_values import clean_address, first_phone
from leadloop.intake.fields.mapping import build_parts


@pytest.mark.parametrize(
    "text",
    [
        "eva@lang.example\u200b\u200d",
        "\ufeff\u2066eva@lang.example\u2069",
        "\xa0eva@lang.example\xa0",
        "\u200eeva@lang.example",
        "MAILTO:eva@lang.example?subject=Hallo",
        "<mailto:eva@lang.example>",
        "«eva@lang.example»",
        "(eva@lang.example)",
        "eva@lang.example,",
        "eva＠lang.example",
        "ｅｖａ＠ｌａｎｇ．ｅｘａｍｐｌｅ",
        "'eva@lang.example'",
        "eva@lang.example>",
        "eva@lang.example 。",
        "「eva@lang.example」、",
        "[eva@lang.example](mailto:eva@lang.example)",
        "[eva@lang.example](mailto:eva@lang.example?subject=Hallo)",
        "[E-Mail](mailto:eva@lang.example)",
        "E-Mail: eva@lang.example",
        "Courriel : eva@lang.example",
        "メール：eva@lang.example",
        "*Email:* eva@lang.example",
    ],
)
def test_signs_around_an_address_are_no_part_of_it(text: str) -> None:
    assert clean_address(text).value == "eva@lang.example"


@pytest.mark.parametrize("text", ["eva@lang.example, bob@lang.example", "eva at lang.example", "-",
     "Betreff: eva@lang.example", "[eva@lang.example](mailto:bob@lang.example)"])  # fmt: skip
def test_what_is_not_one_address_stays_as_it_is(text: str) -> None:
    assert clean_address(text).value == text


def test_the_name_beside_an_address_is_the_persons_if_no_other_is_given() -> None:
    parts, _ = build_parts({"contact.email": '"Lang, Eva" <eva@lang.example>'})
    assert (parts.contact.email, parts.contact.name) == ("eva@lang.example", "Lang, Eva")
    parts, _ = build_parts({"contact.email": "Eva (Lang AG) <eva@lang.example>"})
    assert parts.contact.name == "Eva (Lang AG)"
    named = {"contact.email": "Büro Lang <eva@lang.example>", "contact.name": "Eva Lang"}
    parts, _ = build_parts(named)
    assert (parts.contact.name, parts.fields) == ("Eva Lang", {"email_name": "Büro Lang"})


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("0664 5550121 (nur vormittags)", "0664 5550121", "nur vormittags"),
        ("06 55 50 01 21 ou 01 55 50 01 22", "06 55 50 01 21", "ou 01 55 50 01 22"),
        ("202-555-0121 / 310-555-0122", "202-555-0121", "310-555-0122"),
        ("+34 91 555 01 21; +34 91 555 01 22", "+34 91 555 01 21", "+34 91 555 01 22"),
        ("Mobil: 0171 5550121", "0171 5550121", "Mobil"),
        ("030 5550121 Durchwahl 7", "030 5550121", "Durchwahl 7"),
        ("2 mal klingeln 0171 5550121", "0171 5550121", "2 mal klingeln"),
        ("(030) 555 01 21 Büro", "(030) 555 01 21", "Büro"),
        ("0664 5550121 0665 5550122", "0664 5550121", "0665 5550122"),
        ("0655500121 0155500122", "0655500121", "0155500122"),
        ("06 55 50 01 21 01 55 50 01 22", "06 55 50 01 21", "01 55 50 01 22"),
        ("202-555-0121 310-555-0122", "202-555-0121", "310-555-0122"),
        ("(202) 555-0121 (310) 555-0122", "(202) 555-0121", "(310) 555-0122"),
        ("0664 5550121\n0665 5550122 Eva", "0664 5550121", "0665 5550122 Eva"),
        ("0664 5550121 0665 5550122 0666 5550123", "0664 5550121", "0665 5550122 0666 5550123"),
        ("030 5550121 ext. 7", "030 5550121", "ext. 7"),
        ("202.555.0121 x 44", "202.555.0121", "x 44"),
        ("202-555-0121x12", "202-555-0121", "x12"),
        ("202-555-0121, ext 7 (Eva)", "202-555-0121", "ext 7 (Eva)"),
        ("0664 5550121 od 0665 5550122 (Mann)", "0664 5550121", "od 0665 5550122 (Mann)"),
        ("privat (0664 5550121)", "(0664 5550121)", "privat"),
        ("0664 5550121 – frag nach „Eva“", "0664 5550121", "– frag nach „Eva“"),
    ],
)
def test_the_first_number_of_a_field_counts_and_the_rest_is_kept(
    text: str, number: str, rest: str
) -> None:
    assert first_phone(text) == (number, rest)
    parts, _ = build_parts({"contact.phone": text})
    assert parts.contact.phone == number
    assert rest in parts.fields.values()


@pytest.mark.parametrize(
    "text",
    ["030/555 01 21", "+49 (0)30 5550121", "030 5550121-12", "1-800-FLOWERS",
     "0171 555****", "0171 555-XX-21", "0171 5550121O", "0171/5550121", "202-555-0121 xxx",
     "01715550121017155501220", "0171 5550121 03 04 05550122", "keines"],
)  # fmt: skip
def test_a_number_that_is_whole_or_cannot_be_told_apart_stays(text: str) -> None:
    assert first_phone(text) == (text, "")
