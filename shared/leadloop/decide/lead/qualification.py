"""Where a lead goes from here: to a person, or into a sequence."""

from leadloop.decide.lead.assignment import assign
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.enrolment import enrol, leave_all_sequences
from leadloop.decide.lead.event_fields import campaign_of
from leadloop.decide.lead.scoring import rescore
from leadloop.model.events.leads import LeadCreated, LeadNurtured, LeadQualified, LeadReopened
from leadloop.model.lead import TimerKind
from leadloop.model.lifecycle import Move, Stage, move


def qualify_or_nurture(change_set: ChangeSet) -> None:
    """Hand a new or nurtured lead to a person if its score is enough; else nurture it.

    A subscriber stays new until the person asks or the score is enough. A quiet lead stays as it
    is.
    """
    lead = change_set.lead
    if lead.quiet or lead.stage not in (Stage.NEW, Stage.NURTURING):
        return
    threshold = change_set.book.score_model(lead.product_line).thresholds.qualify
    if lead.handed_back_at is not None:
        threshold = max(threshold, lead.handed_back_at + 1)
    direct = lead.handed_back_at is None and change_set.book.source(lead.source).direct_to_sales
    if lead.score.total >= threshold or direct:
        promote_subscriber(change_set)
        leave_all_sequences(change_set, "qualified")
        change_set.update_lead(stage=move(lead.stage, Move.QUALIFY), handed_back_at=None)
        change_set.record_event(
            LeadQualified(
                total=lead.score.total,
                threshold=threshold,
                direct=direct,
                stage_before=lead.stage,
            )
        )
        assign(change_set)
    elif lead.stage is Stage.NEW and not lead.subscriber:
        change_set.update_lead(stage=move(lead.stage, Move.NURTURE))
        change_set.record_event(LeadNurtured(total=lead.score.total, threshold=threshold))
        enrol(change_set)


def promote_subscriber(change_set: ChangeSet) -> None:
    """Make a mere subscriber a sales lead; any other lead stays what it is."""
    lead = change_set.lead
    if lead.subscriber:
        change_set.update_lead(subscriber=False)
        change_set.record_event(
            LeadCreated(
                source=lead.source,
                channel=lead.channel,
                product_line=lead.product_line,
                campaign=campaign_of(lead.first_touch),
            )
        )


def reopen(change_set: ChangeSet, why: str) -> None:
    """Work a lead once more that waited or was put aside: its next cycle begins."""
    lead = change_set.lead
    change_set.stop_timer(TimerKind.RECYCLE)
    change_set.update_lead(stage=move(lead.stage, Move.REOPEN), cycle=lead.cycle + 1)
    change_set.update_lead(assignment=None, handed_back_at=None)
    change_set.record_event(LeadReopened(cycle=lead.cycle + 1, why=why, stage_before=lead.stage))
    rescore(change_set)
    qualify_or_nurture(change_set)
