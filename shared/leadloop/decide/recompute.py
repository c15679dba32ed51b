"""Makes the decisions on one record again, from what each of them saw, and compares.

It begins with the founding decision and goes on step by step: each decision stands on the record
as the one before has left it. Everything is compared that is kept of a decision: its entry with
events and trace, the deliveries that it made, and at the end the record.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from leadloop.decide import decide
from leadloop.decide.lead.trace_facts import (
    BookFinder,
    HistoryMissing,
    ItemFinder,
    build_facts,
    read_trigger,
)
from leadloop.model.decision import Decision
from leadloop.model.delivery import Delivery
from leadloop.model.event import TimelineEntry
from leadloop.model.facts import FactRequest
from leadloop.model.further_lead import FurtherLead, LineRef
from leadloop.model.lead import Record, RecordRef
from leadloop.model.lead_id import further_line, person_of
from leadloop.model.reference import AnyRef, Entity
from leadloop.model.trace import CodeVersion, DecisionTrace, Json, TraceAnswer

ItemVersions = dict[AnyRef, dict[int, Entity]]  # of persons and leads, as decisions made them
ITEM_REFS = (RecordRef.__name__, LineRef.__name__)
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
    """A record, further leads of its person, entries of the timeline, and deliveries by id."""

    record: Record
    further: tuple[FurtherLead, ...] = ()
    entries: tuple[TimelineEntry, ...] = ()
    deliveries: Mapping[str, Delivery] = {}


class _Step(NamedTuple):
    """A decision as it is kept: its trace, and the entry that holds it, unless the record does."""

    trace: DecisionTrace
    entry: TimelineEntry | None


class _Remade(NamedTuple):
    """The items as the decision leaves them now, and how the decision compares."""

    items: dict[AnyRef, Entity]
    difference: str | None


def recompute(
    history: DecisionHistory,
    *,
    find_playbook: BookFinder,
    find_item: ItemFinder,
    bundle: str,
    made: ItemVersions | None = None,
) -> Iterator[Recomputation]:
    """Each decision on the person, in an order in which it could be made, and compared.

    `bundle` is the hash of the code that runs here. `made` takes each version of each item.
    """
    record, items = history.record, {} if made is None else made
    waiting = sorted(_list_steps(history), key=lambda step: step.trace.basis.now)
    if not waiting and person_of(record.lead_id or "") not in ("", record.id):
        return  # merged, or of a further lead: the trace is the lead's
    while ready := next((step for step in waiting if _is_ready(record.id, step, items)), None):
        waiting.remove(ready)
        yield _recompute_step(history, ready, items, find_playbook, find_item, bundle)
    for step in waiting:
        version = min(step.trace.versions.values())
        why = "what it stands on was changed without a trace, or decided before traces were kept"
        yield _result(record.id, step, Comparison.NOT_KEPT, why, version=version)
    yield from _compare_items(history, items)


def _is_ready(record_id: str, step: _Step, items: ItemVersions) -> bool:
    """Whether all that the decision stood on in this partition has been made again."""
    changed = ((line, version - 1) for line, version in step.trace.versions.items() if version > 1)
    read = (
        (_line_of(answer), answer.value)
        for answer in step.trace.answers
        if answer.at[0] == record_id and isinstance(answer.value, int) and answer.of in ITEM_REFS
    )
    return all(
        version in items.get(_item_ref(record_id, line), {}) for line, version in (*changed, *read)
    )


def _line_of(answer: TraceAnswer) -> str:
    return str(answer.at[1]) if answer.of == LineRef.__name__ else ""


def _item_ref(record_id: str, line: str) -> AnyRef:
    return LineRef(record_id, line) if line else RecordRef(record_id)


def _recompute_step(
    history: DecisionHistory,
    step: _Step,
    items: ItemVersions,
    find_playbook: BookFinder,
    find_item: ItemFinder,
    bundle: str,
) -> Recomputation:
    record_id = history.record.id

    def find(ref: AnyRef, version: int) -> Entity | None:
        own = items.get(ref, {}).get(version)
        return own if own is not None else find_item(ref, version)

    try:
        remade = _remake(history, step, find_playbook, find)
    except HistoryMissing as missing:
        return _result(record_id, step, Comparison.NOT_KEPT, str(missing))
    if isinstance(remade, str):
        return _result(record_id, step, Comparison.DIFFERENT, remade, bundle=bundle)
    for ref, entity in remade.items.items():
        items.setdefault(ref, {})[getattr(entity, "version", 1)] = entity
    comparison = Comparison.EQUAL if remade.difference is None else Comparison.DIFFERENT
    return _result(record_id, step, comparison, remade.difference or "", bundle=bundle)


def _result(
    record_id: str,
    step: _Step,
    comparison: Comparison,
    why: str,
    *,
    bundle: str | None = None,
    version: int | None = None,
) -> Recomputation:
    trace = step.trace
    trigger_id = str(trace.trigger.get("id") or (step.entry.trigger_id if step.entry else ""))
    is_other = bundle is not None and trace.basis.bundle != bundle
    number = max(trace.versions.values()) if version is None else version
    return Recomputation(record_id, number, trigger_id, comparison, why, is_other)


def _compare_items(history: DecisionHistory, items: ItemVersions) -> Iterator[Recomputation]:
    """What is stored of the person and the further leads now, and is not what decisions made."""
    record = history.record
    stored: list[tuple[AnyRef, Record | FurtherLead]] = [(RecordRef(record.id), record)]
    stored += [(LineRef(record.id, further_line(each.id) or ""), each) for each in history.further]
    for ref, kept in stored:
        versions = items.get(ref, {})
        if not versions:
            if isinstance(kept, Record) and kept.lead is None and kept.lead_id is not None:
                continue
            if not any(step.trace for step in _list_steps(history)):
                why = "its first decision was made before traces were kept"
                yield Recomputation(record.id, kept.version, "", Comparison.NOT_KEPT, why)
            continue
        last = max(versions)
        made = versions[last]
        if isinstance(kept, Record) and kept.lead is None:
            difference = _compare_closed(kept, made)
        elif last != kept.version:
            why = f"it was changed without a trace after version {last}"
            yield Recomputation(record.id, kept.version, "", Comparison.NOT_KEPT, why)
            continue
        else:
            difference = find_difference(_to_json(kept), _to_json(made), "record")
        if difference is not None:
            yield Recomputation(record.id, kept.version, "", Comparison.DIFFERENT, difference)


def _compare_closed(kept: Record, made: Entity) -> str | None:
    """Of a record without a lead: its successor may have named itself in it meanwhile."""
    kept_values, made_values = _to_json(kept), _to_json(made)
    for name in SUCCESSOR_FIELDS:
        kept_values.pop(name, None)
        made_values.pop(name, None)
    return find_difference(kept_values, made_values, "record")


def _list_steps(history: DecisionHistory) -> Iterator[_Step]:
    if history.record.trace is not None:
        yield _Step(history.record.trace, None)
    for entry in history.entries:
        if entry.trace is not None:
            yield _Step(entry.trace, entry)


def _remake(
    history: DecisionHistory, step: _Step, find_playbook: BookFinder, find_item: ItemFinder
) -> _Remade | str:
    """The decision made again, or why it is none any more."""
    trace, record_id = step.trace, history.record.id
    book = find_playbook(trace.basis.playbook)
    if book is None:
        raise HistoryMissing(f"the playbook {trace.basis.playbook} cannot be read")
    facts = build_facts(trace, find_playbook, find_item)
    code = CodeVersion(trace.basis.bundle, trace.basis.shape)
    try:
        decision = decide(read_trigger(trace), facts, book, trace.basis.now, code)
    except Exception as fault:  # noqa: BLE001 - whatever other code raises is a difference
        return f"it raises {type(fault).__name__}: {fault}"
    if isinstance(decision, FactRequest):
        return f"it asks for more: {', '.join(sorted(map(str, decision.refs)))}"
    items = dict(_list_items(decision, history.record))
    if not items:
        return f"it changes nothing: {decision.outcome.kind}"
    return _Remade(items, _compare_step(history, step, decision, items.get(RecordRef(record_id))))


def _list_items(decision: Decision, record: Record) -> Iterator[tuple[AnyRef, Entity]]:
    """What the decision makes of the items of this partition."""
    for change in decision.changes:
        match change.after:
            case Record(id=record.id) as after:
                # The raw bytes came with the submission, and no decision made them.
                yield RecordRef(record.id), after.but(raw=record.raw)
            case FurtherLead() as further if person_of(further.id) == record.id:
                yield LineRef(record.id, further_line(further.id) or ""), further


def _compare_step(
    history: DecisionHistory, step: _Step, decision: Decision, after: Entity | None
) -> str | None:
    if step.entry is None:
        remade_trace = after.trace if isinstance(after, Record) else None
        return find_difference(
            _to_json(step.trace), _to_json(remade_trace or decision.trace), "trace"
        )
    entries = [
        each.after
        for each in decision.changes
        if isinstance(each.after, TimelineEntry)
        and each.after.trace is not None
        and person_of(each.after.lead_id) == history.record.id
    ]
    if not entries:
        return "it leaves no entry"
    difference = find_difference(_to_json(step.entry), _to_json(entries[0]), "entry")
    if difference is None and step.trace.versions.get("") == 1 and isinstance(after, Record):
        events = [each.model_dump(mode="json") for each in history.record.events]
        made_events = [each.model_dump(mode="json") for each in after.events]
        difference = find_difference(events, made_events, "events")
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
    return f"{path}: was {_format_value(kept)}, is {_format_value(made)} now"


def _format_value(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _to_json(entity: Any) -> Json:  # noqa: ANN401 - a record, an entry or a trace
    values: Json = entity.model_dump(mode="json", exclude_defaults=True, exclude={"raw": {"body"}})
    return values


def count_comparisons(results: Iterable[Recomputation]) -> dict[Comparison, int]:
    """How many decisions came out as each of the three."""
    counts = dict.fromkeys(Comparison, 0)
    for result in results:
        counts[result.comparison] += 1
    return counts
