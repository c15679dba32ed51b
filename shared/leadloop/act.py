"""The one hand: ask, read, decide, commit. Every function that changes a lead calls `act`.

It happened or it did not: all that a batch of triggers decides is one transaction. A race that is
lost is read and decided again with the whole batch; a trigger that cannot be decided is taken out
and the others go on; a batch that does not fit, or keeps losing, is halved.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from leadloop.decide import decide
from leadloop.model.decision import Decision, Outcome
from leadloop.model.errors import Busy
from leadloop.model.facts import Change, FactRef, FactRequest, Facts
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.store.commit import commit
from leadloop.store.read import read
from leadloop.store.table import Pause, Table, TransactionTooLarge

MOST_ROUNDS = 6
MOST_FACT_REQUESTS = 4

CheckRunner = Callable[[Sequence[CheckRef]], Mapping[CheckRef, ProviderAnswer | ProviderFailure]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A trigger that has no outcome: `Busy` when every round was lost, else a fault of ours.

    A door answers with `error`; a queue worker gives the message back.
    """

    trigger: Trigger
    error: Exception


class TooManyFactRequests(Exception):
    """A decision that still asks after all rounds of reading: a fault of the decision."""


def act(
    triggers: Sequence[Trigger],
    *,
    table: Table,
    playbook: CompiledPlaybook,
    clock: Callable[[], datetime],
    pause: Pause,
    ask: CheckRunner | None = None,
) -> list[Outcome | Failure]:
    """What became of each trigger, in their order; `pause(n)` waits before try n + 1.

    Later triggers see what earlier ones of the same batch decided. `ask` puts every question it is
    given to others; without it nobody answers.
    """
    world = _ActContext(table, playbook, clock, pause, ask)
    return _act(triggers, Facts(), world) if triggers else []


def preview(
    triggers: Sequence[Trigger],
    *,
    table: Table,
    playbook: CompiledPlaybook,
    clock: Callable[[], datetime],
    pause: Pause,
    ask: CheckRunner | None = None,
) -> list[Outcome | Failure]:
    """What `act` would make of each now; nothing is written."""
    return _fold(triggers, Facts(), _ActContext(table, playbook, clock, pause, ask))[0]


class _ActContext(NamedTuple):
    table: Table
    playbook: CompiledPlaybook
    clock: Callable[[], datetime]
    pause: Pause
    ask: CheckRunner | None

    def read_facts(self, known: Facts, questions: Collection[FactRef]) -> Facts:
        """Ours are read in one go, others are asked."""
        checks = [each for each in questions if isinstance(each, CheckRef)]
        refs = [each for each in questions if not isinstance(each, CheckRef)]
        answers = read(self.table, refs) if refs else {}
        return known.learn(answers, self._run_checks(checks) if checks else {})

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


def _act(triggers: Sequence[Trigger], known: Facts, world: _ActContext) -> list[Outcome | Failure]:
    """`known` was read a moment ago, for a larger batch, and serves for the first round."""
    middle = len(triggers) // 2
    for tried in range(1, MOST_ROUNDS + 1):
        results, changes, known = _fold(triggers, known, world)
        try:
            lost = commit(world.table, chain.from_iterable(changes))
        except TransactionTooLarge as too_many:
            if len(triggers) == 1:
                return [Failure(triggers[0], too_many)]
            break
        if not lost:
            return results
        known = Facts(said=known.said)  # the table has moved on; nobody outside is asked again
        if tried < MOST_ROUNDS:
            world.pause(tried)
    if len(triggers) == 1:
        return [Failure(triggers[0], Busy(f"lost {MOST_ROUNDS} rounds; nothing was written"))]
    moved = {change.ref for change in chain.from_iterable(changes[:middle])}
    untouched = {ref: entity for ref, entity in known.known.items() if ref not in moved}
    return [
        *_act(triggers[:middle], known, world),
        *_act(triggers[middle:], Facts(untouched, known.said), world),
    ]


def _fold(
    triggers: Sequence[Trigger], known: Facts, world: _ActContext
) -> tuple[list[Outcome | Failure], list[tuple[Change, ...]], Facts]:
    """Decide all on facts that grow by each decision, reading whatever they ask for.

    The outcome and the changes of each, and all that was read.
    """
    now = world.clock()
    for asked in range(MOST_FACT_REQUESTS + 1):
        facts, missing = known, set[FactRef]()
        changes: list[tuple[Change, ...]] = []
        results: list[Outcome | Failure] = []
        for trigger in triggers:
            answer = _decide(trigger, facts, world.playbook, now)
            if isinstance(answer, FactRequest):
                missing |= answer.refs
                answer = Failure(
                    trigger, TooManyFactRequests(f"still asks for {len(answer.refs)} facts")
                )
            if isinstance(answer, Failure):
                results.append(answer)
                changes.append(())
                continue
            results.append(answer.outcome)
            changes.append(answer.changes)
            facts = facts.apply(answer.changes)
        if not missing or asked == MOST_FACT_REQUESTS:
            break
        known = world.read_facts(known, missing)
    return results, changes, known


def _decide(
    trigger: Trigger, facts: Facts, book: CompiledPlaybook, now: datetime
) -> FactRequest | Decision | Failure:
    """A decision or a question; a trigger that breaks the decision is poison, and a failure."""
    try:
        return decide(trigger, facts, book, now)
    except Exception as poison:  # noqa: BLE001 - the poison guard: one input must not cost its neighbours
        return Failure(trigger, poison)
