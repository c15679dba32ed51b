"""What a decision saw, gathered when it is made and put beside what it changes.

It lies in the partition of each record that changed: in the entry of the lead's timeline, or by
itself where there is none; in the record where that holds no lead. A merged submission needs none
of its own: its lead's entry has it.
"""

from collections.abc import Iterator

from pydantic.main import IncEx

from leadloop.decide.lead.context import DecisionContext
from leadloop.model.decision import Decision
from leadloop.model.event import TimelineEntry, TraceRef
from leadloop.model.facts import Change, Facts, PlaybookRef, UnreadableItem
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Lead, Record
from leadloop.model.lead_id import further_line, person_of
from leadloop.model.provider_check import CheckRef
from leadloop.model.reference import Entity
from leadloop.model.submission import Submission
from leadloop.model.trace import Basis, CodeVersion, DecisionNotes, DecisionTrace, Json, TraceAnswer
from leadloop.model.trigger import Trigger
from leadloop.playbook.closed_clauses import OPEN_GROUPS, OPEN_NAMES
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.policy.conditions import View

LEAD_ITEMS = (Record, FurtherLead)
TOKEN_LENGTH = 12  # characters of a captcha's token, which is good for one look
SORTED_OPEN_NAMES = tuple(sorted(OPEN_NAMES))
USUAL_VALUES: View = {  # what most leads have; it is left out
    "cycle": 1,
    "customer": False,
    "open_question": False,
    "score.behaviour": 0,
    "subscriber": False,
}


def keep_trace(
    decision: Decision, trigger: Trigger, context: DecisionContext, code: CodeVersion
) -> Decision:
    """The decision; if it changes a record or a lead, with what it saw among its changes."""
    notes = context.facts.notes
    if notes is None or not any(isinstance(each.after, LEAD_ITEMS) for each in decision.changes):
        return decision
    trace = _build_trace(trigger, notes, context, code)
    changes = tuple(_keep_beside(decision.changes, trace, trigger, context))
    return decision._replace(changes=changes, trace=trace)


def _keep_beside(
    changes: tuple[Change, ...], trace: DecisionTrace, trigger: Trigger, context: DecisionContext
) -> Iterator[Change]:
    versions = _changed_versions(changes)
    people = frozenset(versions)
    for change in changes:
        match change.after:
            case TimelineEntry() as entry if (
                versions and (person := person_of(entry.lead_id)) in versions
            ) and _is_own(entry, context):
                yield change._replace(
                    after=entry.but(trace=trace.but(versions=versions.pop(person)))
                )
            case Record(lead=None) as record if (
                change.before is None and person_of(record.lead_id or "") not in people
            ):
                yield change._replace(after=record.but(trace=trace))
            case _:
                yield change
    for person, changed in versions.items():
        entry = TimelineEntry(lead_id=person, at=context.now, trigger_id=trigger.id, events=()).but(
            trace=trace.but(versions=changed)
        )
        ref = TraceRef(person, entry.at.isoformat(), entry.trigger_id, entry.n)
        yield Change(ref, None, entry)


def _changed_versions(changes: tuple[Change, ...]) -> dict[str, dict[str, int]]:
    """The versions of what holds a lead and is changed: by person and product line."""
    versions: dict[str, dict[str, int]] = {}
    for change in changes:
        match change.after:
            case Record(lead=Lead()) as record:
                versions.setdefault(record.id, {})[""] = record.version
            case FurtherLead() as further:
                line = further_line(further.id) or ""
                versions.setdefault(person_of(further.id), {})[line] = further.version
    return versions


def _is_own(entry: TimelineEntry, context: DecisionContext) -> bool:
    """Whether it is the decision's own entry; a note of another system's history is none."""
    return entry.at == context.now and not entry.trigger_id.endswith("~")


def _build_trace(
    trigger: Trigger, notes: DecisionNotes, context: DecisionContext, code: CodeVersion
) -> DecisionTrace:
    return DecisionTrace.trusted(
        versions={"": 1},
        basis=Basis.trusted(
            playbook=context.book.version, now=context.now, bundle=code.bundle, shape=code.shape
        ),
        trigger=_trigger_json(trigger),
        asked=len(notes.read),
        answers=tuple(_kept_answers(notes, context.facts)),
        view=_open_values(notes),
        clauses=_clause_results(notes, context.book),
        turns=tuple(notes.turns),
    )


def _trigger_json(trigger: Trigger) -> Json:
    if not isinstance(trigger, Submission):
        return trigger.model_dump(mode="json", exclude_none=True)
    captcha = trigger.captcha
    if captcha is not None and captcha.token:
        trigger = trigger.but(captcha=captcha.but(token=captcha.token[:TOKEN_LENGTH]))
    # Of the bytes its record tells; only a mail's hash is part of what is asked for.
    left_out: IncEx = {"raw"} if trigger.message_id is None else {"raw": {"body"}}
    values = trigger.model_dump(mode="json", exclude_defaults=True, exclude=left_out)
    return {"kind": trigger.kind, **values}


def _kept_answers(notes: DecisionNotes, facts: Facts) -> Iterator[TraceAnswer]:
    known = facts.known
    for ref in notes.read:
        match ref:
            case PlaybookRef(version):
                yield TraceAnswer("PlaybookRef", (version,), facts.playbooks[ref] is not None)
            case CheckRef(provider, source, of):
                value = facts.provider_answers[ref].model_dump(mode="json")
                yield TraceAnswer("CheckRef", (provider, source, of[:TOKEN_LENGTH]), value)
            case _ if (entity := known[ref]) is not None and not isinstance(entity, UnreadableItem):
                yield TraceAnswer(type(ref).__name__, tuple(ref), _entity_json(entity))


def _entity_json(entity: Entity) -> Json | int:
    if isinstance(entity, FurtherLead):
        return entity.version
    if isinstance(entity, Record):
        if entity.lead is not None:
            return entity.version
        entity = entity.but(raw=entity.raw.but(body=None), trace=None)
    return entity.model_dump(mode="json", exclude_defaults=True)


def _open_values(notes: DecisionNotes) -> Json:
    """The values that tell of nobody, without what most leads have."""
    view = notes.view
    if view is None:
        return {}
    values: Json = {
        name: value
        for name in SORTED_OPEN_NAMES
        if (value := view.get(name)) is not None and value != USUAL_VALUES.get(name)
    }
    values |= {name: view[name] for name in view if name.startswith(OPEN_GROUPS)}
    return values


def _clause_results(notes: DecisionNotes, book: CompiledPlaybook) -> str:
    view = notes.view
    if view is None:
        return ""
    return "".join(["1" if holds(view) else "0" for holds in book.closed_clauses(notes.line)])
