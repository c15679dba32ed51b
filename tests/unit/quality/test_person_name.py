import dataclasses
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nameparser import Lexicon

from leadloop.quality import person_name
from leadloop.quality.person_name import build_person_name

NOT_SPLIT = (None, None)
SPANISH = frozenset({"MX", "es"})


def split(full: str, spoken: frozenset[str] = frozenset()) -> tuple[str | None, str | None]:
    found = build_person_name(full, None, None, spoken)
    assert found.full == full
    return found.first, found.last


@pytest.mark.parametrize(
    "full",
    [
        "King Tawiah Addo",
        "Saint Rivera Cruz",
        "Baron Lee Hill",
        "Judge Moses Okafor",
        "Sultana Begum Rahman",
        "Giani Bianchi Russo",
        "Prior Alan Stone",
        "Dean Miller Brown",
    ],
)
def test_a_given_name_that_is_a_title_too_stays(full: str) -> None:
    assert split(full) in {NOT_SPLIT, tuple(full.rsplit(maxsplit=1))}


@pytest.mark.parametrize(
    "full",
    [
        "ANNA L MA",
        "NGOZI ADA OBI",
        "LUIS R CARO",
        "MARIA P DO",
        "EDITH BROWN MRS",
        "Karl Roth Dr.",
        "Roth Karl Prof.",
        "Jan Novotný Ing.",
        "Eva Huber Mag.",
        "Anna Stein B.Eng.-Ing.",
        "Grace Lee Cpa",
    ],
)
def test_a_title_or_degree_at_the_end_makes_no_certain_split(full: str) -> None:
    assert split(full) == NOT_SPLIT


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Dr. Eva Roth", "Eva", "Roth"),
        ("Prof. Dr. Eva Roth", "Eva", "Roth"),
        ("Dipl.-Ing. Eva Roth", "Eva", "Roth"),
        ("Herr Ole Krug", "Ole", "Krug"),
        ("Mme Claire Petit", "Claire", "Petit"),
        ("Señora Ana Ruiz", "Ana", "Ruiz"),
        ("Mgr. Jana Malá", "Jana", "Malá"),
        ("Rev. Tom Hill", "Tom", "Hill"),
        ("Tom Hill Jr.", "Tom", "Hill"),
        ("Tom Hill Sr", "Tom", "Hill"),
        ("Tom Hill III", "Tom", "Hill"),
        ("Eva Roth Ph.D.", "Eva", "Roth"),
        ("Hill, Tom", "Tom", "Hill"),
        ("J. R. R. Hill", "J. R. R.", "Hill"),
        ("Wei Ma", "Wei", "Ma"),
        ("Peter Ing", "Peter", "Ing"),
        ("Maria van den Berg", "Maria", "van den Berg"),
    ],
)
def test_a_certain_title_is_no_part_of_the_name(full: str, first: str, last: str) -> None:
    assert split(full) == (first, last)


@pytest.mark.parametrize(
    ("full", "language"),
    [
        ("Petit Claire Me", "fr"),
        ("Petit Claire M", "fr"),
        ("Vega Luna Lic", "es"),
        ("Berti Nino Arch", "it"),
        ("Krug Ole Ing", "de"),
    ],
)
def test_a_title_of_the_persons_language_behind_the_name_makes_no_certain_split(
    full: str, language: str
) -> None:
    assert split(full, frozenset({language})) == NOT_SPLIT


def test_behind_the_name_a_title_of_another_language_is_a_name() -> None:
    assert split("Mei Lin Pan", frozenset({"en", "US"})) == ("Mei Lin", "Pan")
    assert split("Mei Pan", frozenset({"pl"})) == ("Mei", "Pan")


@pytest.mark.parametrize(
    "full", ["Rosa Elena Vega Luna", "Luis Vega Luna", "Ana Belén Ortiz", "José de la Cruz Peña"]
)
def test_where_two_surnames_are_usual_three_words_are_not_certain(full: str) -> None:
    assert split(full, SPANISH) == NOT_SPLIT


def test_where_two_surnames_are_usual_two_words_are_certain() -> None:
    assert split("Ana Ortiz", SPANISH) == ("Ana", "Ortiz")
    assert split("Rosa Elena Vega Luna") == NOT_SPLIT  # four words, whoever speaks


def words_of_the_library() -> set[str]:
    """All words of one alphabet that it takes for anything but a name."""
    values = (getattr(Lexicon.default(), field.name) for field in dataclasses.fields(Lexicon))
    words = {word for value in values if isinstance(value, frozenset) for word in value}
    return {word for word in words if len(word) > 1 and word.isalpha() and is_latin(word)}


def is_latin(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in word)


def test_the_words_beside_names_are_those_of_the_library() -> None:
    assert {person_name._fold(word) for word in words_of_the_library()} <= (
        person_name._beside_names()
    )


LETTERS = st.text("aeimnorsöłßıçII", min_size=1, max_size=7)


@given(LETTERS, LETTERS)
def test_two_words_are_split_without_the_library_as_it_splits_them(left: str, right: str) -> None:
    for full in (f"{left} {right}", f"{left} {right}".title(), f"{left} {right}".upper()):
        without_library = person_name._split_plain(full)
        assert without_library in {None, person_name._split_name(full, 3)}


@pytest.mark.parametrize("particle", sorted(person_name._words("particles")))
def test_a_particle_belongs_to_the_family_name_as_the_library_has_it(particle: str) -> None:
    for full in (f"Ana {particle} Rosa", f"Ana {particle} der Rosa", f"ANA de {particle} ROSA"):
        assert person_name._split_plain(full) == person_name._split_name(full, 2)


def test_two_plain_words_need_no_library() -> None:
    assert person_name._split_plain("Marlene Brückner") == ("Marlene", "Brückner")
    assert person_name._split_plain("Marlene von") is None
    assert person_name._split_plain("Dr Brückner") is None
    assert person_name._split_plain("Marlene Brückner-Voß") is None
