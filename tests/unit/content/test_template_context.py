from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest

from leadloop.content.template_context import TEMPLATE_WORDS, build_template_context
from leadloop.model.contact import Contact
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.lead import Lead, Points, Score
from leadloop.model.submission import Channel

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
LEAD = Lead(
    contact=Contact(first_name="Jana", last_name="Müller"),
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
COMPANY = {"name": "Acme", "postal_address": "Pumpenweg 7"}


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
    assert (
        set(paths(build_template_context(LEAD, delivery(route_reason="r"), company=COMPANY)))
        == TEMPLATE_WORDS
    )


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
    said = build_template_context(LEAD.but(contact=contact), delivery(), company=COMPANY)
    assert said["lead"]["name"] == name  # type: ignore[index]


def test_reasons_are_those_of_the_decision_else_of_the_score_strongest_first() -> None:
    now = build_template_context(LEAD, delivery(), company=COMPANY)
    assert now["reasons"] == ["Large company", "Looked at prices"]
    then = build_template_context(LEAD, delivery(reasons="Wrote twice\nCalled"), company=COMPANY)
    assert then["reasons"] == ["Wrote twice", "Called"]
