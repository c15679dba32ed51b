from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from leadloop.decide.lead.condition_view import LeadViews
from leadloop.model.contact import Contact, Interest
from leadloop.model.lead import Lead, Score
from leadloop.model.person import Person, Touchpoint
from leadloop.model.submission import Channel
from leadloop.playbook.checks.condition_fields import (
    FIELD_KINDS,
    NUMBER,
    TEXT,
    YES_NO,
    condition_faults,
)
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.load import load_playbook
from leadloop.policy.clauses import Value
from leadloop.policy.conditions import parse_condition

NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)


def test_the_names_are_those_that_a_lead_with_everything_has(acme: Path) -> None:
    everything = dict.fromkeys(Contact.model_fields, "x")
    known = {"email": "ada@mill.example", "phone": "+493090180", "country": "DE", "language": "de"}
    person = Person(
        contact=Contact(**{**everything, **known}),
        account="mill.example",
        touchpoints=(Touchpoint(id="1", signal="click", at=NOW),),
    )
    lead = Lead(
        interest=Interest(
            product_line="machines",
            product="pump",
            message="hello",
            budget=1,
            employees=1,
            timeframe="soon",
        ),
        fields={"flow_rate": "9"},
        product_line="machines",
        source="autopoint",
        channel=Channel.PARTNER,
        created_at=NOW,
        score=Score(model="machines"),
    )
    views = LeadViews(CompiledPlaybook(load_playbook(acme)))
    view = views.view_of(person, lead, None)
    assert set(view) == {*FIELD_KINDS, "fields.flow_rate", "signals.click"}
    assert {name: _kind(view[name]) for name in FIELD_KINDS} == FIELD_KINDS


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return YES_NO
    return NUMBER if isinstance(value, int | float) else TEXT


def test_own_fields_are_those_that_a_source_brings(acme: Path) -> None:
    assert load_playbook(acme).sources["homecare-advice"].fields["home"] == "fields.home"
    condition = parse_condition({"field": "fields.home", "is": "house"})
    assert list(condition_faults(condition, {"home"})) == []
    assert list(condition_faults(condition, {"house"})) == [
        (("is", "field"), "no lead has fields.home")
    ]


@given(st.sampled_from(["above", "at_least", "below", "at_most"]))
def test_a_text_is_never_more_than_a_number(operator: str) -> None:
    condition = parse_condition({"not": {"field": "fields.home", operator: 3}})
    ((where, what),) = condition_faults(condition, {"home"})
    assert where == ("not", "not", operator, operator)
    assert what == "asks for a number, but fields.home is a text"
