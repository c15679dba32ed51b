"""A person answers an open question."""

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.command import (
    Answer,
    Command,
)
from leadloop.model.decision import Refused


def may_act(change_set: ChangeSet, command: Command) -> bool:
    """Sales works its own leads; which role has which verb at all is the door's table."""
    owner = change_set.lead.assignment.rep if change_set.lead.assignment else None
    return command.actor.role != "sales" or command.actor.id == owner


def answer_question(change_set: ChangeSet, command: Command, action: Answer) -> Refused | None:
    """By who works the lead; where nobody does, by anybody in whose list it waits."""
    asked = change_set.lead.open_question
    if asked is None:
        return Refused(error="Conflict", text="nothing waits for an answer; it may have had one")
    waits_for = change_set.book.pool_of(command.actor.id) == asked.pool
    if not may_act(change_set, command) and not (waits_for and change_set.lead.assignment is None):
        return Refused(error="Forbidden", text=f"only the pool {asked.pool} may answer")
    change_set.update_lead(open_question=None)
    change_set.note = action.note
    waited = int((change_set.now - asked.at).total_seconds())
    change_set.record_event("QuestionAnswered", pool=asked.pool, waited_seconds=waited)
    return None
