"""Into a sequence and out of it."""

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.lead import Enrolment, TimerKind
from leadloop.nurture import steps


def enrol(change_set: ChangeSet) -> None:
    """Put the lead into the first sequence of its product line that takes it, if one does."""
    lead, book = change_set.lead, change_set.book
    sequences = book.sequences(lead.product_line)
    sequence = sequences.first_match(change_set.view(sequences.fields))
    planned = steps.next_step(sequence, None, change_set.now) if sequence else None
    if sequence is None or planned is None:
        return
    enrolment = Enrolment(
        sequence=sequence.id, version=book.version, step=planned.step.id, entered_at=change_set.now
    )
    change_set.update_lead(enrolment=enrolment)
    change_set.set_timer(TimerKind.STEP, planned.at, planned.not_after)
    change_set.record_event("SequenceEntered", sequence=sequence.id)


def leave_sequence(change_set: ChangeSet, why: str) -> None:
    """Take the lead out of its sequence: nothing more is sent from it."""
    enrolment = change_set.lead.enrolment
    change_set.stop_timers(TimerKind.STEP)
    if enrolment is not None:
        change_set.update_lead(enrolment=None)
        change_set.record_event(
            "SequenceLeft", sequence=enrolment.sequence, step=enrolment.step, why=why
        )
