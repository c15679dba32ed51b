"""What a person does to a lead."""

from datetime import datetime
from typing import assert_never

from leadloop.decide.commands.contact import edit_contact
from leadloop.decide.commands.opportunity import convert_lead, lose_opportunity, win_opportunity
from leadloop.decide.commands.ownership import accept_lead, disqualify_lead, reject_lead
from leadloop.decide.commands.question import answer_question, may_act
from leadloop.decide.commands.release import refuse_if_dormant, release_lead
from leadloop.decide.lead.change_set import ChangeSet, without_changes
from leadloop.model.command import (
    Accept,
    Answer,
    Command,
    Convert,
    Disqualify,
    Edit,
    Lose,
    Reject,
    Release,
    Win,
)
from leadloop.model.decision import Applied, Decision, Refused
from leadloop.model.errors import IllegalMove
from leadloop.model.facts import AccountRef, Facts, RecordRef
from leadloop.playbook.compiled import CompiledPlaybook


def decide(command: Command, facts: Facts, book: CompiledPlaybook, now: datetime) -> Decision:
    """The command's effect, or why it cannot be done: then nothing is changed."""
    ref = RecordRef(command.lead_id)
    facts.require(ref)
    before = facts.record(ref)
    if before is None or before.lead is None:
        return _refuse("NotFound", "no such lead", book, now)
    lead = before.lead
    if command.id in lead.applied:
        again = Applied(
            lead_id=command.lead_id, version=before.version, what=command.action.do, repeated=True
        )
        return without_changes(again, book, now)
    if command.expected is not None and command.expected != before.version:
        text = f"the lead is at version {before.version}, not {command.expected}: read it again"
        return _refuse("Stale", text, book, now)
    if lead.account is not None:
        facts.require(AccountRef(lead.account))
    change_set = ChangeSet(
        trigger_id=command.id,
        facts=facts,
        book=book,
        now=now,
        record=before,
        actor=command.actor,
    )
    try:
        refused = refuse_if_dormant(change_set, command.action) or _dispatch(change_set, command)
    except IllegalMove as illegal:
        return _refuse("IllegalMove", str(illegal), book, now)
    if refused is not None:
        return without_changes(refused, book, now)
    return change_set.build_decision(
        Applied(lead_id=command.lead_id, version=change_set.version, what=command.action.do)
    )


def _refuse(error: str, text: str, book: CompiledPlaybook, now: datetime) -> Decision:
    return without_changes(Refused.model_validate({"error": error, "text": text}), book, now)


def _dispatch(change_set: ChangeSet, command: Command) -> Refused | None:
    match command.action:
        case Accept():
            return accept_lead(change_set, command)
        case Answer() as action:
            return answer_question(change_set, command, action)
        case action if may_act(change_set, command):
            return _apply_action(change_set, action)
        case _:
            return Refused(error="Forbidden", text="the lead belongs to somebody else")


def _apply_action(
    change_set: ChangeSet, action: Reject | Convert | Win | Lose | Disqualify | Release | Edit
) -> Refused | None:
    match action:
        case Edit():
            return edit_contact(change_set, action)
        case Release():
            return release_lead(change_set)
        case Reject():
            return reject_lead(change_set, action)
        case Convert():
            return convert_lead(change_set, action)
        case Win():
            return win_opportunity(change_set, action)
        case Lose():
            return lose_opportunity(change_set, action)
        case Disqualify():
            return disqualify_lead(change_set, action)
        case _:
            assert_never(action)
