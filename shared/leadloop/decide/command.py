"""What a person does to a lead."""

from typing import assert_never

from leadloop.decide.commands.contact import edit_contact
from leadloop.decide.commands.opportunity import convert_lead, lose_opportunity, win_opportunity
from leadloop.decide.commands.ownership import (
    accept_lead,
    disqualify_lead,
    reject_lead,
    works_lead,
)
from leadloop.decide.commands.question import answer_question
from leadloop.decide.commands.release import refuse_if_dormant, release_lead
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.context import DecisionContext
from leadloop.model.account import AccountRef
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


def decide(command: Command, context: DecisionContext) -> Decision:
    """The command's effect, or why it cannot be done: then nothing is changed."""
    before = context.find_lead(command.lead_id)
    if before is None:
        return context.build_decision(Refused(error="NotFound", text="no such lead"))
    lead, lead_id, action = before.lead, command.lead_id, command.action
    if command.id in lead.applied:
        return context.build_decision(
            Applied(lead_id=lead_id, version=before.version, what=action.do, repeated=True)
        )
    if command.expected is not None and command.expected != before.version:
        text = f"the lead is at version {before.version}, not {command.expected}: read it again"
        return context.build_decision(Refused(error="Stale", text=text))
    if (account := before.person.account) is not None:
        context.facts.require(AccountRef(account))
    change_set = ChangeSet(
        context=context, trigger_id=command.id, before=before, actor=command.actor
    )
    try:
        refusal = refuse_if_dormant(change_set, action) or _apply(change_set, command)
    except IllegalMove as illegal:
        refusal = Refused(error="IllegalMove", text=str(illegal))
    if refusal is not None:
        return context.build_decision(refusal)
    return change_set.build_decision(
        Applied(lead_id=lead_id, version=change_set.version, what=action.do)
    )


def _apply(change_set: ChangeSet, command: Command) -> Refused | None:
    match command.action:
        case Accept():
            return accept_lead(change_set, command.actor)
        case Answer() as action:
            return answer_question(change_set, command.actor, action)
        case action if works_lead(change_set, command.actor):
            return _apply_to_own_lead(change_set, action)
        case _:
            return Refused(error="Forbidden", text="the lead belongs to somebody else")


def _apply_to_own_lead(
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
