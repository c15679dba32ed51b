"""What must hold when many come at one moment (I3, I6, I7, I17), on the embedded AWS."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Lead, Record, RecordRef
from leadloop.store import queries
from leadloop.store.items import key_of, to_entity
from leadloop.store.read import read
from tests.invariants.company import CAPPED, EQUAL, EQUALS, FURTHER, LIMIT, LIMITED
from tests.invariants.conftest import FULL
from tests.invariants.site import Site
from tests.invariants.storms import call_admin_api, freeze_clock, post_lead, run_together
from tests.invariants.wire import Wire

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def site(wire: Wire) -> Site:
    built = Site(wire, f"storm-{uuid4().hex[:8]}")
    built.build()
    return built


def lead(person: int, **more: str) -> str:
    said = {"email": f"p{person}@firm{person}.example", "last_name": "Nowak", "consent": True}
    return json.dumps({**said, **more})


def leads_of(site: Site) -> list[Lead]:
    found = [to_entity(item) for item in site.items() if key_of(item).sk.startswith(("S", "L#"))]
    return [each.lead for each in found if isinstance(each, Record | FurtherLead) and each.lead]


def test_one_key_tried_five_times_at_once_has_one_answer_byte_for_byte(site: Site) -> None:
    keys = range(400 if FULL else 30)

    def tries(_: int) -> list[tuple[int, str]]:
        return [post_lead(lead(key), f"key-{key}") for key in keys]

    for answers in zip(*run_together(site, 5, tries), strict=True):
        assert len(set(answers)) == 1
        assert answers[0][0] == 201
    assert len(leads_of(site)) == len(keys)


@pytest.mark.parametrize(("phone", "status"), [("+4915112345678", 201), ("12345", 202)])
def test_one_key_with_two_bodies_at_once_takes_one_and_refuses_the_other(
    site: Site, phone: str, status: int
) -> None:
    """The second of `phone` reaches nobody: then the record alone tells the two apart."""
    keys = range(200 if FULL else 20)

    def tries(n: int) -> list[tuple[int, str]]:
        bodies = (json.dumps({"phone": phone, "job_title": f"title {n}.{key}"}) for key in keys)
        return [post_lead(body, f"key-{key}") for key, body in enumerate(bodies)]

    for answers in zip(*run_together(site, 2, tries), strict=True):
        assert sorted(answer for answer, _ in answers) in ([status, 409], [200, 409])
    records = [item for item in site.items() if key_of(item).sk == "S"]
    assert len(records) == len(keys)


def test_a_limit_is_used_up_and_never_overrun_by_those_who_come_at_once(site: Site) -> None:
    callers, each = 8, 63 if FULL else 15

    def ask(n: int) -> set[int]:
        posts = (post_lead(lead(n * each + k, product=CAPPED), f"{n}-{k}") for k in range(each))
        return {status for status, _ in posts}

    assert set().union(*run_together(site, callers, ask)) == {201}
    held = Counter(lead.assignment.rep for lead in leads_of(site) if lead.assignment)
    full: dict[str | None, int] = dict.fromkeys(LIMITED, LIMIT)
    assert held == {**full, None: callers * each - LIMIT * len(LIMITED)}


def test_a_days_limit_is_used_up_and_never_overrun_while_clocks_pass_midnight(wire: Wire) -> None:
    """First all stand before it, then every second caller is some minutes behind the others."""
    site = Site(wire, f"storm-{uuid4().hex[:8]}")
    site.build(LIMIT // 2, most_open=None)
    callers, each = 4, 12
    limit = LIMIT // 2 * len(LIMITED)

    def ask(n: int, day: str, moment: datetime) -> None:
        freeze_clock(moment)
        for k in range(each):
            person = (n * each + k) * 2 + (day == "second")
            post_lead(lead(person, product=CAPPED), f"{day}-{n}-{k}")

    def taken() -> Counter[str]:
        held = Counter(lead.assignment.rep for lead in leads_of(site) if lead.assignment)
        return Counter({rep: count for rep, count in held.items() if rep})

    run_together(site, callers, lambda n: ask(n, "first", MIDNIGHT - timedelta(minutes=3)))
    assert taken() == dict.fromkeys(LIMITED, LIMIT // 2)
    behind = (timedelta(minutes=2), timedelta(minutes=-2))
    run_together(site, callers, lambda n: ask(n, "second", MIDNIGHT + behind[n % 2]))
    assert taken().total() == 2 * limit
    assert taken() == dict.fromkeys(LIMITED, 2 * (LIMIT // 2))


def test_who_asks_about_two_lines_at_once_is_one_person_with_a_lead_in_each(site: Site) -> None:
    callers, people = 8, 250 if FULL else 40

    def ask(n: int) -> list[tuple[int, str]]:
        """Each person asks about both lines, by two callers at the same moment."""
        line = {"wants": FURTHER} if n % 2 else {}
        mine = range(n // 2, people, callers // 2)
        return [post_lead(lead(k, product=CAPPED, **line), f"{n}-{k}") for k in mine]

    answers = [each for some in run_together(site, callers, ask) for each in some]
    assert [status for status, _ in answers] == [201] * (2 * people)
    leads = leads_of(site)
    assert Counter(each.product_line for each in leads) == {"pumps": people, FURTHER: people}
    owned = Counter(each.assignment.rep for each in leads if each.assignment)
    assert owned.total() == 2 * people
    assert all(owned[rep] == LIMIT for rep in LIMITED)
    records = [to_entity(item) for item in site.items() if key_of(item).sk == "S"]
    assert sum(1 for each in records if isinstance(each, Record) and each.person) == people


def test_equal_people_have_equal_shares_of_those_who_come_at_once(site: Site) -> None:
    callers, each = 8, 63 if FULL else 8

    def ask(n: int) -> None:
        for k in range(each):
            post_lead(lead(n * each + k, product=EQUAL), f"{n}-{k}")

    run_together(site, callers, ask)
    held = Counter(lead.assignment.rep for lead in leads_of(site) if lead.assignment)
    assert held.keys() == set(EQUALS)
    assert max(held.values()) - min(held.values()) <= 1
    assert held.total() == callers * each


def test_of_those_who_change_one_version_at_once_one_does(site: Site) -> None:
    """I17: as many versions as accepted changes, each on the timeline, and the last one stands."""
    writers, rounds, people = (32, 100, 10) if FULL else (6, 10, 2)

    def found(_: int) -> list[str]:
        posts = [post_lead(lead(person), f"key-{person}") for person in range(people)]
        return [json.loads(body)["submission_id"] for _, body in posts]

    (ids,) = run_together(site, 1, found)

    def write(n: int) -> list[tuple[str, int, str, str]]:
        done = []
        for k in range(rounds):
            path = f"/admin/v1/leads/{ids[k % people]}"
            _, headers, _ = call_admin_api("GET", path)
            title = f"title {n}.{k}"
            status, headers, _ = call_admin_api(
                "PATCH",
                path,
                json.dumps({"contact": {"job_title": title}}),
                if_match=headers["ETag"][0],
            )
            done.append((ids[k % people], status, headers.get("ETag", [""])[0], title))
        return done

    answers = [answer for writer in run_together(site, writers, write) for answer in writer]
    assert {status for _, status, _, _ in answers} == {200, 412}
    for id_ in ids:
        accepted = [
            (etag, title)
            for lead_id, status, etag, title in answers
            if (lead_id, status) == (id_, 200)
        ]
        ref = RecordRef(id_)
        record = read(site.table, [ref])[ref]
        assert isinstance(record, Record)
        assert record.person
        assert record.version == 1 + len(accepted)
        assert record.person.contact.job_title in {title for _, title in accepted}
        timeline = queries.timeline(site.table, id_, 10_000, fresh=True).rows
        assert len(timeline) == len(accepted)
