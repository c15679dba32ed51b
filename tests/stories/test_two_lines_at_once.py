"""Five hundred inquiries at once: 250 people, each about two product lines."""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from leadloop.act import Failure, act
from leadloop.model.decision import Verdict
from leadloop.model.errors import Busy
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Lead, Record, SubmissionOutcome
from leadloop.model.pool import Pool
from leadloop.model.submission import Submission
from leadloop.store.items import to_entity
from tests.stories.world import World

PEOPLE, WORKERS, BATCH = 250, 4, 10
FORMS = {"machines": "machines-quote", "homecare": "homecare-callback"}


def inquiries(world: World) -> list[Submission]:
    """Both inquiries of each person, with others between them."""
    found = []
    for n in range(PEOPLE):
        person = {"name": f"Ada Nowak{n}", "email": f"p{n}@firm{n}.example", "country": "DE"}
        hot: dict[str, str | int] = {"employees": 900, "budget": 500_000, "timeframe": "now"}
        for line, form in FORMS.items():
            said = {**person, **hot} if line == "machines" else person
            found.append(world.post_form(form, said, key=f"{line}-{n:04d}"))
    random.Random(20_261_201).shuffle(found)
    return found


def decide_all(world: World, batch: Sequence[Submission]) -> None:
    """As a worker does: what lost every round comes again."""
    pending = list(batch)
    while pending:
        results = act(
            pending,
            table=world.table,
            playbook=world.playbook,
            clock=lambda: world.now,
            pause=lambda _: None,
        )
        lost = []
        for submission, result in zip(pending, results, strict=True):
            if isinstance(result, Failure):
                assert isinstance(result.error, Busy), result.error
                lost.append(submission)
            else:
                assert isinstance(result, Verdict)
                assert result.outcome is SubmissionOutcome.LEAD
        pending = lost


def test_each_person_has_a_lead_in_each_line_with_one_owner_and_no_cap_is_passed() -> None:
    world = World()
    waiting = inquiries(world)
    batches = [waiting[n : n + BATCH] for n in range(0, len(waiting), BATCH)]
    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(lambda batch: decide_all(world, batch), batches))
    entities = [to_entity(item) for item in world.table.all_items()]
    leads: list[Lead] = [
        each.lead for each in entities if isinstance(each, Record | FurtherLead) and each.lead
    ]
    assert Counter(each.product_line for each in leads) == dict.fromkeys(FORMS, PEOPLE)
    persons = [each for each in entities if isinstance(each, Record) and each.person]
    assert len(persons) == PEOPLE
    assert len([each for each in entities if isinstance(each, FurtherLead)]) == PEOPLE
    held = Counter(each.assignment.rep for each in leads if each.assignment and each.assignment.rep)
    assert all(each.assignment for each in leads)
    books = {
        rep: load for each in entities if isinstance(each, Pool) for rep, load in each.reps.items()
    }
    assert {rep: load.open for rep, load in books.items() if load.open} == held
    for pool in world.playbook.playbook.pools.values():
        for rep in pool.reps:
            assert rep.max_open is None or held[rep.id] <= rep.max_open
