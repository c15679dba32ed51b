"""The one place that decides and writes: every function that changes a lead calls `act`.

All that a batch of triggers decides is one transaction, so it happens as a whole or not at all. If
another writes first, the whole batch is read and decided again. A trigger that cannot be decided is
taken out, and the others go on. A batch that does not fit, or loses every round, is halved.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from leadloop.code_version import code_version
from leadloop.decide import decide, guess_refs, prepare
from leadloop.decide.submissions.inquiry import Inquiry
from leadloop.model.count import Count
from leadloop.model.decision import Decision, Outcome
from leadloop.model.errors import Busy
from leadloop.model.facts import Change, Check, FactRef, FactRequest, Facts, PlaybookRef
from leadloop.model.lead import Record
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.reference import AnyRef
from leadloop.model.trace import CodeVersion
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.store.commit import commit
from leadloop.store.read import read_each
from leadloop.store.shapes import current_shape
from leadloop.store.table import Pause, Table, TransactionTooLarge

MOST_ROUNDS = 6  # of a batch, before it is halved
MOST_PREFETCHES = 2  # rounds of reading before anything is decided
MOST_FACT_REQUESTS = 6  # rounds of reading that decisions ask for

PlaybookReader = Callable[[str], CompiledPlaybook | None]  # by version; None: nobody can read it
CheckRunner = Callable[[Sequence[CheckRef]], Mapping[CheckRef, ProviderAnswer | ProviderFailure]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A trigger without an outcome: `error` is `Busy` if every round was lost, else our fault.

    A door answers with `error`; a queue worker gives the message back.
    """

    trigger: Trigger
    error: Exception


class TooManyFactRequests(Exception):
    """A decision still asks for facts after all rounds of reading: a fault of the decision."""


def act(
    triggers: Sequence[Trigger],
    *,
    table: Table,
    playbook: CompiledPlaybook,
    clock: Callable[[], datetime],
    pause: Pause,
    ask: CheckRunner | None = None,
    versions: PlaybookReader | None = None,
) -> list[Outcome | Failure]:
    """Decide `triggers` and write what was decided; returns the outcome of each, in their order.

    Later triggers see what earlier ones of the same batch decided. `pause(n)` waits before try
    n + 1. `ask` puts questions to outside providers; without it none is answered. `versions` reads
    the playbooks that enrolments are pinned to; without it there are none but `playbook`.
    """
    world = _ActContext(table, playbook, clock, pause, ask, versions)
    return _act(triggers, Facts(), world) if triggers else []


def preview(
    triggers: Sequence[Trigger],
    *,
    table: Table,
    playbook: CompiledPlaybook,
    clock: Callable[[], datetime],
    pause: Pause,
    ask: CheckRunner | None = None,
    versions: PlaybookReader | None = None,
) -> list[Outcome | Failure]:
    """The outcomes that `act` would return now; nothing is written."""
    world = _ActContext(table, playbook, clock, pause, ask, versions)
    return _fold(triggers, Facts(), world)[0]


class _ActContext(NamedTuple):
    table: Table
    playbook: CompiledPlaybook
    clock: Callable[[], datetime]
    pause: Pause
    ask: CheckRunner | None
    versions: PlaybookReader | None

    def read_facts(self, known: Facts, questions: Collection[FactRef]) -> Facts:
        """`known` and the answers to `questions`: entities are read in one go, providers asked."""
        checks = [each for each in questions if isinstance(each, CheckRef)]
        books = [each for each in questions if isinstance(each, PlaybookRef)]
        refs = [each for each in questions if not isinstance(each, CheckRef | PlaybookRef)]
        answers = read_each(self.table, refs) if refs else {}
        versions = self.versions or (lambda _: None)
        return known.learn(
            answers,
            self._run_checks(checks) if checks else {},
            {ref: versions(ref.version) for ref in books},
        )

    def prefetch(self, prepared: Sequence[Trigger | Inquiry], known: Facts) -> Facts:
        """`known` and what the decisions will most likely ask for, so that they are made once."""
        for _ in range(MOST_PREFETCHES):
            missing = set[FactRef]().union(*(_guess(each, known) for each in prepared))
            if not missing:
                break
            known = self.read_facts(known, missing)
        return known

    def _run_checks(
        self, checks: Sequence[CheckRef]
    ) -> Mapping[CheckRef, ProviderAnswer | ProviderFailure]:
        if self.ask is not None:
            return self.ask(checks)
        now, why = self.clock(), "this part of the system asks nobody outside"
        return {
            check: ProviderFailure(provider=check.provider, at=now, why=why, passing=False)
            for check in checks
        }


