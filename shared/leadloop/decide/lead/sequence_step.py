"""A turn in a sequence: what is sent now, where the lead stands then, or why it leaves."""

from datetime import timedelta

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.condition_view import language_of, view_of
from leadloop.decide.lead.qualification import leave_sequence, qualify_or_nurture, rescore
from leadloop.model.delivery import Purpose
from leadloop.model.lead import Timer, TimerKind
from leadloop.model.lifecycle import Stage
from leadloop.nurture import steps
from leadloop.nurture.policy import END


def take_step(draft: ChangeSet, timer: Timer) -> None:
    """The lead is read first, so that whoever answered, unsubscribed or bought leaves by itself."""
    enrolment, book = draft.lead.enrolment, draft.book
    if enrolment is None:
        return
    sequence = book.sequence(enrolment.sequence)
    if sequence is None:
        leave_sequence(draft, "the playbook has the sequence no longer")
        return
    if draft.lead.stage is not Stage.NURTURING:
        leave_sequence(draft, f"is {draft.lead.stage}")
        return
    rescore(draft)
    qualify_or_nurture(draft)
    if draft.lead.stage is not Stage.NURTURING:
        return
    view = view_of(draft.lead, draft.account(), book)
    if book.is_exit_met(sequence.id, view):
        leave_sequence(draft, "an exit holds")
        return
    turn = steps.advance_sequence(
        sequence,
        enrolment.step,
        timer.at,
        lambda branch: book.branch_predicate(sequence.id, branch.id)(view),
        draft.now,
    )
    for skipped in turn.skipped:
        draft.record_event("StepSkipped", sequence=sequence.id, step=skipped, why="too late")
    sent = enrolment.sent
    if turn.send is not None:
        sent += 1
        draft.queue_delivery(
            Purpose.NURTURE,
            template=turn.send.template,
            language=language_of(draft.lead, book),
            not_after=draft.now + timedelta(hours=turn.send.late_after_hours),
            sequence=sequence.id,
            step=turn.send.id,
        )
        draft.record_event("StepTaken", sequence=sequence.id, step=turn.send.id)
    if turn.then is None:
        # It stays enrolled at the end, so that what was handed over just now may still be said.
        draft.update_lead(enrolment=enrolment.but(step=END, sent=sent))
        draft.record_event("SequenceFinished", sequence=sequence.id, sent=sent)
        return
    draft.update_lead(enrolment=enrolment.but(step=turn.then.step.id, sent=sent))
    draft.set_timer(TimerKind.STEP, turn.then.at, turn.then.not_after)
