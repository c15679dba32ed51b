"""Points for who the person is."""

from collections.abc import Callable, Iterable, Mapping

from leadloop.model.lead import Points
from leadloop.scoring.policy import FitRule

Test = Callable[[Mapping[str, object]], bool]


def fit(rules: Iterable[tuple[FitRule, Test]], view: Mapping[str, object]) -> tuple[Points, ...]:
    """A row for each rule that holds on this view of the lead."""
    return tuple(
        Points(rule=rule.id, points=rule.points, reason=rule.reason)
        for rule, holds in rules
        if holds(view)
    )
