"""Makes the decisions on one record again, from what each of them saw, and compares.

It begins with the founding decision and goes on step by step: each decision stands on the record
as the one before has left it. Everything is compared that is kept of a decision: its entry with
events and trace, the deliveries that it made, and at the end the record.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from leadloop.decide import decide
from leadloop.decide.lead.decision_trace import TOKEN_LENGTH
from leadloop.model.decision import Decision
from leadloop.model.delivery import Delivery
from leadloop.model.event import TimelineEntry
from leadloop.model.facts import FactRequest, Facts, PlaybookRef
from leadloop.model.lead import Record, RecordRef
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.reference import AnyRef, Entity, build_ref
from leadloop.model.trace import CodeVersion, DecisionTrace, Json, TraceAnswer
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import CompiledPlaybook

BookFinder = Callable[[str], CompiledPlaybook | None]  # by version; None: nobody can read it
RecordFinder = Callable[[str, int], Record | None]  # by id and version; None: it is not kept
NO_RAW = {"sha256": "", "size": 0}  # of a submission whose own record has it
MADE_FIELDS = {  # of a delivery: what its sending does not change
    "channel",
    "created_at",
    "language",
    "offer",
    "playbook",
    "purpose",
    "rep",
    "sequence",
    "step",
    "template",
}
SUCCESSOR_FIELDS = ("version", "released_as", "released_by")  # of a record without a lead


class Comparison(StrEnum):
    """What a decision came out as; `not kept`: it cannot be made again."""

    EQUAL = "equal"
    DIFFERENT = "different"
    NOT_KEPT = "not kept"


class Recomputation(NamedTuple):
    """One decision made again. `why` names the first difference, or what is not kept of it.

    `is_other_code`: another bundle has made it.
    """

    record_id: str
    version: int
    trigger_id: str
    comparison: Comparison
    why: str = ""
    is_other_code: bool = False


class DecisionHistory(NamedTuple):
    """A record, all that lies on its timeline or beside it, and its deliveries by id."""

    record: Record
    entries: tuple[TimelineEntry, ...] = ()
    deliveries: Mapping[str, Delivery] = {}


class HistoryMissing(Exception):
    """Something that a decision has read is kept no longer; the message says what."""


class _Step(NamedTuple):
    """A decision as it is kept: its trace, and the entry that holds it, unless the record does."""

    trace: DecisionTrace
    entry: TimelineEntry | None


class _Remade(NamedTuple):
    """The record as the decision leaves it now, and how that compares."""

    record: Record
    difference: str | None


class _KeptEntities(dict[AnyRef, Entity | None]):
    """The entities that a decision read; where it found nothing, nothing is kept."""

    def __contains__(self, _ref: object) -> bool:
        return True

    def __missing__(self, _ref: AnyRef) -> None:
        return None


class _KeptChecks(dict[CheckRef, ProviderAnswer | ProviderFailure]):
    """The answers of providers, by as much of the question as is kept."""

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, CheckRef) and super().__contains__(_shorten(ref))

    def __getitem__(self, ref: CheckRef) -> ProviderAnswer | ProviderFailure:
        return super().__getitem__(_shorten(ref))


def recompute(
    history: DecisionHistory,
    *,
    find_playbook: BookFinder,
    find_record: RecordFinder,
    bundle: str,
    made: dict[int, Record] | None = None,
) -> Iterator[Recomputation]:
    """Each decision on the record, in order, made again and compared.

    `bundle` is the hash of the code that runs here. `made` takes the record of each version.
    """
    record, state = history.record, None
    steps = sorted(_list_steps(history), key=lambda step: step.trace.version)
    if not steps and record.lead_id not in (None, record.id):
        return  # merged: the trace is the lead's
    if not steps or steps[0].trace.version > 1:
        yield _not_kept(record, 1, "", "its first decision was made before traces were kept")
        return
    for step in steps:
        trace, version = step.trace, step.trace.version
        trigger_id = str(trace.trigger.get("id") or (step.entry.trigger_id if step.entry else ""))
        if version > 1 and (state is None or state.version != version - 1):
            before = 0 if state is None else state.version
            why = f"it was changed without a trace after version {before}"
            yield _not_kept(record, version, trigger_id, why)
            return
        try:
            remade = _remake(history, step, state, find_playbook, find_record)
        except HistoryMissing as missing:
            yield _not_kept(record, version, trigger_id, str(missing))
            return
        state = remade.record if isinstance(remade, _Remade) else None
        difference = remade.difference if isinstance(remade, _Remade) else remade
        if state is not None and made is not None:
            made[state.version] = state
        is_last = step is steps[-1]
        if difference is None and is_last and state is not None:
            difference = _compare_record(state, record)
        yield Recomputation(
            record.id,
            version,
            trigger_id,
            Comparison.EQUAL if difference is None else Comparison.DIFFERENT,
            difference or "",
            trace.basis.bundle != bundle,
        )
        if state is None:
            return
    if record.lead is not None and state is not None and record.version > state.version:
        why = f"it was changed without a trace after version {state.version}"
        yield _not_kept(record, record.version, "", why)


def _list_steps(history: DecisionHistory) -> Iterator[_Step]:
    if history.record.trace is not None:
        yield _Step(history.record.trace, None)
    for entry in history.entries:
        if entry.trace is not None:
            yield _Step(entry.trace, entry)


def _not_kept(record: Record, version: int, trigger_id: str, why: str) -> Recomputation:
    return Recomputation(record.id, version, trigger_id, Comparison.NOT_KEPT, why)


def _remake(
    history: DecisionHistory,
    step: _Step,
    state: Record | None,
    find_playbook: BookFinder,
    find_record: RecordFinder,
) -> _Remade | str:
    """The decision made again, or why it is none any more."""
    trace, record_id = step.trace, history.record.id
    book = find_playbook(trace.basis.playbook)
    if book is None:
        raise HistoryMissing(f"the playbook {trace.basis.playbook} cannot be read")
    facts = _build_facts(trace, record_id, state, find_playbook, find_record)
    code = CodeVersion(trace.basis.bundle, trace.basis.shape)
    try:
        decision = decide(read_trigger(trace), facts, book, trace.basis.now, code)
    except HistoryMissing:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever other code raises is a difference
        return f"it raises {type(fault).__name__}: {fault}"
    if isinstance(decision, FactRequest):
        return f"it asks for more: {', '.join(sorted(map(str, decision.refs)))}"
    after = _find_record(decision, record_id)
    if after is None:
        return f"it changes nothing: {decision.outcome.kind}"
    if step.trace.version == 1:  # its raw bytes came with the submission, and no decision made them
        after = after.but(raw=history.record.raw)
    return _Remade(after, _compare_step(history, step, decision, after))


def _find_record(decision: Decision, record_id: str) -> Record | None:
    records = (each.after for each in decision.changes if isinstance(each.after, Record))
    return next((record for record in records if record.id == record_id), None)


def _compare_step(
    history: DecisionHistory, step: _Step, decision: Decision, after: Record
) -> str | None:
    if step.entry is None:
        kept, made = _to_json(step.trace), _to_json(after.trace or decision.trace)
        return find_difference(kept, made, "trace")
    entries = [
        each.after
        for each in decision.changes
        if isinstance(each.after, TimelineEntry)
        and each.after.trace is not None
        and each.after.lead_id == after.id
    ]
    if not entries:
        return "it leaves no entry"
    difference = find_difference(_to_json(step.entry), _to_json(entries[0]), "entry")
    if difference is None and step.trace.version == 1:
        events = (each.model_dump(mode="json") for each in history.record.events)
        made_events = (each.model_dump(mode="json") for each in after.events)
        difference = find_difference(list(events), list(made_events), "events")
    return difference or _compare_deliveries(history, decision)


def _compare_deliveries(history: DecisionHistory, decision: Decision) -> str | None:
    for change in decision.changes:
        made = change.after
        if change.before is not None or not isinstance(made, Delivery):
            continue
        kept = history.deliveries.get(made.id)
        if kept is None:
            return f"delivery {made.id}: it was not made then"
        then, now = (
            each.model_dump(mode="json", include=MADE_FIELDS, exclude_defaults=True)
            for each in (kept, made)
        )
        if difference := find_difference(then, now, f"delivery {made.id}"):
            return difference
    return None


def _compare_record(made: Record, kept: Record) -> str | None:
    """The first difference of the record as it is from what its decisions make of it."""
    if kept.lead is not None:
        if made.version != kept.version:
            return None  # what changed it later has left no trace, which is told by itself
        return find_difference(_to_json(kept), _to_json(made), "record")
    kept_values, made_values = _to_json(kept), _to_json(made)
    for name in SUCCESSOR_FIELDS:
        kept_values.pop(name, None)
        made_values.pop(name, None)
    return find_difference(kept_values, made_values, "record")


def find_difference(kept: Any, made: Any, path: str) -> str | None:  # noqa: ANN401 - plain JSON
    """The place and the two values of the first difference, keys in order; None: there is none."""
    if isinstance(kept, dict) and isinstance(made, dict):
        for name in sorted(kept.keys() | made.keys()):
            if difference := find_difference(kept.get(name), made.get(name), f"{path}.{name}"):
                return difference
        return None
    if isinstance(kept, list) and isinstance(made, list) and len(kept) == len(made):
        for n, (one, other) in enumerate(zip(kept, made, strict=True)):
            if difference := find_difference(one, other, f"{path}[{n}]"):
                return difference
        return None
    if kept == made and isinstance(kept, bool) == isinstance(made, bool):
        return None
    return f"{path}: was {_shown(kept)}, is {_shown(made)} now"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _to_json(entity: Any) -> Json:  # noqa: ANN401 - a record, an entry or a trace
    values: Json = entity.model_dump(mode="json", exclude_defaults=True, exclude={"raw": {"body"}})
    return values


def read_trigger(trace: DecisionTrace) -> Trigger:
    """The trigger that was decided; of a submission without the bytes that came."""
    values = trace.trigger
    if values["kind"] == "submission" and "raw" not in values:
        values = {**values, "raw": NO_RAW}
    trigger: Trigger = _TRIGGERS.validate_json(json.dumps(values))
    return trigger


_TRIGGERS: TypeAdapter[Trigger] = TypeAdapter(Trigger, config={"defer_build": True})


def _build_facts(
    trace: DecisionTrace,
    record_id: str,
    state: Record | None,
    find_playbook: BookFinder,
    find_record: RecordFinder,
) -> Facts:
    """What the decision knew; what is not kept was not there."""
    entities, checks = _KeptEntities(), _KeptChecks()
    playbooks: dict[PlaybookRef, object | None] = {}
    for answer in trace.answers:
        match answer.of:
            case PlaybookRef.__name__:
                version = str(answer.at[0])
                playbooks[PlaybookRef(version)] = find_playbook(version) if answer.value else None
            case CheckRef.__name__:
                provider, source, of = map(str, answer.at)
                checks[CheckRef(provider, source, of)] = _read_check(answer.value)
            case _:
                ref = build_ref(answer.of, answer.at)
                entities[ref] = _read_entity(ref, answer, record_id, state, find_record)
    return Facts(entities, checks, playbooks)


def _read_entity(
    ref: AnyRef,
    answer: TraceAnswer,
    record_id: str,
    state: Record | None,
    find_record: RecordFinder,
) -> Entity:
    if not isinstance(ref, RecordRef) or not isinstance(answer.value, int):
        return ref.entity.model_validate_json(json.dumps(answer.value))
    if ref.id == record_id and state is not None and state.version == answer.value:
        return state
    found = find_record(ref.id, answer.value)
    if found is None:
        raise HistoryMissing(f"version {answer.value} of the lead {ref.id} is not kept")
    return found


def _read_check(value: Json) -> ProviderAnswer | ProviderFailure:
    kind = ProviderAnswer if value["kind"] == "checked" else ProviderFailure
    return kind.model_validate_json(json.dumps(value))


def _shorten(ref: CheckRef) -> CheckRef:
    return ref._replace(of=ref.of[:TOKEN_LENGTH])


def count_comparisons(results: Iterable[Recomputation]) -> dict[Comparison, int]:
    """How many decisions came out as each of the three."""
    counts = dict.fromkeys(Comparison, 0)
    for result in results:
        counts[result.comparison] += 1
    return counts
