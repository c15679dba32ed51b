"""Label and value are paragraphs of their own."""

import pytest

from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.text.html_text import text_of_html

EN = (("Name", "Mia Holt"), ("Email", "mia@holt.example"), ("Phone", "202-555-0177"))
ES = (
    ("Nombre", "Ana Ruiz"),
    ("Correo electrónico", "ana@ruiz.example"),
    ("Teléfono", "910 555 017"),
)
DE = (
    ("Vor- und Nachname", "Jo Au"),
    ("E-Mail-Adresse", "jo@au.example"),
    ("Rufnummer", "040 555017"),
)
FR = (("Nom complet", "Ève Roy"), ("Courriel", "eve@roy.example"), ("Téléphone", "01 55 50 17 00"))
LAYOUTS = {
    "plain": "{0}:\n\n{1}\n\n",
    "two blank lines": "{0}\n\n\n{1}\n\n\n",
    "upper case": "{0}\n\n{1}\n\n",
    "headings": "<h3>{0}</h3><p>{1}</p>",
    "bold": "<p><b>{0}:</b></p><p>{1}</p>",
    "cells": "<table><tr><td><p>{0}:</p><p>{1}</p></td></tr></table>",
    "quotations": "<h4>{0}</h4><blockquote>{1}</blockquote>",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("pairs", [EN, ES, DE, FR])
def test_a_paragraph_below_a_label_is_its_value(
    layout: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    text = "".join(layout.format(*pair) for pair in pairs)
    found = read_labels(text_of_html(text) if "<" in text else text, {}).values
    names = ("contact.name", "contact.email", "contact.phone")
    assert tuple(found[name] for name in names) == tuple(value for _, value in pairs)


def test_a_label_above_a_label_has_no_value() -> None:
    text = "Name:\n\nEmail:\n\nmia@holt.example\n\nPhone:\n\nMessage:\n\nTwo tents.\n\nThanks"
    assert read_labels(text, {}).values == {
        "contact.email": "mia@holt.example",
        "interest.message": "Two tents.\n\nThanks",
    }


@pytest.mark.parametrize(
    "below", ["Your agent\nRob Hill", "Best regards,\nRob", "New entry\nCity: Ulm"]
)
def test_what_is_no_paragraph_of_its_own_or_another_partys_is_no_value(below: str) -> None:
    assert (
        "contact.name" not in read_labels(f"Email: mia@holt.example\n\nName:\n\n{below}", {}).values
    )


def test_an_answer_of_an_unknown_question_is_a_paragraph_too() -> None:
    text = "Name:\n\nMia Holt\n\nHow many:\n\n12\n\nPhone:\n\n202-555-0177\n"
    found = read_labels(text, {})
    assert found.own == {"how_many": "12"}
    assert found.values["contact.phone"] == "202-555-0177"


def test_where_labels_stand_together_a_paragraph_is_no_value() -> None:
    text = "Name: Mia Holt\nEmail: mia@holt.example\nPhone:\n\n800-555-0100\n\nTents and More\n"
    assert "contact.phone" not in read_labels(text, {}).values
