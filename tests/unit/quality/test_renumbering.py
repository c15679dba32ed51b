"""Numbers that people saved years ago, before their country gave them new digits."""

import json
from datetime import date
from importlib.resources import files

import phonenumbers
import pytest

from leadloop.model.contact import Contact
from leadloop.quality.normalise import normalise_contact
from leadloop.quality.phone import parse_phone


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("01 33 3812 3456", "MX", "+523338123456"),
        ("045 81 8123 4567", "MX", "+528181234567"),
        ("+52 1 (81) 8123-4567", "DE", "+528181234567"),
        ("+52 044 33 3812 3456", "MX", "+523338123456"),
        ("5218181234567", "MX", "+528181234567"),
        ("0052 1 81 8123 4567", "US", "+528181234567"),
        ("011 52 1 81 8123 4567", "US", "+528181234567"),
        ("95 45 67 89", "BJ", "+2290195456789"),
        ("22995456789", "BJ", "+2290195456789"),
        ("tel: +229 21 30 12 34", "FR", "+2290121301234"),
        ("+57 (4) 345 6789", "CO", "+576043456789"),
        ("5 345 6789", "CO", "+576053456789"),
        ("(21) 8765-4321", "BR", "+5521987654321"),
        ("+55 21 9876-5432", "BR", "+5521998765432"),
        ("0 31 9123 4567", "BR", "+5531991234567"),
        ("+225 07 98 76 54", "CI", "+2250707987654"),
        ("05 12 34 56", "CI", "+2250505123456"),
        ("42 12 34 56", "CI", "+2250142123456"),
        ("+225 20 21 34 56", "FR", "+2252720213456"),
        ("+237 7712 3456", "CM", "+237677123456"),
        ("099 12 34 56", "CM", None),  # one digit more
        ("99 12 34 56", "CM", "+237699123456"),
        ("0123 456 7890", "VN", "+84834567890"),
        ("+84 168 345 6789", "DE", "+84383456789"),
        ("(04) 3825 1234", "VN", "+842438251234"),
        ("0511 382 1234", "VN", "+842363821234"),
        ("016 2345678", "EG", "+201062345678"),
        ("01 234 5678", "NG", "+2342012345678"),
        ("+234 9 234 5678", "NG", "+2342092345678"),
        ("08 765 4321", "EC", "+593987654321"),
        ("730 1234", "MU", "+23057301234"),
        ("07 45 67 89", "GA", "+24177456789"),
        ("+241 02.45.67.89", "FR", "+24162456789"),
        ("04 45 67 89", "GA", "+24174456789"),
        ("01 45 67 89", "GA", "+24111456789"),
        ("074 45 67 89", "GA", "+24174456789"),
        ("+241 77 45 67 89", "GA", "+24177456789"),
        ("06645678", "GA", "+24106645678"),  # or a number of today without its last digit
    ],
)
def test_an_old_number_has_one_new_number(text: str, region: str, e164: str | None) -> None:
    found = parse_phone(text, (region,))
    assert (found and found.e164) == e164


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("11 98765-432", "BR"),  # a number of today without its last digit
        ("1198765432", "BR"),
        ("222 12 34 5", "CM"),
        ("0101 234 567", "EG"),
        ("099 123 456", "EC"),
        ("1 555 163 7145", "MX"),  # 1 is also how the United States begin
        ("55 1234 567", "MX"),
        ("234 5678", "CO"),  # no area
        ("0171 555 0123", "GB"),  # London until 2000, but also a mobile of Germany
    ],
)
def test_a_digit_that_is_missing_is_not_made_up(text: str, region: str) -> None:
    assert parse_phone(text, (region,)) is None


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("55 5123 4567", "MX", "+525551234567"),
        ("01 97 12 34 56", "BJ", "+2290197123456"),
        ("(11) 3123-4567", "BR", "+551131234567"),
        ("(11) 7812-3456", "BR", "+551178123456"),  # a trunk radio, which kept its eight digits
        ("08 3823 4567", "VN", "+84838234567"),
    ],
)
def test_a_number_of_today_stays_as_it_is(text: str, region: str, e164: str) -> None:
    found = parse_phone(text, (region,))
    assert found is not None
    assert found.e164 == e164


def test_the_rule_is_that_of_the_persons_country() -> None:
    luz = Contact(phone="044 33 3812 3456", country="México")
    assert normalise_contact(luz, "DE", "de").contact.phone == "+523338123456"
    koffi = Contact(phone="95 45 67 89", country="Togo")
    assert normalise_contact(koffi, "BJ", "fr").contact.phone != "+2290195456789"


def test_each_rule_names_its_day_and_source() -> None:
    text = files("leadloop.quality").joinpath("renumberings.json").read_text("utf-8")
    for region, rows in json.loads(text).items():
        assert phonenumbers.country_code_for_region(region)
        for row in rows:
            assert date.fromisoformat(row["since"]) < date(2026, 1, 1)
            assert row["source"]
