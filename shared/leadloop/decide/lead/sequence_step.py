"""A turn in a sequence: the message that is due, the next step, or the way out."""

from datetime import timedelta

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.condition_view import language_of
from leadloop.decide.lead.enrolment import leave_sequence
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.model.delivery import Purpose
from leadloop.model.lead import Timer, TimerKind
from leadloop.model.lifecycle import Stage
from leadloop.nurture import steps
from leadloop.nurture.policy import END


def take_step(change_set: ChangeSet, timer: Timer) -> None:
    """Take the turn that is due in the lead's sequence, or leave the sequence.

    The lead is scored first: a lead that has answered, unsubscribed or bought leaves by itself.
    """
    enrolment, book = change_set.lead.enrolment, change_set.book
    if enrolment is None:
        return
    sequence = book.sequence(enrolment.sequence)
    if sequence is None:
        leave_sequence(change_set, "the playbook has the sequence no longer")
        return
    if change_set.lead.stage is not Stage.NURTURING:
        leave_sequence(change_set, f"is {change_set.lead.stage}")
        return
    rescore(change_set)
    qualify_or_nurture(change_set)
    if change_set.lead.stage is not Stage.NURTURING:
        return
    view = change_set.view()
    if book.is_exit_met(sequence.id, view):
        leave_sequence(change_set, "an exit holds")
        return
    turn = steps.advance_sequence(
        sequence,
        enrolment.step,
        timer.at,
        lambda branch: book.branch_predicate(sequence.id, branch.id)(view),
        change_set.now,
    )
    for skipped in turn.skipped:
        change_set.record_event("StepSkipped", sequence=sequence.id, step=skipped, why="too late")
    sent_count = enrolment.sent
    if turn.send is not None:
        sent_count += 1
        change_set.queue_delivery(
            Purpose.NURTURE,
            template=turn.send.template,
            language=language_of(change_set.lead, book),
            not_after=change_set.now + timedelta(hours=turn.send.late_after_hours),
            sequence=sequence.id,
            step=turn.send.id,
        )
        change_set.record_event("StepTaken", sequence=sequence.id, step=turn.send.id)
    if turn.then is None:
        # It stays enrolled at the end: else the message just queued might not be sent any more.
        change_set.update_lead(enrolment=enrolment.but(step=END, sent=sent_count))
        change_set.record_event("SequenceFinished", sequence=sequence.id, sent=sent_count)
        return
    change_set.update_lead(enrolment=enrolment.but(step=turn.then.step.id, sent=sent_count))
    change_set.set_timer(TimerKind.STEP, turn.then.at, turn.then.not_after)
