"""Races told step by step: the other one always acts between our reading and our writing."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from leadloop.decide.lead.send_permission import SendPermission, check_send_permission
from leadloop.model.command import Accept
from leadloop.model.consent import Suppression
from leadloop.model.decision import Applied, DropDelivery, Ignored, Refused, Send, Verdict
from leadloop.model.delivery import Delivery
from leadloop.model.due import Due
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.pool import Pool, PoolRef
from leadloop.model.report import Report, SendStatus
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.store import keys, queries, suppressions
from leadloop.store.keys import Key
from leadloop.store.memory_table import MemoryTable
from leadloop.store.read import read
from leadloop.store.table import Write
from tests.stories.people import INES, KUBA
from tests.stories.world import World, compile_acme


class Overtaken(MemoryTable):
    """Before the next write of ours, `meanwhile` happens: to the end, on the same table."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] | None = None

    def write_all(self, writes: Sequence[Write]) -> tuple[Key, ...]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().write_all(writes)


def owner(world: World, lead_id: str) -> str:
    assignment = world.lead(lead_id).assignment
    assert assignment is not None
    assert assignment.rep is not None
    return assignment.rep


def overtaken() -> tuple[World, Overtaken]:
    table = Overtaken()
    return World(table=table), table


def test_two_deliveries_of_one_message_at_the_same_instant_have_one_outcome() -> None:
    world, table = overtaken()
    submission = world.post_form("machines-quote", INES, key="ONE")
    theirs: list[Verdict] = []
    table.meanwhile = lambda: theirs.extend(
        o for o in world.act(submission) if isinstance(o, Verdict)
    )
    (ours,) = world.act(submission)
    assert isinstance(ours, Verdict)
    assert (ours.outcome, ours.lead_id) == (theirs[0].outcome, theirs[0].lead_id)
    assert (theirs[0].repeated, ours.repeated) == (False, True)
    world.settle()
    owner = world.lead("ONE").assignment
    assert owner is not None
    assert owner.rep is not None
    assert world.count_mails(owner.rep) == 1


def test_one_person_twice_at_the_same_instant_is_one_lead() -> None:
    world, table = overtaken()
    first, second = world.post_form("machines-quote", INES), world.post_form("machines-quote", INES)
    table.meanwhile = lambda: world.act(second)
    (ours,) = world.act(first)
    assert isinstance(ours, Verdict)
    assert (ours.outcome, ours.lead_id) == (SubmissionOutcome.MERGED, second.id)


def test_two_leads_race_for_one_pool_and_the_book_counts_both() -> None:
    world, table = overtaken()
    other = INES | {"email": "otto@other.de", "phone": "+49 30 901821", "company": "Other AG"}
    first, second = (
        world.post_form("machines-quote", INES),
        world.post_form("machines-quote", other),
    )
    table.meanwhile = lambda: world.act(second)
    world.act(first)
    owners = [world.lead(s.id).assignment for s in (first, second)]
    assert all(owner is not None for owner in owners)
    pools = {owner.pool for owner in owners if owner}
    books = read(table, [PoolRef(pool) for pool in pools])
    held = sum(
        load.open
        for book in books.values()
        if isinstance(book, Pool)
        for load in book.reps.values()
    )
    assert held == 2


def test_accept_races_with_a_take_back_and_just_one_of_them_happens() -> None:
    world, table = overtaken()
    lead_id = world.submit(world.post_form("machines-quote", INES)).submission_id
    rep = owner(world, lead_id)
    world.now += timedelta(days=3)
    table.meanwhile = world.tick
    outcome = world.run_command(lead_id, Accept(), by=rep)
    after = world.lead(lead_id).assignment
    assert after is not None
    assert isinstance(outcome, Refused), outcome
    assert after.rep != rep
    assert after.takebacks == 1
    assert after.accepted_at is None


def test_a_take_back_that_is_overtaken_by_the_accept_does_nothing() -> None:
    world, table = overtaken()
    lead_id = world.submit(world.post_form("machines-quote", INES)).submission_id
    rep = owner(world, lead_id)
    world.now += timedelta(days=3)
    accepted: list[Applied | Refused] = []
    table.meanwhile = lambda: accepted.append(world.run_command(lead_id, Accept(), by=rep))
    world.tick()
    assert isinstance(accepted[0], Applied)
    assert owner(world, lead_id) == rep
    assert "LeadTakenBack" not in world.event_names(lead_id)


def test_a_page_of_the_journey_done_twice_does_no_later_step_under_an_earlier_ones_name() -> None:
    machines = compile_acme().playbook.sequences["machines"]
    hasty = machines.but(steps=tuple(step.but(wait_hours=0) for step in machines.steps))
    sequences = compile_acme().playbook.sequences | {"machines": hasty}
    world = World(
        playbook=CompiledPlaybook(compile_acme().playbook.but(sequences=sequences, version="hasty"))
    )
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.now += timedelta(seconds=1)
    pages = (
        queries.due(world.table, shard, world.now, 100).rows for shard in range(keys.DUE_SHARDS)
    )
    (due,) = [due for page in pages for due in page]
    (once,) = world.act(due)
    assert isinstance(once, Applied)
    (again,) = world.act(due)
    assert isinstance(again, Ignored)
    world.settle()
    for _ in machines.steps:
        world.now += timedelta(seconds=1)
        world.tick()
    sent = ["welcome", *(step.id for step in machines.steps[2:])]
    assert world.mailed_steps(kuba) == sent
    assert len({send.delivery.id for send in world.said}) == len(sent)


def claim_past_a_stop() -> tuple[object, World]:
    """A letter is claimed while its person presses unsubscribe: the door has answered already."""
    world, table = overtaken()
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.now += timedelta(days=5)
    world.settle()
    world.act(*_list_due(world))
    (letter,) = (each for each in world.ready() if each.purpose.is_marketing)
    assert letter.lead_id == kuba
    address = table.keys.address_hash(str(KUBA["email"]))
    stop = Suppression(why="one click", at=world.now)

    def press() -> None:
        assert suppressions.put(table, address, "marketing", stop)
        table.drain_stream()  # it is the door's, and no decision's

    table.meanwhile = press
    (outcome,) = world.act(_claim(letter, world))
    return outcome, world


def _list_due(world: World) -> list[Due]:
    pages = (queries.due(world.table, n, world.now, 100) for n in range(keys.DUE_SHARDS))
    return [due for page in pages for due in page.rows]


def _claim(letter: Delivery, world: World) -> Report:
    return Report(
        id="claim",
        lead_id=letter.lead_id,
        delivery_id=letter.id,
        met=SendStatus.SENDING,
        claim="run",
        at=world.now,
    )


def test_a_letter_is_not_claimed_past_a_stop_that_came_while_it_was_judged() -> None:
    outcome, _ = claim_past_a_stop()
    assert isinstance(outcome, DropDelivery), outcome


def test_without_its_checks_the_letter_would_go_past_the_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test above can fail: here the claim leans on nothing."""

    def unguarded(*asked: object) -> object:
        ruling = check_send_permission(*asked)  # type: ignore[arg-type]
        return SendPermission(ruling.address) if isinstance(ruling, SendPermission) else ruling

    monkeypatch.setattr("leadloop.decide.report.check_send_permission", unguarded)
    outcome, _ = claim_past_a_stop()
    assert isinstance(outcome, Send)