class _DecisionWrites(NamedTuple):
    """What one decision writes."""

    changes: tuple[Change, ...] = ()
    counts: tuple[Count, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def refs(self) -> Iterator[AnyRef]:
        """Whatever it changes."""
        yield from (change.ref for change in self.changes)
        yield from (count.ref for count in self.counts)


def _act(triggers: Sequence[Trigger], known: Facts, world: _ActContext) -> list[Outcome | Failure]:
    """As `act`; `known` was read a moment ago for a larger batch and serves the first round."""
    middle = len(triggers) // 2
    for round_number in range(1, MOST_ROUNDS + 1):
        results, writes, known = _fold(triggers, known, world)
        try:
            conflicts = commit(
                world.table,
                chain.from_iterable(each.changes for each in writes),
                chain.from_iterable(each.counts for each in writes),
                chain.from_iterable(each.checks for each in writes),
            )
        except TransactionTooLarge as too_many:
            if len(triggers) == 1:
                return [Failure(triggers[0], too_many)]
            break
        if not conflicts:
            return results
        # The table has moved on; providers are not asked again.
        known = known.forget_entities()
        if round_number < MOST_ROUNDS:
            world.pause(round_number)
    if len(triggers) == 1:
        return [Failure(triggers[0], Busy(f"lost {MOST_ROUNDS} rounds; nothing was written"))]
    changed = {ref for each in writes[:middle] for ref in each.refs}
    unchanged_facts = {ref: entity for ref, entity in known.known.items() if ref not in changed}
    rest = Facts(unchanged_facts, known.provider_answers, known.playbooks)
    return [
        *_act(triggers[:middle], known, world),
        *_act(triggers[middle:], rest, world),
    ]


def _fold(
    triggers: Sequence[Trigger], known: Facts, world: _ActContext
) -> tuple[list[Outcome | Failure], list["_DecisionWrites"], Facts]:
    """Decide all in order, each on the facts that the ones before it have changed.

    What they will most likely ask for is read before. Facts that a decision asks for nevertheless
    are read, and all are decided again. Returns the outcome and the writes of each trigger, and all
    facts that were read.
    """
    now, code = world.clock(), CodeVersion(code_version(), current_shape(Record))
    prepared = [prepare(trigger, world.playbook) for trigger in triggers]
    known = world.prefetch(prepared, known)
    for read_count in range(MOST_FACT_REQUESTS + 1):
        facts, missing = known, set[FactRef]()
        writes: list[_DecisionWrites] = []
        results: list[Outcome | Failure] = []
        for trigger, prepared_trigger in zip(triggers, prepared, strict=True):
            answer = _decide(prepared_trigger, facts, world.playbook, now, code)
            if isinstance(answer, FactRequest):
                missing |= answer.refs
                answer = TooManyFactRequests(f"still asks for {len(answer.refs)} facts")
            if isinstance(answer, Exception):
                results.append(Failure(trigger, answer))
                writes.append(_DecisionWrites())
                continue
            results.append(answer.outcome)
            writes.append(_DecisionWrites(answer.changes, answer.counts, answer.checks))
            facts = facts.apply(answer.changes, answer.counts)
        if not missing or read_count == MOST_FACT_REQUESTS:
            break
        known = world.read_facts(known, missing)
    return results, writes, known


def _guess(prepared: Trigger | Inquiry, facts: Facts) -> Collection[FactRef]:
    try:
        return guess_refs(prepared, facts)
    except Exception:  # noqa: BLE001 - the decision meets the same, and its own guard
        return ()


def _decide(
    prepared: Trigger | Inquiry,
    facts: Facts,
    book: CompiledPlaybook,
    now: datetime,
    code: CodeVersion,
) -> FactRequest | Decision | Exception:
    """A decision, a question, or the error if the trigger breaks the decision."""
    try:
        return decide(prepared, facts, book, now, code)
    except Exception as poison:  # noqa: BLE001 - the poison guard: one input must not cost its neighbours
        return poison
