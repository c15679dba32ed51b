from typing import Any

import pytest

from leadloop.intake.policy import FormSource
from leadloop.playbook.checks.forms import form_faults

FORM: dict[str, Any] = {
    "kind": "form",
    "id": "f",
    "product_line": "p",
    "country": "DE",
    "language": "en",
    "required": ["mail"],
    "fields": {"mail": "contact.email", "plan": "fields.plan", "ok": "consent"},
    "consent": {
        "version": "1",
        "text": "Yes.",
        "purposes": ["contact"],
        "translations": {"de": {"version": "1-de", "text": "Ja."}},
    },
    "page": {"headline": {"en": "Ask", "de": "Fragen"}, "fields": [{"name": "mail"}]},
}


def faults(**changes: Any) -> list[str]:
    source = FormSource.model_validate({**FORM, **changes})
    return [f"{'.'.join(map(str, where))}: {what}" for where, what in form_faults(source)]


def fields(*rows: dict[str, Any]) -> list[str]:
    return faults(page={"fields": [{"name": "mail"}, *rows]})


def test_a_form_that_can_be_shown_and_sent_has_no_fault() -> None:
    assert faults() == []
    assert faults(page={}) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"name": "shoe_size"}, "page.fields.1: nothing is done with shoe_size"),
        ({"name": "ok"}, "page.fields.1: consent has a box of its own"),
        ({"name": "mail", "kind": "file"}, "page.fields.1: a file is a field of your own"),
        ({"name": "plan", "kind": "select"}, "page.fields.1: plan has nothing to choose from"),
        (
            {"name": "plan", "kind": "email", "options": [{"value": "a"}]},
            "page.fields.1: only a select has options",
        ),
        ({"name": "mail"}, "page.fields: mail is there twice"),
    ],
)
def test_a_field_that_cannot_be_filled_in_is_named(row: dict[str, Any], what: str) -> None:
    assert any(fault.startswith(what) for fault in fields(row))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"page": {"fields": [{"name": "plan"}]}}, "required.0: mail is not on the page"),
        ({"thank_you": "/thanks"}, "thank_you: is a whole address"),
        ({"thank_you": "https://a.example\\@b.example/"}, "thank_you: is a whole address"),
        (
            {"page": {"headline": {"en": "Ask", "pl": "Pytaj"}}},
            "page.headline.pl: is never shown",
        ),
        (
            {
                "consent": {
                    **FORM["consent"],
                    "translations": {"de": {"version": "1", "text": "Ja."}},
                }
            },
            "consent.translations: each wording has a version of its own",
        ),
    ],
)
def test_a_form_that_nobody_could_send_or_see_is_refused(
    changes: dict[str, Any], what: str
) -> None:
    (fault,) = faults(**changes)
    assert fault.startswith(what)
