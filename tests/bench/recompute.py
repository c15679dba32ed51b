"""How many decisions are made again in a second, on two processes that share the records."""

import time
from collections.abc import Sequence
from multiprocessing import get_context
from typing import NamedTuple

from leadloop.code_version import code_version
from leadloop.decide.recompute import Comparison
from leadloop.model.command import Accept
from leadloop.store.decision_history import Recomputer
from tests.bench import inquiries
from tests.bench.goals import Figure
from tests.stories.world import World

PEOPLE = 400  # each founds a lead, and its owner accepts it
PROCESSES = 2
LEAST = 1_000  # decisions a second


class Share(NamedTuple):
    """What one process did: decisions, those that came out equal, and its seconds of CPU."""

    decisions: int
    equal: int
    seconds: float


def measure_recompute() -> Sequence[Figure]:
    """Decisions made again a second of CPU, times two cores; how many came out equal."""
    world = World()
    ids = [_found_lead(world, n) for n in range(PEOPLE)]
    parts = [ids[n::PROCESSES] for n in range(PROCESSES)]
    context = get_context("fork")  # so that each has the table
    answers = context.SimpleQueue()
    workers = [
        context.Process(target=lambda part=part: answers.put(_recompute(world, part)))
        for part in parts
    ]
    for worker in workers:
        worker.start()
    shares = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    rate = sum(share.decisions / share.seconds for share in shares)
    decisions, equal = (sum(getattr(s, name) for s in shares) for name in ("decisions", "equal"))
    return [
        Figure(
            goal="recompute",
            what="seconds for 1,000 decisions made again, two cores",
            value=1_000 / rate,
            unit="s",
            kind="time",
            limit=1_000 / LEAST,
            note=f"{rate:,.0f} decisions a second on {PROCESSES} cores",
        ),
        Figure(
            goal="recompute",
            what="  of them other than they were",
            value=1 - equal / decisions,
            unit="",
            kind="exact",
            limit=0,
        ),
    ]


def _found_lead(world: World, number: int) -> str:
    submission = inquiries.build_submission(number)
    world.act(submission)
    assignment = world.lead(submission.id).assignment
    if assignment is not None and assignment.rep is not None:
        world.run_command(submission.id, Accept(), by=assignment.rep)
    return submission.id


def _recompute(world: World, ids: Sequence[str]) -> Share:
    recomputer = Recomputer(world.table, world.find_playbook, code_version())
    recomputer.recompute_each(ids[:5])  # what a start puts off
    began = time.process_time()
    results = recomputer.recompute_each(ids)
    seconds = time.process_time() - began
    equal = sum(each.comparison is Comparison.EQUAL for each in results)
    return Share(len(results), equal, seconds)
