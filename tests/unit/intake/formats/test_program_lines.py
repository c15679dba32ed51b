"""What a form's program writes below a message is no part of it."""

import pytest

from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.formats.program_lines import program_lines_start

PERSON = "Name: Mia Holt\nEmail: mia@holt.example\nMessage: Two tents.\nIs it dry?\n"


@pytest.mark.parametrize(
    "below",
    [
        "\n---\n\nDate: May 1\nTime: 9:12\nPage URL: tents.example/?a=1\nRemote IP: 203.0.113.5",
        "\n--- \nDatum: 1. Mai\nUhrzeit: 9:12\nSeite: https://zelte.example\nPowered by: Formular",
        "\nSubmitted 10:01 AM - 01 May 2026\n--\nYou are receiving this because you asked for it.",
        "\n_____\nThis e-mail was sent from a form on tents.example",
        "\n--\nCet e-mail a été envoyé depuis tentes.example",
        "\n\nIP address: 203.0.113.5\nBrowser: Firefox",
        "\n====\nFecha: 1 de mayo\nHora: 9:12",
        "\n---\nIP-adres: 203.0.113.5\n\nPagina: https://tenten.example",
        "IP address: 203.0.113.5\nDate: May 1",
        "\nSource URL\n\nhttps://tents.example",
        "\n---\nPage\x1fhttps://tents.example\nUser agent\x1fFirefox",
    ],
)
def test_lines_of_the_program_end_the_message(below: str) -> None:
    found = read_labels(f"{PERSON}{below}\n", {})
    assert found.values["interest.message"] == "Two tents.\nIs it dry?"
    assert not found.own


def test_the_labels_of_the_program_are_named() -> None:
    assert read_labels(f"{PERSON}\n---\nUser Agent: x\nDate: y\n", {}).ignored == (
        "User Agent",
        "Date",
    )


@pytest.mark.parametrize(
    "below",
    [
        "---\nMia",
        "\n---\nDate: Sunday\nand bring a lamp",
        "\n--\nMia Holt\nTents for all",
        "\nI saw it on\nbrowser: Firefox",
        "---",
    ],
)
def test_a_line_of_dashes_above_the_persons_words_ends_nothing(below: str) -> None:
    found = read_labels(f"{PERSON}{below}\n", {})
    assert found.values["interest.message"] == f"Two tents.\nIs it dry?\n{below}"


def test_a_date_alone_may_be_an_answer() -> None:
    assert program_lines_start(["Message: hi", "", "Date: Sunday"]) == 3
    assert program_lines_start(["Message: hi", "", "Date: Sunday", "IP: 203.0.113.5"]) == 2
    assert program_lines_start([]) == 0
