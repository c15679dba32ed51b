from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from leadloop.playbook.load import load
from leadloop.playbook.names import misused
from leadloop.policy.conditions import parse_condition


def test_own_fields_are_those_that_a_source_brings(acme: Path) -> None:
    assert load(acme).sources["homecare-advice"].fields["home"] == "fields.home"
    condition = parse_condition({"field": "fields.home", "is": "house"})
    assert list(misused(condition, {"home"})) == []
    assert list(misused(condition, {"house"})) == [(("is", "field"), "no lead has fields.home")]


@given(st.sampled_from(["above", "at_least", "below", "at_most"]))
def test_a_text_is_never_more_than_a_number(operator: str) -> None:
    condition = parse_condition({"not": {"field": "fields.home", operator: 3}})
    ((where, what),) = misused(condition, {"home"})
    assert where == ("not", "not", operator, operator)
    assert what == "asks for a number, but fields.home is a text"
