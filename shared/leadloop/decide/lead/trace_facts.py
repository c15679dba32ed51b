"""The trigger and the facts of a decision, as they are kept in its trace.

What the decision did not find is not kept; so whatever is not kept was not there.
"""

import json
from collections.abc import Callable

from pydantic import TypeAdapter

from leadloop.decide.lead.decision_trace import TOKEN_LENGTH
from leadloop.model.facts import Facts, PlaybookRef
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.reference import AnyRef, Entity, build_ref
from leadloop.model.trace import DecisionTrace, Json, TraceAnswer
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import CompiledPlaybook

BookFinder = Callable[[str], CompiledPlaybook | None]  # by version; None: nobody can read it
ItemFinder = Callable[[AnyRef, int], Entity | None]  # by version; None: it is not kept
NO_RAW = {"sha256": "", "size": 0}  # of a submission whose own record has it


class HistoryMissing(Exception):
    """Something that a decision has read is kept no longer; the message says what."""


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


def read_trigger(trace: DecisionTrace) -> Trigger:
    """The trigger that was decided; of a submission without the bytes that came."""
    values = trace.trigger
    if values["kind"] == "submission" and "raw" not in values:
        values = {**values, "raw": NO_RAW}
    trigger: Trigger = _TRIGGERS.validate_json(json.dumps(values))
    return trigger


_TRIGGERS: TypeAdapter[Trigger] = TypeAdapter(Trigger, config={"defer_build": True})


def build_facts(trace: DecisionTrace, find_playbook: BookFinder, find_item: ItemFinder) -> Facts:
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
                entities[ref] = _read_entity(ref, answer, find_item)
    return Facts(entities, checks, playbooks)


def _read_entity(ref: AnyRef, answer: TraceAnswer, find_item: ItemFinder) -> Entity:
    if not isinstance(answer.value, int):
        return ref.entity.model_validate_json(json.dumps(answer.value))
    found = find_item(ref, answer.value)
    if found is None:
        raise HistoryMissing(f"version {answer.value} of {answer.at[0]} is not kept")
    return found


def _read_check(value: Json) -> ProviderAnswer | ProviderFailure:
    kind = ProviderAnswer if value["kind"] == "checked" else ProviderFailure
    return kind.model_validate_json(json.dumps(value))


def _shorten(ref: CheckRef) -> CheckRef:
    return ref._replace(of=ref.of[:TOKEN_LENGTH])
