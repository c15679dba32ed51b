"""Answers for which no field of ours and no known label exists."""

import pytest

from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.formats.own_answers import OwnAnswers, name_of_label

PERSON = "Name: Mia Holt\nMobile: 202-555-0177\n"


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("How many seats: 12", "how_many_seats", "12"),
        ("Wie viele Zelte?: zwölf", "wie_viele_zelte", "zwölf"),
        ("Nombre d'invités : 30", "nombre_d_invités", "30"),
        ("¿Cuántas sillas?: 8", "cuántas_sillas", "8"),
        ("Сколько мест: 5", "сколько_мест", "5"),
        ("席数：五", "席数", "五"),
        ("Time: 2 pm – 4 pm", "time", "2 pm – 4 pm"),
        ("Seats\x1f12", "seats", "12"),
        ("Which day: Friday", "which_day", "Friday"),
        ("Stock number: Z-9", "stock", "Z-9"),
    ],
)
def test_an_answer_is_an_own_field_by_its_label(line: str, name: str, value: str) -> None:
    found = read_labels(f"{PERSON}{line}\n", {})
    kept = {**found.own, "stock": found.values.get("fields.stock", "")}
    assert kept[name] == value


@pytest.mark.parametrize("label", ["Work phone", "Telefon privat", "Tél. fixe", "Telefono"])
def test_a_second_number_is_kept(label: str) -> None:
    found = read_labels(f"{PERSON}{label}: 202-555-0188\n", {})
    assert found.values["contact.phone"] == "202-555-0177"
    assert found.own == {"other_phones": "202-555-0188"}


def test_a_second_number_below_the_same_label_may_be_another_persons() -> None:
    found = read_labels(f"{PERSON}Mobile: 202-555-0188\n", {})
    assert (dict(found.own), found.ignored) == ({}, ("Mobile",))


def test_a_second_value_of_another_label_is_kept() -> None:
    found = read_labels("Comments: two tents\nNotes: and a lamp\n", {})
    assert "and a lamp" in found.values["interest.message"] or found.own == {"notes": "and a lamp"}


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Product: tent\nProduct: lamp\n", "tent, lamp"),
        ("Produkt: Zelt\n\nProdukt: Lampe\n", "Zelt, Lampe"),
        ("Service\x1fPaint\nService\x1fSand\nService\x1fPaint\n", "Paint, Sand"),
        ("Produit : tente\nProduit : lampe\n", "tente, lampe"),
    ],
)
def test_several_ticks_of_one_question_stay_together(text: str, product: str) -> None:
    assert read_labels(text, {}).values["interest.product"] == product


def test_several_ticks_of_an_unknown_question_stay_together() -> None:
    assert read_labels("Extras: lamp\nExtras: rope\n", {}).own == {"extras": "lamp, rope"}


def test_another_partys_answers_are_named_and_not_kept() -> None:
    found = read_labels(f"{PERSON}Your dealer: Rob Hill\nAgent: Sue\n", {})
    assert (dict(found.own), found.ignored) == ({}, ("Your dealer", "Agent"))


def test_no_label_makes_a_field_that_means_something_to_us() -> None:
    found = read_labels("Relay email: x@y.example\n", {})
    assert (dict(found.own), found.ignored) == ({}, ("Relay email",))


def test_what_finds_no_room_is_named() -> None:
    answers = OwnAnswers()
    answers.add("Long", "x" * 501)
    for number in range(50):
        answers.add(f"Question {number}", "y")
    kept, ignored = answers.collect()
    assert len(kept) == 40
    assert (ignored[0], len(ignored)) == ("Long", 11)


def test_a_field_is_named_by_the_letters_of_its_label() -> None:
    assert name_of_label("📌 *How many?* ") == "how_many"
    assert name_of_label("***") == ""
    assert len(name_of_label("x" * 200)) == 60


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("What do you need?: a tent\nand a lamp\n", "what_do_you_need", "a tent, and a lamp"),
        ("Extras:\n- lamp\n- rope\n", "extras", "lamp, rope"),
        ("Zubehör:\n☑ Lampe\n☑ Seil\n", "zubehör", "Lampe, Seil"),
        ("Options :\n• lampe\n• corde\n\nBlue sky\n", "options", "lampe, corde"),
    ],
)
def test_an_answer_of_several_lines_is_kept_whole(text: str, name: str, value: str) -> None:
    assert read_labels(f"{PERSON}{text}", {}).own[name] == value


def test_ticks_below_the_products_label_stay_together() -> None:
    found = read_labels(f"{PERSON}Product:\n- tent\n- lamp\n", {}).values
    assert found["interest.product"] == "tent, lamp"


def test_where_values_stand_below_a_short_line_is_a_question() -> None:
    text = "Name\n\nMia Holt\n\nEmail\n\nmia@holt.example\n\nConsent\n\nI agree to all.\n"
    assert read_labels(text, {}).own == {"consent": "I agree to all."}
    text = "NAME\nMia Holt\n\nSEATS\n12\n\nPHONE\n202-555-0177\n"
    found = read_labels(text, {})
    assert found.own == {"seats": "12"}
    assert found.values["contact.phone"] == "202-555-0177"


def test_a_question_below_the_person_may_be_another_name() -> None:
    text = "NAME\nMia Holt\n\nEMAIL\nmia@holt.example\n\nRob Hill\nPhone: 202-555-0188\n"
    assert "contact.phone" not in read_labels(text, {}).values


@pytest.mark.parametrize(
    ("label", "paragraphs"),
    [
        ("Zusatzangaben XY", ["Guten Tag,", "wir bauen im Mai um.", "Bitte vormittags anrufen."]),
        ("Extra Q", ["Hello,", "we move in June.", "Mornings suit us best."]),
        ("Divers Z", ["Bonjour,", "nous ouvrons en juin.", "Appelez le matin."]),
        ("Прочее Q", ["Здравствуйте,", "переезжаем в июне.", "Лучше утром."]),
    ],
)
def test_paragraphs_below_an_unknown_label_are_all_kept(label: str, paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    found = read_labels(f"{PERSON}\n{label}:\n{text}\n", {})
    kept = " ".join((*found.own.values(), *found.values.values()))
    assert all(paragraph in kept for paragraph in paragraphs)
