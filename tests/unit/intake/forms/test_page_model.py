from typing import Any

import pytest

from leadloop.intake.forms.page_model import build_form_page, form_languages
from leadloop.intake.policy import FormSource
from leadloop.model.form import FormField


def form(**changes: Any) -> FormSource:
    row = {
        "kind": "form",
        "id": "f",
        "product_line": "p",
        "country": "DE",
        "language": "de",
        "required": ["contact.phone"],
        "fields": {
            "mail": "contact.email",
            "firma": "contact.company",
            "sprache": "contact.language",
            "text": "interest.message",
            "flow_rate": "fields.flow_rate",
        },
        **changes,
    }
    return FormSource.model_validate(row)


def fields(source: FormSource, language: str | None = None) -> dict[str, FormField]:
    return {field.name: field for field in build_form_page(source, language).fields}


def test_without_a_word_of_the_playbook_all_of_the_mapping_is_asked_in_its_order() -> None:
    found = fields(form())
    assert [*found] == ["mail", "firma", "sprache", "text", "flow_rate", "phone"]
    assert [field.kind for field in found.values()] == [
        "email", "text", "hidden", "textarea", "text", "tel",
    ]  # fmt: skip
    assert [field.label for field in found.values()] == [
        "E-Mail", "Firma", "Sprache", "Nachricht", "Flow rate", "Telefon",
    ]  # fmt: skip
    assert [name for name, field in found.items() if field.required] == ["phone"]
    assert found["sprache"].value == "de"
    assert found["mail"].autocomplete == "email"
    assert found["text"].longest > found["mail"].longest


def test_the_playbooks_rows_are_the_page_in_their_order_and_words() -> None:
    rows = [
        {"name": "flow_rate", "labels": {"de": "Fördermenge", "en": "Flow"}},
        {"name": "mail", "hints": {"de": "Nur für die Antwort"}},
        {"name": "firma", "options": [{"value": "a"}, {"value": "b", "labels": {"de": "Bee"}}]},
    ]
    found = fields(form(page={"fields": rows}))
    assert [*found] == ["flow_rate", "mail", "firma"]
    assert (found["flow_rate"].label, found["mail"].hint) == ("Fördermenge", "Nur für die Antwort")
    assert found["firma"].kind == "select"
    assert [option.label for option in found["firma"].options] == ["a", "Bee"]


CONSENT = {
    "version": "1",
    "text": "Ja.",
    "purposes": ["contact"],
    "translations": {"en": {"version": "1-en", "text": "Yes."}},
}


@pytest.mark.parametrize(
    ("wished", "gets", "version"), [(None, "de", "1"), ("en", "en", "1-en"), ("pl", "de", "1")]
)
def test_a_language_needs_a_headline_and_the_wording_of_what_is_agreed_to(
    wished: str | None, gets: str, version: str
) -> None:
    source = form(consent=CONSENT, page={"headline": {"de": "A", "en": "B", "pl": "C"}})
    assert form_languages(source) == ("de", "en")
    made = build_form_page(source, wished)
    assert made.consent is not None
    assert (made.language, made.consent.version) == (gets, version)


def test_the_box_of_consent_has_the_name_that_the_source_reads() -> None:
    mapped = form(fields={"mail": "contact.email", "einwilligung": "consent"}, consent=CONSENT)
    made = build_form_page(mapped)
    assert made.consent is not None
    assert made.consent.name == "einwilligung"
    assert [field.name for field in made.fields] == ["mail", "phone"]
