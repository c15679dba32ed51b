"""Stops that an address gets, and the one kind of them that its person can lift."""

from datetime import datetime

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.consent import BOUNCE, Suppression, SuppressionRef
from leadloop.model.events.leads import LeadDisqualified
from leadloop.model.events.messages import AddressStopped, StopLifted
from leadloop.model.facts import Change
from leadloop.model.lifecycle import Move, Stage, move


def stop_address(change_set: ChangeSet, address: str, stop: Suppression) -> None:
    """Stop all messages to the address; a stop that holds already stays.

    Only a bounce gives way to a complaint or a wish, which nobody lifts.
    """
    ref = SuppressionRef(address, "all")
    before = change_set.facts.get(ref)
    if before is not None and before.holds and (before.why != BOUNCE or stop.why == BOUNCE):
        return
    version = before.version if before else 0
    change_set.add_change(Change(ref, version or None, stop.but(version=version + 1)))
    change_set.record_event(AddressStopped(why=stop.why))


def disqualify_unworked(change_set: ChangeSet, reason: str) -> None:
    """Put the lead aside if nobody works it yet."""
    stage = change_set.lead.stage
    if stage in (Stage.NEW, Stage.NURTURING):
        change_set.update_lead(stage=move(stage, Move.DISQUALIFY))
        change_set.record_event(LeadDisqualified(reason=reason, stage_before=stage))


def lift_bounce_stop(change_set: ChangeSet, address: str, at: datetime) -> None:
    """Lift the stop that a bounce put on the address.

    Call it when the person has shown at `at` that mails to the address arrive: by an answer, or by
    a request that was confirmed from it.
    """
    ref = SuppressionRef(address, "all")
    before = change_set.facts.get(ref)
    if before is None or not before.holds or before.why != BOUNCE or at <= before.at:
        return
    lifted = before.but(lifted_at=at, version=before.version + 1)
    change_set.add_change(Change(ref, before.version, lifted))
    change_set.record_event(StopLifted(why=BOUNCE))
