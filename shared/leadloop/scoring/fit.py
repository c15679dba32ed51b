"""Points for who the person is."""

from collections.abc import Iterable

from leadloop.model.lead import Points
from leadloop.policy.conditions import Test, View
from leadloop.scoring.policy import FitRule


def fit(rules: Iterable[tuple[FitRule, Test]], view: View) -> tuple[Points, ...]:
    """A row for each rule that holds on this view of the lead."""
    return tuple(
        Points(rule=rule.id, points=rule.points, reason=rule.reason)
        for rule, holds in rules
        if holds(view)
    )
