from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadloop.content.template_context import (
    TEMPLATE_WORDS,
    CompanyContext,
    build_template_context,
)
from leadloop.model.contact import Contact
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.lead import Lead, Points, Score
from leadloop.model.person import Person
from leadloop.model.submission import Channel

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
PERSON = Person(contact=Contact(first_name="Jana", last_name="Müller"))
LEAD = Lead(
    product_line="machines",
    source="web",
    channel=Channel.FORM,
    created_at=AT,
    score=Score(
        model="machines",
        fit=50,
        points=(
            Points(rule="visits", points=10, reason="Looked at prices"),
            Points(rule="free", points=-20, reason="Free mail"),
            Points(rule="size", points=40, reason="Large company"),
        ),
    ),
)
COMPANY = CompanyContext(name="Acme", postal_address="Pumpenweg 7")
PAGE = Path(__file__).parents[3] / "docs" / "template-words.md"


def delivery(**data: str) -> Delivery:
    return Delivery(
        id="L#1",
        version=1,
        lead_id="L",
        purpose=Purpose.REP_ALERT,
        channel="email",
        template="rep_alert",
        language="en",
        created_at=AT,
        data=data,
    )


def paths(words: Mapping[str, object], before: str = "") -> Iterator[str]:
    for name, value in words.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping) and path != "lead.fields":
            yield from paths(value, f"{path}.")
        else:
            yield path


def test_the_words_a_template_may_use_are_the_words_it_gets() -> None:
    context = build_template_context(PERSON, LEAD, delivery(), company=COMPANY)
    assert set(paths(context)) == TEMPLATE_WORDS.keys()


def test_each_word_has_its_help_in_the_docs() -> None:
    rows = "".join(f"| `{word}` | {text} |\n" for word, text in TEMPLATE_WORDS.items())
    assert f"| word | what it stands for |\n|---|---|\n{rows}" in PAGE.read_text("utf-8")


def test_what_a_delivery_brings_beside_the_words_is_handed_on() -> None:
    brought = delivery(route_reason="your region", said="Call me", offer_code="A1", other="x")
    context = build_template_context(PERSON, LEAD, brought, company=COMPANY)
    quoted = {**brought.data, "said": "> Call me"}
    assert {name: context[name] for name in brought.data} == quoted


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        (Contact(name="Dr. Jana Müller", first_name="Jana"), "Dr. Jana Müller"),
        (Contact(first_name="Jana", last_name="Müller"), "Jana Müller"),
        (Contact(last_name="Müller"), "Müller"),
        (Contact(), ""),
    ],
)
def test_a_person_is_named_as_given_else_by_the_parts(contact: Contact, name: str) -> None:
    said = build_template_context(Person(contact=contact), LEAD, delivery(), company=COMPANY)
    assert said["lead"]["name"] == name  # type: ignore[index]


def test_reasons_are_those_of_the_decision_else_of_the_score_strongest_first() -> None:
    now = build_template_context(PERSON, LEAD, delivery(), company=COMPANY)
    assert now["reasons"] == ["Large company", "Looked at prices"]
    then = build_template_context(
        PERSON, LEAD, delivery(reasons="Wrote twice\nCalled"), company=COMPANY
    )
    assert then["reasons"] == ["Wrote twice", "Called"]
