"""An address in one text is split only where a country's form is certain."""

import pytest

from leadloop.intake.fields.postal_address import split_address


@pytest.mark.parametrize(
    ("text", "street", "postcode", "city"),
    [
        ("Lindenweg 5, 50667 Köln", "Lindenweg 5", "50667", "Köln"),
        ("12 rue des Lilas, 75011 Paris, France", "12 rue des Lilas", "75011", "Paris"),
        ("4 Elm Road, Leeds, LS8 1QD", "4 Elm Road", "LS8 1QD", "Leeds"),
        ("9 Elm Lane\x1dIlkley, West Yorkshire LS29 8TT", "9 Elm Lane", "LS29 8TT", "Ilkley"),
        ("77 Cedar Court, Boise, ID 83702", "77 Cedar Court", "83702", "Boise"),
        ("Kerkstraat 48, 3764 CT Soest", "Kerkstraat 48", "3764 CT", "Soest"),
        ("Ugglevägen 12, 434 37 Kungsbacka", "Ugglevägen 12", "434 37", "Kungsbacka"),
        ("12 Hill Road, Kochi - 682035, Kerala", "12 Hill Road", "682035", "Kochi"),
        ("Dorpsweg 8, Soest, 3764 CT, Nederland", "Dorpsweg 8", "3764 CT", "Soest"),
        ("Rua Azul, 31\nSantos, SP, 11010-150\nBrasil", "Rua Azul, 31", "11010-150", "Santos"),
        ("43-300 Bielsko-Biała", None, "43-300", "Bielsko-Biała"),
    ],
)
def test_an_address_is_split(text: str, street: str | None, postcode: str, city: str) -> None:
    parts = split_address(text)
    assert (parts.get("street"), parts["postcode"], parts["city"]) == (street, postcode, city)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Dorpsweg 8, Soest, 3764 CT, Nederland", "Nederland"),
        ("12 rue des Lilas\x1d75011 Paris\x1dFrance", "France"),
        ("Rua Azul, 31, Santos, SP, 11010-150, Brasil", "Brasil"),
        ("Via Roma 4, 10121 Torino, Gran Bretagna", "Gran Bretagna"),
        ("4 Elm Road, Leeds, LS8 1QD, West Yorkshire", None),
        ("Lindenweg 5, 50667 Köln, Hinterhaus", None),
    ],
)
def test_the_last_part_is_a_country_if_it_is_one(text: str, country: str | None) -> None:
    assert split_address(text).get("country") == country


def test_a_japanese_address_begins_with_its_postcode() -> None:
    parts = {"postcode": "150-0001", "street": "東京都渋谷区神宮前1-2-3"}
    assert split_address("〒150-0001 東京都渋谷区神宮前1-2-3") == parts


@pytest.mark.parametrize("text", ["Elm Tower, Dubai", "3 bd 2 ba", "東京都渋谷区1-2-3", "a" * 500])
def test_another_text_stays_as_it_is(text: str) -> None:
    assert split_address(text) == {}


@pytest.mark.parametrize(
    ("text", "city", "region"),
    [
        ("Via Po 4/B, Alta Emilia, RE, 42124", "Alta Emilia", "RE"),
        ("Via Po 4/B\nAlta Emilia, RE, 42124\nItalia", "Alta Emilia", "RE"),
        ("Calle Sol 3, Villa Alta, MD, 28013", "Villa Alta", "MD"),
        ("Rua Sol 3, Vila Alta, SP, 01310-100", "Vila Alta", "SP"),
    ],
)
def test_two_letters_between_town_and_postcode_are_the_region(
    text: str, city: str, region: str
) -> None:
    parts = split_address(text)
    assert (parts["city"], parts["region"]) == (city, region)
