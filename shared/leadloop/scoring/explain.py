"""What a lead lacks to be hot."""

from leadloop.model.base import Model
from leadloop.model.lead import Score
from leadloop.scoring.policy import ScoreModel


class HotShortfall(Model):
    """`short` points are missing to be hot; each of `single` would be enough by itself."""

    short: int
    single: tuple[str, ...]


def shortfall_to_hot(score: Score, model: ScoreModel) -> HotShortfall:
    """The missing points, and the rules that would each be enough to make the lead hot."""
    short = max(0, model.thresholds.hot - score.total)
    points_by_rule = {row.rule: row.points for row in score.points}
    open_fit = [(rule.reason, rule.points) for rule in model.fit if rule.id not in points_by_rule]
    open_signals = [
        (
            rule.reason,
            min(rule.points, rule.limit - points_by_rule.get(f"signal:{rule.signal}", 0)),
        )
        for rule in model.behaviour
    ]
    enough = [reason for reason, points in open_fit + open_signals if short and points >= short]
    return HotShortfall(short=short, single=tuple(enough))
