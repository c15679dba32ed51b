"""A turn in a sequence: the message that is due, the next step, or the way out.

Steps, branches and texts are those of the playbook by which the lead entered. All else is the live
playbook's: whether there is such a sequence at all, its exits, consent, stops, windows, limits,
scores and routes.
"""

from datetime import timedelta

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.enrolment import leave_sequence, update_enrolment
from leadloop.decide.lead.qualification import qualify_or_nurture
from leadloop.decide.lead.scoring import rescore
from leadloop.model.delivery import Purpose
from leadloop.model.events.messages import (
    BranchTaken,
    SequenceFinished,
    SequenceMoved,
    StepSkipped,
    StepTaken,
)
from leadloop.model.lead import Enrolment, Timer, TimerKind
from leadloop.model.lifecycle import Stage
from leadloop.nurture import steps
from leadloop.nurture.policy import END, SendStep, Sequence
from leadloop.playbook.compiled import CompiledPlaybook


def take_step(change_set: ChangeSet, timer: Timer) -> None:
    """Take the turn that is due in the sequence `timer.key`, or leave the sequence.

    The lead is scored first: a lead that has answered, unsubscribed or bought leaves by itself.
    """
    sequence_id, live_book = timer.key, change_set.book
    if change_set.lead.enrolment(sequence_id) is None:
        return
    live_sequence = live_book.sequence(sequence_id)
    if live_sequence is None:
        leave_sequence(change_set, sequence_id, "the playbook has the sequence no longer")
        return
    if change_set.lead.stage is not Stage.NURTURING:
        leave_sequence(change_set, sequence_id, f"is {change_set.lead.stage}")
        return
    rescore(change_set)
    qualify_or_nurture(change_set)
    enrolment = change_set.lead.enrolment(sequence_id)
    if change_set.lead.stage is not Stage.NURTURING or enrolment is None:
        return
    if live_book.is_exit_met(sequence_id, change_set.view()):
        leave_sequence(change_set, sequence_id, "an exit holds")
        return
    book = change_set.context.find_playbook(enrolment.version)
    sequence = book.sequence(sequence_id) if book is not None else None
    if book is None or sequence is None:
        enrolment = _move_to_live_version(change_set, enrolment)
        book, sequence = live_book, live_sequence
    _advance(change_set, enrolment, timer, book, sequence)


def _move_to_live_version(change_set: ChangeSet, enrolment: Enrolment) -> Enrolment:
    """Let a lead go on in the live version, since nobody can read the one it is pinned to."""
    live_book = change_set.book
    moved = update_enrolment(change_set, enrolment, version=live_book.version)
    change_set.record_event(
        SequenceMoved(
            sequence=enrolment.sequence,
            before=enrolment.version,
            version=live_book.version,
        )
    )
    return moved


def _advance(
    change_set: ChangeSet,
    enrolment: Enrolment,
    timer: Timer,
    book: CompiledPlaybook,
    sequence: Sequence,
) -> None:
    view = change_set.view()
    turn = steps.advance_sequence(
        sequence,
        enrolment.step,
        timer.at,
        lambda branch: book.branch_predicate(sequence.id, branch.id)(view),
        change_set.now,
    )
    for skipped in turn.skipped:
        change_set.record_event(StepSkipped(sequence=sequence.id, step=skipped, why="too late"))
    sent_count = enrolment.sent
    if turn.send is not None:
        sent_count += 1
        _queue_message(change_set, enrolment, turn.send)
    if turn.then is None:
        # It stays enrolled at the end: else the message just queued might not be sent any more.
        update_enrolment(change_set, enrolment, step=END, sent=sent_count)
        change_set.record_event(SequenceFinished(sequence=sequence.id, sent=sent_count))
        return
    if turn.send is None and not turn.skipped:
        change_set.record_event(BranchTaken(sequence=sequence.id, step=turn.then.step.id))
    update_enrolment(change_set, enrolment, step=turn.then.step.id, sent=sent_count)
    change_set.set_timer(TimerKind.STEP, turn.then.at, turn.then.not_after, key=sequence.id)


def _queue_message(change_set: ChangeSet, enrolment: Enrolment, step: SendStep) -> None:
    change_set.queue_delivery(
        Purpose.NURTURE,
        template=step.template,
        language=change_set.language,
        not_after=change_set.now + timedelta(hours=step.late_after_hours),
        sequence=enrolment.sequence,
        step=step.id,
        playbook=enrolment.version,
    )
    change_set.record_event(StepTaken(sequence=enrolment.sequence, step=step.id))
