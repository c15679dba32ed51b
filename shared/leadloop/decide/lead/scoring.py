"""Score and rating of a lead, and why they came out so."""

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.base import Reason
from leadloop.model.events.leads import LeadScored
from leadloop.model.lead import Score
from leadloop.scoring.behaviour import behaviour_points
from leadloop.scoring.rating import rate_score


def rescore(change_set: ChangeSet) -> None:
    """Set score and rating as of now; an event only when one of them has changed."""
    lead, book = change_set.lead, change_set.book
    model = book.score_model(lead.product_line)
    rules = book.fit_rules(lead.product_line)
    fit_rows = rules.all_matches(change_set.view(rules.fields))
    behaviour_rows = behaviour_points(
        model.behaviour, change_set.person.touchpoints, change_set.now
    )
    score = Score(
        model=model.id,
        fit=sum(row.points for row in fit_rows),
        behaviour=sum(row.points for row in behaviour_rows),
        points=fit_rows + behaviour_rows,
    )
    rating = rate_score(score.total, model.thresholds)
    changed = (score.total, rating) != (lead.score.total, lead.rating)
    change_set.update_lead(score=score, rating=rating)
    if changed:
        change_set.record_event(LeadScored(total=score.total, fit=score.fit, rating=rating))


def explain_score(change_set: ChangeSet) -> tuple[Reason, ...]:
    """The total with its rating, then one reason per rule that gave points."""
    lead = change_set.lead
    rows = [
        Reason(code=row.rule, text=f"{row.points:+d} {row.reason}") for row in lead.score.points
    ]
    total = Reason(code=f"rating_{lead.rating}", text=f"{lead.score.total} points: {lead.rating}")
    return (total, *rows)
