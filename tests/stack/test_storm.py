"""A thousand forms from eight callers as fast as they are taken, every eighth a double."""

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import pytest

from leadloop.model.delivery import Delivery, DeliveryState
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.store.items import text_attribute, to_entity
from tests.stack.bare import deploy_bare_door
from tests.stack.conftest import MOIRA_LIMIT, RunningSystem
from tests.stack.people import callback_person, leeds_person, post_form

CALLERS = 8
HOMES, MILLS = 860, 20
SAME_PAGE, ANOTHER_PAGE = 60, 60  # sent twice by one page; by another, the address otherwise
SETTLED = 120.0  # seconds from the first post till each has its outcome, on two idle cores
PATIENCE = 600.0  # the same, on busy ones
NOTED = "storm"


class Storm(NamedTuple):
    """What was sent, by the id each was given, and what became of it."""

    statuses: Counter[int]
    ids: list[str]
    records: dict[str, Record]
    rate: float  # posts a second that were taken
    bare_rate: float  # that a door took which only enqueues
    settled: float  # seconds


def forms() -> Iterator[tuple[str, dict[str, object]]]:
    homes = [("homecare-callback", callback_person(number)) for number in range(HOMES)]
    mills = [("machines-quote", leeds_person(number)) for number in range(MILLS)]
    for number, each in enumerate(homes):
        yield each
        if number % 14 == 0 and number < 14 * SAME_PAGE:  # pressed twice
            yield each
        elif number % 14 == 7 and number < 14 * ANOTHER_PAGE:
            form, fields = each
            email = str(fields["email"]).upper()
            yield form, fields | {"email": email, "submission_key": f"again-{number}"}
        if number % 43 == 0:
            yield mills[number // 43]


@pytest.fixture(scope="module")
def storm(running: RunningSystem, tmp_path_factory: pytest.TempPathFactory) -> Storm:
    every = list(forms())
    began = time.monotonic()
    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(lambda each: post_form(running.client, *each), every))
    posted = time.monotonic()
    ids = [answer.json().get("submission_id", "") for answer in answers]
    while any(waiting := running.count_messages().values()) or not _is_settled(running, ids):
        assert time.monotonic() < began + PATIENCE, f"not settled; waiting are {list(waiting)}"
        time.sleep(1)
    settled = time.monotonic()
    bare = urlsplit(deploy_bare_door(running.aws, tmp_path_factory.mktemp("bare")))
    bodies = [json.dumps(fields).encode() for _, fields in every]
    enqueue(bare, bodies[0])  # its first process starts
    bare_began = time.monotonic()
    with ThreadPoolExecutor(CALLERS) as callers:
        statuses = Counter(callers.map(lambda body: enqueue(bare, body), bodies))
    bare_took = time.monotonic() - bare_began
    assert statuses == {202: len(every)}
    return Storm(
        Counter(answer.status for answer in answers),
        ids,
        running.records(),
        rate=len(every) / (posted - began),
        bare_rate=len(every) / bare_took,
        settled=settled - began,
    )


def _is_settled(running: RunningSystem, ids: Collection[str]) -> bool:
    """Whether each has its outcome and nothing is left to be said, though no queue holds it yet."""
    deliveries = [item for item in running.items() if text_attribute(item, "sk").startswith("D#")]
    states = {each.state for each in map(to_entity, deliveries) if isinstance(each, Delivery)}
    left = states & {DeliveryState.READY, DeliveryState.SENDING}
    return not left and set(ids) <= running.records().keys()


def enqueue(door: SplitResult, body: bytes) -> int:
    """As `Client.call` does it: a connection for each post."""
    connection = HTTPConnection(door.netloc, timeout=60)
    with closing(connection):
        connection.request("POST", door.path, body, {"Content-Type": "application/json"})
        return connection.getresponse().status


def test_the_rate_is_told_beside_a_bare_doors(
    storm: Storm, record_property: Callable[[str, object], None]
) -> None:
    rates = f"{storm.rate:.0f} posts/s, {storm.bare_rate:.0f}/s at a bare door"
    settled = f"settled in {storm.settled:.0f} s of {SETTLED:.0f}"
    record_property(NOTED, f"{storm.statuses.total()} forms: {rates}; {settled}")


