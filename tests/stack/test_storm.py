"""Two hundred forms from eight callers at once, every eighth person twice."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from leadloop.model.lead import Record, SubmissionOutcome
from tests.stack.conftest import MOST_OF_MOIRA, Running
from tests.stack.people import caller, post, yorkshireman

CALLERS = 8
HOMES, MILLS = 156, 20
SAME_PAGE, ANOTHER_PAGE = 12, 12  # sent twice by one page; by another, the address otherwise
OUTCOMES = 240.0  # seconds, on two busy cores


class Storm(NamedTuple):
    """What was sent, by the id each was given, and what became of it."""

    statuses: Counter[int]
    ids: list[str]
    records: dict[str, Record]


def forms() -> Iterator[tuple[str, dict[str, object]]]:
    homes = [("homecare-callback", caller(number)) for number in range(HOMES)]
    mills = [("machines-quote", yorkshireman(number)) for number in range(MILLS)]
    for number, each in enumerate(homes):
        yield each
        if number % 13 == 0:  # pressed twice
            yield each
        elif number % 13 == 6:
            form, fields = each
            email = str(fields["email"]).upper()
            yield form, fields | {"email": email, "submission_key": f"again-{number}"}
        if number % 8 == 0:
            yield mills[number // 8]


@pytest.fixture(scope="module")
def storm(running: Running) -> Storm:
    every = list(forms())
    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(lambda each: post(running.client, *each), every))
    ids = [answer.json().get("submission_id", "") for answer in answers]
    deadline = time.monotonic() + OUTCOMES
    while not set(ids) <= (records := running.records()).keys():
        assert time.monotonic() < deadline, f"{len(set(ids) - records.keys())} without outcome"
        time.sleep(0.5)
    assert running.idle() == {}
    return Storm(Counter(answer.status for answer in answers), ids, running.records())


def test_the_storm_is_two_hundred_forms_of_which_twelve_in_a_hundred_are_doubles() -> None:
    every = list(forms())
    people = {str(fields["email"]).lower() for _, fields in every}
    keys = {str(fields["submission_key"]) for _, fields in every}
    assert len(every) == 200
    assert len(people) == HOMES + MILLS == 176
    assert len(every) - len(keys) == SAME_PAGE
    assert len(keys) - len(people) == ANOTHER_PAGE


def test_every_form_is_taken(storm: Storm) -> None:
    assert storm.statuses == {202: 200}


def test_each_submission_is_in_one_named_state(storm: Storm) -> None:
    ours = [storm.records[each] for each in set(storm.ids)]
    assert Counter(record.outcome for record in ours) == {
        SubmissionOutcome.LEAD: HOMES + MILLS,
        SubmissionOutcome.MERGED: ANOTHER_PAGE,
    }


def test_there_are_as_many_leads_as_persons(storm: Storm) -> None:
    ours = [storm.records[each] for each in set(storm.ids)]
    people = {r.lead.contact.email for r in ours if r.lead}
    assert len(people) == sum(r.lead is not None for r in ours) == HOMES + MILLS
    assert {r.lead_id for r in ours} == {r.id for r in ours if r.lead}


def test_five_equal_people_share_within_one(storm: Storm) -> None:
    owners = held(storm, "care")
    assert set(owners) == {"anna", "bruno", "celina", "dilara", "emil"}
    assert sum(owners.values()) == HOMES
    assert max(owners.values()) - min(owners.values()) <= 1


def test_who_has_reached_the_limit_gets_no_more_and_the_rest_goes_on(storm: Storm) -> None:
    assert held(storm, "islands") == {"moira": MOST_OF_MOIRA}
    assert sum(held(storm, "overflow").values()) == MILLS - MOST_OF_MOIRA


def test_every_pools_book_agrees_with_its_leads_and_no_limit_is_passed(
    storm: Storm, running: Running
) -> None:
    pools = running.pools()
    for pool in running.playbook.pools.values():
        owners = held(storm, pool.id, ours=False)
        loads = pools[pool.id].reps if pool.id in pools else {}
        assert {rep: load.open for rep, load in loads.items() if load.open} == owners
        for rep in pool.reps:
            assert rep.max_open is None or owners[rep.id] <= rep.max_open
            assert rep.per_day is None or owners[rep.id] <= rep.per_day


def test_queues_and_dead_letter_queues_are_empty(storm: Storm, running: Running) -> None:
    assert running.idle() == {}
    assert sum(name.endswith("_dead") for name in running.messages()) == 5


def test_each_new_lead_is_told_once_to_its_owner(storm: Storm, running: Running) -> None:
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
