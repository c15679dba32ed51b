"""What time brings: a step, a breach, the end of a wait, another try."""

from collections.abc import Callable
from datetime import datetime

from leadloop.decide.lead.assignment import assign, free_rep_capacity
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.qualification import reopen
from leadloop.decide.lead.sequence_step import take_step
from leadloop.model.decision import Applied, Decision, Ignored
from leadloop.model.delivery import DeliveryState, delivery_ref
from leadloop.model.due import Due
from leadloop.model.events.sales import LeadTakenBack
from leadloop.model.facts import Change
from leadloop.model.lead import Timer, TimerKind
from leadloop.model.lifecycle import Move, Stage, move
from leadloop.sales.service_level import is_escalated


def decide(due: Due, context: DecisionContext) -> Decision:
    """All that is due of a lead, in order of time; nothing if its timers have moved or stopped."""
    if due.delivery_id is not None:
        return _retry(due, due.delivery_id, context)
    before = context.find_lead(due.lead_id)
    if before is None:
        return context.build_decision(Ignored(why="no such lead"))
    timers = sorted(
        (timer for timer in before.lead.timers if timer.at <= context.now),
        key=lambda timer: timer.at,
    )
    if not any(_is_named(timer, due) for timer in timers):
        return context.build_decision(Ignored(why="the timer has moved or stopped"))
    change_set = ChangeSet(context=context, trigger_id=due.id, before=before)
    for timer in timers:
        if timer in change_set.lead.timers:  # an earlier one may have stopped it
            change_set.stop_timer(timer.kind, timer.key)
            _TURNS[timer.kind](change_set, timer)
    return change_set.build_decision(
        Applied(
            lead_id=due.lead_id,
            version=change_set.version,
            what=", ".join(dict.fromkeys(str(timer.kind) for timer in timers)),
            late=any(_is_late(timer, context.now) for timer in timers),
        )
    )


def _is_named(timer: Timer, due: Due) -> bool:
    """Whether it is the timer that the due names. Another one is another trigger, by another id."""
    return timer.kind is due.timer and timer.at == due.at and due.key in (timer.key, "")


def _is_late(timer: Timer, now: datetime) -> bool:
    return timer.not_after is not None and now > timer.not_after


def _end_wait(change_set: ChangeSet, _timer: Timer) -> None:
    reopen(change_set, "the wait after the lost deal is over")


def _take_back(change_set: ChangeSet, _timer: Timer) -> None:
    """Nobody accepted in time: the next owner gets it, at last the pool that must answer.

    A lead in a queue has no rep to take it from: it is routed again, and no chance is used up.
    """
    lead = change_set.lead
    assignment = lead.assignment
    if assignment is None or assignment.accepted_at is not None:
        return
    if lead.stage not in (Stage.QUALIFIED, Stage.CUSTOMER):
        return
    takebacks = assignment.takebacks
    excluded_reps: tuple[str, ...] = ()
    if assignment.rep is not None:
        takebacks += 1
        excluded_reps = (assignment.rep,)
        free_rep_capacity(change_set)
        if lead.stage is Stage.QUALIFIED:
            change_set.update_lead(stage=move(lead.stage, Move.TAKE_BACK))
        change_set.update_lead(assignment=assignment.but(takebacks=takebacks))
        change_set.record_event(LeadTakenBack(owner=assignment.rep, takebacks=takebacks))
    level = change_set.book.playbook.lifecycle.service_level
    only_pool = level.escalate_to if is_escalated(level, takebacks) else None
    assign(change_set, excluded_reps=excluded_reps, only_pool=only_pool)


def _retry(due: Due, delivery_id: str, context: DecisionContext) -> Decision:
    ref = delivery_ref(due.lead_id, delivery_id)
    delivery = context.facts.get(ref)
    if delivery is None or delivery.state is not DeliveryState.WAITING:
        return context.build_decision(Ignored(why="the delivery waits no longer"))
    if delivery.retry_at is not None and delivery.retry_at > context.now:
        return context.build_decision(Ignored(why="the delivery waits for later"))
    ready = delivery.but(state=DeliveryState.READY, retry_at=None, version=delivery.version + 1)
    return context.build_decision(
        Applied(lead_id=due.lead_id, version=ready.version, what="retry"),
        (Change(ref, delivery.version, ready),),
    )


# What a timer of a lead brings. A delivery's `retry` is no timer of a lead.
_TURNS: dict[TimerKind, Callable[[ChangeSet, Timer], None]] = {
    TimerKind.STEP: take_step,
    TimerKind.BREACH: _take_back,
    TimerKind.RECYCLE: _end_wait,
}
