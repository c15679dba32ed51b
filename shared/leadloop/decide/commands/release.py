"""A dormant lead is released."""

from leadloop.decide.commands.opportunity import recycle_or_close
from leadloop.decide.lead.change_set import ChangeSet
from leadloop.decide.lead.dormant import activate_dormant
from leadloop.model.command import Action, Disqualify, Edit, Release
from leadloop.model.decision import Refused
from leadloop.model.lifecycle import Stage


def refuse_if_dormant(change_set: ChangeSet, action: Action) -> Refused | None:
    """A refusal of what needs a lead at work, while it is quiet; else None."""
    works_anyway = isinstance(action, Release | Edit | Disqualify)
    if change_set.lead.quiet and not works_anyway:
        return Refused(error="Conflict", text="the lead is kept quiet: release it first")
    return None


def release_lead(change_set: ChangeSet) -> Refused | None:
    """Work the lead from where it stands; a lost one waits or is closed, as the playbook says."""
    if not change_set.lead.quiet:
        return Refused(error="Conflict", text="the lead is not kept quiet")
    activate_dormant(change_set, "released")
    if change_set.lead.stage is Stage.RECYCLED:
        recycle_or_close(change_set, None)
    return None