def test_the_storm_is_a_thousand_forms_of_which_twelve_in_a_hundred_are_doubles() -> None:
    every = list(forms())
    people = {str(fields["email"]).lower() for _, fields in every}
    keys = {str(fields["submission_key"]) for _, fields in every}
    assert len(every) == 1_000
    assert len(people) == HOMES + MILLS == 880
    assert len(every) - len(keys) == SAME_PAGE
    assert len(keys) - len(people) == ANOTHER_PAGE


def test_every_form_is_taken(storm: Storm) -> None:
    assert storm.statuses == {202: 1_000}


def test_each_submission_is_in_one_named_state(storm: Storm) -> None:
    ours = [storm.records[each] for each in set(storm.ids)]
    assert Counter(record.outcome for record in ours) == {
        SubmissionOutcome.LEAD: HOMES + MILLS,
        SubmissionOutcome.MERGED: ANOTHER_PAGE,
    }


def test_there_are_as_many_leads_as_persons(storm: Storm) -> None:
    ours = [storm.records[each] for each in set(storm.ids)]
    people = {r.person.contact.email for r in ours if r.person}
    assert len(people) == sum(r.lead is not None for r in ours) == HOMES + MILLS
    assert {r.lead_id for r in ours} == {r.id for r in ours if r.lead}


def test_five_equal_people_share_within_one(storm: Storm) -> None:
    owners = held(storm, "care")
    assert set(owners) == {"anna", "bruno", "celina", "dilara", "emil"}
    assert sum(owners.values()) == HOMES
    assert max(owners.values()) - min(owners.values()) <= 1


def test_who_has_reached_the_limit_gets_no_more_and_the_rest_goes_on(storm: Storm) -> None:
    assert held(storm, "islands") == {"moira": MOIRA_LIMIT}
    assert sum(held(storm, "overflow").values()) == MILLS - MOIRA_LIMIT


def test_every_pools_book_agrees_with_its_leads_and_no_limit_is_passed(
    storm: Storm, running: RunningSystem
) -> None:
    pools = running.pools()
    for pool in running.playbook.pools.values():
        owners = held(storm, pool.id, ours=False)
        loads = pools[pool.id].reps if pool.id in pools else {}
        assert {rep: load.open for rep, load in loads.items() if load.open} == owners
        for rep in pool.reps:
            assert rep.max_open is None or owners[rep.id] <= rep.max_open
            assert rep.per_day is None or owners[rep.id] <= rep.per_day


def test_queues_and_dead_letter_queues_are_empty(storm: Storm, running: RunningSystem) -> None:
    assert running.wait_until_idle() == {}
    assert sum(name.endswith("_dead") for name in running.count_messages()) == 5


def test_each_new_lead_is_told_once_to_its_owner(storm: Storm, running: RunningSystem) -> None:
    ours = {record.id: record for record in storm.records.values() if record.id in storm.ids}
    mails = [m for m in running.client.mails() if m.message["X-Leadloop-Lead"] in ours]
    deliveries = Counter(str(mail.message["X-Leadloop-Delivery"]) for mail in mails)
    assert set(deliveries.values()) == {1}
    told = {(mail.message["X-Leadloop-Lead"], mail.recipient.partition("@")[0]) for mail in mails}
    owned = {
        (r.id, r.lead.assignment.rep)
        for r in ours.values()
        if r.lead and r.lead.assignment and r.lead.assignment.rep
    }
    assert owned <= told


def held(storm: Storm, pool: str, *, ours: bool = True) -> Counter[str]:
    """How many leads each rep of the pool holds; `ours`: of this storm only."""
    return Counter(
        str(record.lead.assignment.rep)
        for record in storm.records.values()
        if record.lead
        and record.lead.assignment
        and record.lead.assignment.pool == pool
        and record.lead.assignment.rep
        and (record.id in storm.ids or not ours)
    )
