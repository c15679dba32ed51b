"""Points for who the person is."""

from collections.abc import Iterable

from leadloop.model.lead import Points
from leadloop.policy.rules import Rules
from leadloop.scoring.policy import FitRule


def compile_fit_rules(rules: Iterable[FitRule]) -> Rules[Points]:
    """The rules in compiled form; each that holds on a lead's view gives its points."""
    return Rules(
        (rule.when, Points(rule=rule.id, points=rule.points, reason=rule.reason)) for rule in rules
    )
