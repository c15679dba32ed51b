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
from leadloop.model.facts import Ask, Change, Facts, Question
from leadloop.model.provider_check import Checked, CheckRef, Unanswered
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import Compiled
from leadloop.store.commit import commit
from leadloop.store.read import read
from leadloop.store.table import Pause, Table, TooMany

MOST_ROUNDS = 6
MOST_ASKS = 4

Asker = Callable[[Sequence[CheckRef]], Mapping[CheckRef, Checked | Unanswered]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A trigger that has no outcome: `Busy` when every round was lost, else a fault of ours.

    A door answers with `error`; a queue worker gives the message back.
    """

    trigger: Trigger
    error: Exception


class AsksTooMuch(Exception):
    """A decision that still asks after all rounds of reading: a fault of the decision."""


def act(
    triggers: Sequence[Trigger],
    *,
    table: Table,
    playbook: Compiled,
    clock: Callable[[], datetime],
    pause: Pause,
    ask: Asker | None = None,
) -> list[Outcome | Failure]:
    """What became of each trigger, in their order; `pause(n)` waits before try n + 1.

    Later triggers see what earlier ones of the same batch decided. `ask` puts every question it is
    given to others; without it nobody answers.
    """
    world = _World(table, playbook, clock, pause, ask)
    return _act(triggers, Facts(), world) if triggers else []


def foresee(
    triggers: Sequence[Trigger],
    *,
    table: Table,
    playbook: Compiled,
    clock: Callable[[], datetime],
    pause: Pause,
    ask: Asker | None = None,
) -> list[Outcome | Failure]:
    """What `act` would make of each now; nothing is written."""
    return _fold(triggers, Facts(), _World(table, playbook, clock, pause, ask))[0]


class _World(NamedTuple):
    table: Table
    playbook: Compiled
    clock: Callable[[], datetime]
    pause: Pause
    ask: Asker | None

    def learn(self, known: Facts, questions: Collection[Question]) -> Facts:
        """Ours are read in one go, others are asked."""
        checks = [each for each in questions if isinstance(each, CheckRef)]
        refs = [each for each in questions if not isinstance(each, CheckRef)]
        answers = read(self.table, refs) if refs else {}
        return known.learn(answers, self._said(checks) if checks else {})

    def _said(self, checks: Sequence[CheckRef]) -> Mapping[CheckRef, Checked | Unanswered]:
        if self.ask is not None:
            return self.ask(checks)
        now, why = self.clock(), "this part of the system asks nobody outside"
        return {
            check: Unanswered(provider=check.provider, at=now, why=why, passing=False)
            for check in checks
        }


def _act(triggers: Sequence[Trigger], known: Facts, world: _World) -> list[Outcome | Failure]:
    """`known` was read a moment ago, for a larger batch, and serves for the first round."""
    middle = len(triggers) // 2
    for tried in range(1, MOST_ROUNDS + 1):
        results, changes, known = _fold(triggers, known, world)
        try:
            lost = commit(world.table, chain.from_iterable(changes))
        except TooMany as too_many:
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
    triggers: Sequence[Trigger], known: Facts, world: _World
) -> tuple[list[Outcome | Failure], list[tuple[Change, ...]], Facts]:
    """Decide all on facts that grow by each decision, reading whatever they ask for.

    The outcome and the changes of each, and all that was read.
    """
    now = world.clock()
    for asked in range(MOST_ASKS + 1):
        facts, missing = known, set[Question]()
        changes: list[tuple[Change, ...]] = []
        results: list[Outcome | Failure] = []
        for trigger in triggers:
            answer = _decide(trigger, facts, world.playbook, now)
            if isinstance(answer, Ask):
                missing |= answer.refs
                answer = Failure(trigger, AsksTooMuch(f"still asks for {len(answer.refs)} facts"))
            if isinstance(answer, Failure):
                results.append(answer)
                changes.append(())
                continue
            results.append(answer.outcome)
            changes.append(answer.changes)
            facts = facts.apply(answer.changes)
        if not missing or asked == MOST_ASKS:
            break
        known = world.learn(known, missing)
    return results, changes, known


def _decide(
    trigger: Trigger, facts: Facts, book: Compiled, now: datetime
) -> Ask | Decision | Failure:
    """A decision or a question; a trigger that breaks the decision is poison, and a failure."""
    try:
        return decide(trigger, facts, book, now)
    except Exception as poison:  # noqa: BLE001 - the poison guard: one input must not cost its neighbours
        return Failure(trigger, poison)
