"""What a trigger becomes: the only place where the capabilities meet. Pure.

A fact that is needed and was not read yet is the question: it leaves as a `FactRequest`.
"""

from datetime import datetime
from typing import assert_never

from leadloop.decide import command, due, report, signal, submission
from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.lead.decision_trace import keep_trace
from leadloop.decide.submissions import prefetch
from leadloop.decide.submissions.inquiry import Inquiry
from leadloop.model.command import Command
from leadloop.model.decision import Decision
from leadloop.model.due import Due
from leadloop.model.facts import FactRequest, Facts, Unknown
from leadloop.model.reference import AnyRef
from leadloop.model.report import Report
from leadloop.model.signal import Signal
from leadloop.model.submission import Submission
from leadloop.model.trace import CodeVersion, DecisionNotes
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import CompiledPlaybook

UNKNOWN_CODE = CodeVersion()


def prepare(trigger: Trigger, book: CompiledPlaybook) -> Trigger | Inquiry:
    """The trigger as `decide` takes it again and again, so that it is worked out once."""
    return Inquiry(trigger, book) if isinstance(trigger, Submission) else trigger


def guess_refs(prepared: Trigger | Inquiry, facts: Facts) -> frozenset[AnyRef]:
    """What `decide` will ask for, as far as that shows without deciding; what is known is left out.

    Only a submission is worth it: all others ask at once, and for little.
    """
    if not isinstance(prepared, Inquiry):
        return frozenset()
    return frozenset(prefetch.guess_refs(prepared, facts)).difference(facts.known)


def decide(
    trigger: Trigger | Inquiry,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
    code: CodeVersion = UNKNOWN_CODE,
) -> FactRequest | Decision:
    """The decision, or what must be read first. The same arguments give the same answer.

    What it saw is among its changes, if it changes a record. `code` is what decides, for its basis.
    """
    context = DecisionContext(facts.noting(DecisionNotes()), book, now)
    try:
        decision = _decide(trigger, context)
    except Unknown as unknown:
        return FactRequest(unknown.refs)
    decided = trigger.submission if isinstance(trigger, Inquiry) else trigger
    return keep_trace(decision, decided, context, code)


def _decide(trigger: Trigger | Inquiry, context: DecisionContext) -> Decision:
    match trigger:
        case Inquiry():
            return submission.decide(trigger, context)
        case Submission():
            return submission.decide(Inquiry(trigger, context.book), context)
        case Signal():
            return signal.decide(trigger, context)
        case Command():
            return command.decide(trigger, context)
        case Due():
            return due.decide(trigger, context)
        case Report():
            return report.decide(trigger, context)
        case _:
            assert_never(trigger)
