import pytest

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
    "full", ["Rosa Elena Vega Luna", "Luis Vega Luna", "Ana Belén Ortiz", "José de la Cruz Peña"]
)
def test_where_two_surnames_are_usual_three_words_are_not_certain(full: str) -> None:
    assert split(full, SPANISH) == NOT_SPLIT


def test_where_two_surnames_are_usual_two_words_are_certain() -> None:
    assert split("Ana Ortiz", SPANISH) == ("Ana", "Ortiz")
    assert split("Rosa Elena Vega Luna") == NOT_SPLIT  # four words, whoever speaks
