"""What time brings: a step, a breach, the end of a wait, another try."""

from datetime import datetime
from typing import assert_never

from leadloop.decide.lead.assignment import assign, free_rep_capacity
from leadloop.decide.lead.change_set import ChangeSet, without_changes
from leadloop.decide.lead.qualification import reopen
from leadloop.decide.lead.sequence_step import take_step
from leadloop.model.decision import Applied, Decision, Ignored
from leadloop.model.delivery import DeliveryState
from leadloop.model.due import Due
from leadloop.model.facts import Change, DeliveryRef, Facts, RecordRef
from leadloop.model.lead import Timer, TimerKind
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.sales.service_level import is_escalated


def decide(due: Due, facts: Facts, book: CompiledPlaybook, now: datetime) -> Decision:
    """Each step reads the lead first: a timer that moved or went since then does nothing."""
    if due.delivery_id is not None:
        return _retry(due, due.delivery_id, facts, book, now)
    ref = RecordRef(due.lead_id)
    facts.require(ref)
    before = facts.record(ref)
    if before is None or before.lead is None:
        return without_changes(Ignored(why="no such lead"), book, now)
    timer = next((t for t in before.lead.timers if t.kind is due.timer), None)
    if timer is None or timer.at != due.at or timer.at > now:
        return without_changes(Ignored(why="the timer has moved or stopped"), book, now)
    late = timer.not_after is not None and now > timer.not_after
    change_set = ChangeSet(
        trigger_id=due.id,
        facts=facts,
        book=book,
        now=now,
        record=before,
    )
    change_set.stop_timers(due.timer)
    _run_timer(change_set, timer)
    return change_set.build_decision(
        Applied(lead_id=due.lead_id, version=change_set.version, what=str(due.timer), late=late)
    )


def _run_timer(change_set: ChangeSet, timer: Timer) -> None:
    match timer.kind:
        case TimerKind.STEP:
            take_step(change_set, timer)
        case TimerKind.BREACH:
            _take_back(change_set)
        case TimerKind.RECYCLE:
            reopen(change_set, "the wait after the lost deal is over")
        case TimerKind.RETRY:
            pass  # a lead has no such timer: it is a delivery's
        case _:
            assert_never(timer.kind)


def _take_back(change_set: ChangeSet) -> None:
    """Nobody accepted in time: the next owner gets it, at last the pool that must answer.

    In a queue there was nobody who could: it is looked at again, and no chance is used up.
    """
    lead = change_set.lead
    assignment = lead.assignment
    if assignment is None or assignment.accepted_at is not None:
        return
    if lead.stage not in (Stage.QUALIFIED, Stage.CUSTOMER):
        return
    takebacks = assignment.takebacks
    without: tuple[str, ...] = ()
    if assignment.rep is not None:
        takebacks += 1
        without = (assignment.rep,)
        free_rep_capacity(change_set)
        if lead.stage is Stage.QUALIFIED:
            change_set.update_lead(stage=move(lead.stage, Move.TAKE_BACK))
        change_set.update_lead(assignment=assignment.but(takebacks=takebacks))
        change_set.record_event("LeadTakenBack", owner=assignment.rep, takebacks=takebacks)
    level = change_set.book.playbook.lifecycle.service_level
    only = level.escalate_to if is_escalated(level, takebacks) else None
    assign(change_set, without=without, only=only)


def _retry(
    due: Due, delivery_id: str, facts: Facts, book: CompiledPlaybook, now: datetime
) -> Decision:
    ref = DeliveryRef(due.lead_id, delivery_id)
    facts.require(ref)
    delivery = facts.delivery(ref)
    if delivery is None or delivery.state is not DeliveryState.WAITING:
        return without_changes(Ignored(why="the delivery waits no longer"), book, now)
    if delivery.retry_at is not None and delivery.retry_at > now:
        return without_changes(Ignored(why="the delivery waits for later"), book, now)
    ready = delivery.but(state=DeliveryState.READY, retry_at=None, version=delivery.version + 1)
    applied = Applied(lead_id=due.lead_id, version=ready.version, what="retry")
    return without_changes(applied, book, now)._replace(
        changes=(Change(ref, delivery.version, ready),)
    )
