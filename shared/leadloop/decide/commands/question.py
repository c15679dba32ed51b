"""A person answers an open question."""

from leadloop.decide.commands.ownership import works_lead
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.command import Actor, Answer
from leadloop.model.decision import Refused
from leadloop.model.events.sales import QuestionAnswered


def answer_question(change_set: ChangeSet, actor: Actor, action: Answer) -> Refused | None:
    """Close the lead's open question.

    The rep who works the lead may; for a lead without a rep, any rep of the pool it waits for.
    """
    lead, question = change_set.lead, change_set.lead.open_question
    if question is None:
        return Refused(error="Conflict", text="nothing waits for an answer; it may have had one")
    waits_for = change_set.book.pool_of(actor.id) == question.pool
    if not works_lead(change_set, actor) and not (waits_for and lead.assignment is None):
        return Refused(error="Forbidden", text=f"only the pool {question.pool} may answer")
    change_set.update_lead(open_question=None)
    change_set.note = action.note
    waited_seconds = int((change_set.now - question.at).total_seconds())
    change_set.record_event(QuestionAnswered(pool=question.pool, waited_seconds=waited_seconds))
    return None
