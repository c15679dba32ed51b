"""I4: as many leads as persons, and the same of each, whatever order their inquiries arrive in.

Queues do not keep order. What was received when is written on the envelope, so the same
submissions have to end in the same leads; ids, owners and the timeline's own ids may differ.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from leadloop.model.lead import Record
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Submission, Touch
from leadloop.store import keys
from leadloop.store.items import to_entity
from tests.invariants.conftest import FULL
from tests.stories.world import MONDAY, World

ORDERS, PERSONS = 20, 200 if FULL else 50
BATCH = 10  # as qualify takes them
TITLES = ("Engineer", "Owner", "Buyer", None)
PRODUCTS = ("P-10", "P-20", None)
CITIES = (("20095", "Hamburg"), ("80331", "München"), (None, None))


def asked(chance: random.Random, person: int, n: int, by: str) -> dict[str, str | int]:
    """What a person fills in at the `n`-th time: known by the e-mail, or only ever by the phone."""
    postcode, city = chance.choice(CITIES)
    said: dict[str, str | int | None] = {
        "email": f"p{person}@firm{person}.de" if by == "email" else None,
        "phone": f"+49151{person:08d}" if by == "phone" or chance.random() < 0.5 else None,
        "first_name": "Ada" if chance.random() < 0.5 else None,
        "last_name": "Nowak",
        "job_title": chance.choice(TITLES),
        "company": f"Firm {chance.randrange(3)}",
        "postcode": postcode,
        "city": city,
        "product": chance.choice(PRODUCTS),
        "budget": chance.choice((None, 100, 60_000)),
        "message": f"inquiry {person}.{n}" if chance.random() < 0.5 else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def inquiries(chance: random.Random) -> Iterator[Submission]:
    """About two and a half of each person; nobody's third joins what two others kept apart."""
    world = World()
    for person in range(PERSONS):
        by = chance.choice(("email", "phone"))
        for n in range(chance.choice((1, 2, 3, 4))):
            form = world.post_form(
                "machines-quote", asked(chance, person, n, by), key=f"s-{person}-{n}"
            )
            at = MONDAY - timedelta(seconds=chance.randrange(86_400), microseconds=n)
            touch = Touch(at=at, source=form.source, utm_campaign=f"c{chance.randrange(5)}")
            fields = {"flow_rate": str(chance.randrange(9))} if chance.random() < 0.5 else {}
            consent = form.consent and form.consent.but(at=at)
            yield form.but(received_at=at, touch=touch, fields=fields, consent=consent)


def leads_of(world: World) -> list[StoredLead]:
    items = [item for item in world.table.all_items() if item["sk"] == keys.RECORD]
    records = [entity for item in items if isinstance(entity := to_entity(item), Record)]
    return [stored for record in records if (stored := StoredLead.of(record)) is not None]


def arrive(submissions: Sequence[Submission]) -> World:
    world = World()
    for start in range(0, len(submissions), BATCH):
        world.act(*submissions[start : start + BATCH])
    return world


OF_PERSON = {"contact", "consents"}
OF_LEAD = {"interest", "fields", "first_touch", "last_touch", "score"}


def told(world: World) -> list[str]:
    """Every lead as it is merged: without ids, owners and what time did to it."""
    return sorted(
        each.person.model_dump_json(include=OF_PERSON) + each.lead.model_dump_json(include=OF_LEAD)
        for each in leads_of(world)
    )


def test_any_order_of_arrival_ends_in_the_same_leads() -> None:
    chance = random.Random(20_261_122)
    submissions = list(inquiries(chance))
    in_time = sorted(submissions, key=lambda each: each.received_at)
    expected = told(arrive(in_time))
    assert len(expected) == PERSONS
    for _ in range(ORDERS):
        assert told(arrive(chance.sample(submissions, len(submissions)))) == expected


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_one_inquiry_that_joins_two_others_makes_one_lead_or_a_match_that_is_shown(
    order: Sequence[int],
) -> None:
    world = World()
    both: dict[str, str | int] = {"email": "ada@nowak.de", "phone": "+4915100000001"}
    said: list[dict[str, str | int]] = [
        {**both, "company": "A"},
        {"phone": both["phone"], "company": "B"},
        {"email": both["email"], "company": "C"},
    ]
    three = [world.post_form("machines-quote", each, key=f"s-{n}") for n, each in enumerate(said)]
    leads = leads_of(arrive([three[n] for n in order]))
    assert len(leads) == 1 or (
        len(leads) == 2 and any(each.person.possible_matches for each in leads)
    )
