"""Into sequences and out of them."""

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.events.messages import SequenceEntered, SequenceLeft
from leadloop.model.lead import Enrolment, TimerKind
from leadloop.nurture import steps
from leadloop.nurture.groups import choose_entries
from leadloop.nurture.policy import END


def enrol(change_set: ChangeSet) -> None:
    """Put the lead into the sequences of its product line that take it, one of each group."""
    lead, book = change_set.lead, change_set.book
    sequences = book.sequences(lead.product_line)
    matching = sequences.all_matches(change_set.view(sequences.fields))
    running = [each.sequence for each in lead.enrolments if each.step != END]
    entries = choose_entries(
        matching, [sequence for name in running if (sequence := book.sequence(name))]
    )
    for sequence in entries.left:
        leave_sequence(change_set, sequence.id, "another of its group goes first")
    for sequence in entries.entered:
        planned = steps.next_step(sequence, None, change_set.now)
        if planned is None:
            continue
        enrolment = Enrolment(
            sequence=sequence.id,
            version=book.version,
            step=planned.step.id,
            entered_at=change_set.now,
        )
        _put(change_set, sequence.id, enrolment)
        change_set.set_timer(TimerKind.STEP, planned.at, planned.not_after, key=sequence.id)
        change_set.record_event(SequenceEntered(sequence=sequence.id))


def leave_sequence(change_set: ChangeSet, sequence: str, why: str) -> None:
    """Take the lead out of one sequence: nothing more is sent from it."""
    enrolment = change_set.lead.enrolment(sequence)
    change_set.stop_timer(TimerKind.STEP, sequence)
    if enrolment is not None:
        _put(change_set, sequence, None)
        left = SequenceLeft(sequence=sequence, step=enrolment.step, why=why)
        change_set.record_event(left)


def leave_all_sequences(change_set: ChangeSet, why: str) -> None:
    """Take the lead out of every sequence that it is in."""
    for enrolment in change_set.lead.enrolments:
        leave_sequence(change_set, enrolment.sequence, why)


def update_enrolment(change_set: ChangeSet, enrolment: Enrolment, **changes: object) -> Enrolment:
    """Replace fields of the enrolment by name; returns it as it is now."""
    after = enrolment.but(**changes)
    _put(change_set, after.sequence, after)
    return after


def _put(change_set: ChangeSet, sequence: str, after: Enrolment | None) -> None:
    """Put `after` in the place of the lead's enrolment in this sequence, if there is one."""
    kept = (each for each in change_set.lead.enrolments if each.sequence != sequence)
    change_set.update_lead(enrolments=(*kept, *([after] if after else [])))
