"""What is read before a batch is decided: enough for most, and never more than a guess."""

from collections.abc import Iterable

from leadloop.decide import decide, guess_refs, prepare
from leadloop.model.account import AccountRef
from leadloop.model.claim import ClaimRef
from leadloop.model.decision import Decision
from leadloop.model.facts import FactRequest, Facts
from leadloop.model.further_lead import LineRef
from leadloop.model.lead import RecordRef
from leadloop.model.pool import PoolRef
from leadloop.model.reference import AnyRef
from leadloop.model.submission import Submission
from leadloop.store.read import read
from tests.bench import inquiries
from tests.stories.world import MONDAY, World, compile_acme


def guess(submission: Submission, facts: Facts) -> frozenset[AnyRef]:
    return guess_refs(prepare(submission, compile_acme()), facts)


def learn(facts: Facts, refs: Iterable[AnyRef], world: World) -> Facts:
    return facts.learn(read(world.table, refs), {}, {})


def test_a_new_lead_is_decided_at_once_on_what_two_guesses_have_read() -> None:
    submission, world, facts = inquiries.build_submission(1), World(), Facts()
    for _ in range(2):
        assert isinstance(decide(submission, facts, compile_acme(), MONDAY), FactRequest)
        facts = learn(facts, guess(submission, facts), world)
    assert guess(submission, facts) == frozenset()
    assert isinstance(decide(submission, facts, compile_acme(), MONDAY), Decision)


def test_who_asks_again_is_looked_up_and_no_company_or_pool_is() -> None:
    world = World()
    lead_id = world.submit(inquiries.build_submission(1)).lead_id
    again = inquiries.build_submission(1, submission_key="again").but(id="AGAIN")
    first = guess(again, Facts())
    assert RecordRef("AGAIN") in first
    assert {type(ref) for ref in first} == {RecordRef, ClaimRef}
    assert guess(again, learn(Facts(), first, world)) == {
        RecordRef(str(lead_id)),
        *(LineRef(str(lead_id), line) for line in compile_acme().lines),
    }


def test_of_a_message_that_came_twice_nothing_more_is_read() -> None:
    world, submission = World(), inquiries.build_submission(1)
    world.submit(submission)
    facts = learn(Facts(), guess(submission, Facts()), world)
    assert guess(submission, facts) == frozenset()


def test_what_is_guessed_for_a_new_person_is_the_company_and_the_pools_of_the_routes() -> None:
    submission = inquiries.build_submission(1)
    facts = learn(Facts(), guess(submission, Facts()), World())
    routes = compile_acme().playbook.routing.routes
    assert guess(submission, facts) == {
        AccountRef("papierfabrik-1.example"),
        *(PoolRef(pool) for route in routes for pool in route.pools),
    }
