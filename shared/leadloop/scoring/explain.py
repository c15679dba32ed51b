"""What would make it hot: the counterfactual that a score's reasons leave open."""

from leadloop.model.base import Model
from leadloop.model.lead import Score
from leadloop.scoring.policy import ScoreModel


class HotShortfall(Model):
    """`short` points are missing to be hot; each of `single` would be enough by itself."""

    short: int
    single: tuple[str, ...]


def shortfall_to_hot(score: Score, model: ScoreModel) -> HotShortfall:
    """The rules that have not given their points yet, and would lift the lead to hot alone."""
    short = max(0, model.thresholds.hot - score.total)
    got = {row.rule: row.points for row in score.points}
    open_fit = [(rule.reason, rule.points) for rule in model.fit if rule.id not in got]
    open_signals = [
        (rule.reason, min(rule.points, rule.limit - got.get(f"signal:{rule.signal}", 0)))
        for rule in model.behaviour
    ]
    enough = [reason for reason, points in open_fit + open_signals if short and points >= short]
    return HotShortfall(short=short, single=tuple(enough))
