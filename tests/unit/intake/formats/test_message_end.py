"""What a person writes below a line with a colon is still theirs."""

import pytest

from leadloop.intake.formats.labelled_text import read_labels

TIGHT = "Name: Mia Holt\nEmail: mia@holt.example\n"
SPACED = "Name: Mia Holt\n\nEmail: mia@holt.example\n\n"
MESSAGE = "interest.message"


@pytest.mark.parametrize(
    "below",
    [
        "Two tents.\n\nP.S.: the gate is narrow.\nOne thing more: is there a lamp?\n\nMia",
        "Hello,\n\nDate: Sunday suits me best.\nQuestion: do you rent chairs too?",
        "Bonjour,\n\nDélai : avant la fin du mois, si possible.\nUne question : livrez-vous ?",
        "Hola:\n\nPresupuesto: no más de mil.\nOtra cosa: ¿hay aparcamiento?",
        "Dobrý den,\n\nTermín: nejlépe v pátek.\nMáte i židle?",
        "One more thing,\n\nImportant: no nuts",
        "We need:\n- two tents\n- a lamp",
    ],
)
def test_in_a_form_of_close_lines_what_comes_after_a_blank_is_the_persons(below: str) -> None:
    assert read_labels(f"{TIGHT}Message: {below}\n", {}).values[MESSAGE] == below


@pytest.mark.parametrize(
    "below",
    [
        "Two tents.\nPick-up: Sunday at ten would do.\nBudget: 90",
        "Two tents.\n\nPick-up: Sunday at ten.\nand a lamp",
        "Zwei Zelte.\nBudget: höchstens 90.\n\nBitte ohne Nüsse!",
        "Two tents.\n\nA last question: is it dry?",
        "Two tents.\n\nNB: ring twice",
    ],
)
def test_in_a_form_of_spaced_lines_what_stands_close_is_the_persons(below: str) -> None:
    assert read_labels(f"{SPACED}Message: {below}\n", {}).values[MESSAGE] == below


def test_a_known_label_in_the_persons_words_fills_its_field_as_well() -> None:
    found = read_labels(f"{SPACED}Message: Two tents.\nWhen: next Sunday.\n", {}).values
    assert found["interest.timeframe"] == "next Sunday."
    assert found[MESSAGE] == "Two tents.\nWhen: next Sunday."


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (f"{SPACED}Message: Two tents.\n\nHeard of us: Radio\n", "heard_of_us", "Radio"),
        (f"{TIGHT}Message: Two tents.\n\nCampaign: Spring\nArea: North\n", "area", "North"),
        (f"{TIGHT}Message: Two tents.\nBudget: 90\nWe wait for you.\n", "more_text",
         "We wait for you."),
        (f"{TIGHT}Message: Two tents.\nBudget: 90\nPhone: 202-555-0177\n", "more_text",
         "Phone: 202-555-0177"),
    ],
)  # fmt: skip
def test_what_ends_the_message_is_kept_in_an_own_field(text: str, name: str, value: str) -> None:
    found = read_labels(text, {})
    assert found.values[MESSAGE] == "Two tents."
    assert found.own[name] == value
    assert "contact.phone" not in found.values


def test_what_stands_below_a_footer_is_the_vendors() -> None:
    text = f"{TIGHT}Message: Two tents.\n\nManage submissions\nTents and More, Hill Road\n"
    found = read_labels(text, {})
    assert (found.values[MESSAGE], dict(found.own)) == ("Two tents.", {})


def test_a_label_with_its_value_below_ends_the_message_where_all_labels_do_so() -> None:
    text = "NAME\nMia Holt\n\nMESSAGE\nIs it dry?\n\nAbout your offer at:\n12 Hill Road\n"
    found = read_labels(text, {})
    assert found.values[MESSAGE] == "Is it dry?"
    assert found.own == {"about_your_offer_at": "12 Hill Road"}


def test_only_marks_round_the_whole_message_are_left_out() -> None:
    assert read_labels('Message: "Two tents"', {}).values[MESSAGE] == "Two tents"
    assert read_labels('Message: He said "two"', {}).values[MESSAGE] == 'He said "two"'
