"""A partner sends a known person in another product line: that is a lead of its own (I13)."""

import hashlib

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.model.further_lead import LineRef
from leadloop.store import partners
from leadloop.store.partners import Partner
from tests.functions.aws_fixture import SECTIONS, AwsFixture
from tests.functions.partners.test_partners import KEYS, ROSA, Door, said
from tests.functions.two_lines import LINE, two_line_playbook

FILTERS = {**ROSA, "wants": LINE}


@pytest.fixture
def door(home: AwsFixture, context: LambdaContext) -> Door:
    haus = {**SECTIONS["sources"]["haus"], "fields": {"wants": "interest.product_line"}}
    sources = {**SECTIONS["sources"], "haus": haus, "autopoint": {**haus, "id": "autopoint"}}
    home.publish(two_line_playbook({**SECTIONS, "sources": sources}))
    for source, key in KEYS.items():
        sha256 = hashlib.sha256(key.encode()).hexdigest()
        assert partners.put(home.table, sha256, Partner(source=source, name=source))
    return Door(context)


def test_its_own_person_in_another_line_is_a_lead_again(home: AwsFixture, door: Door) -> None:
    first, answer = said(door.post(ROSA)), door.post(FILTERS)
    told = said(answer)
    assert (answer["statusCode"], told["outcome"]) == (201, "lead")
    assert told["lead_id"] == told["submission_id"] != first["lead_id"]
    assert home.read_entity(LineRef(first["lead_id"], LINE)).submission == told["submission_id"]
    assert door.look_up(told["submission_id"])["body"] == answer["body"]


def test_the_second_time_in_that_line_it_is_merged_with_its_own_first_there(door: Door) -> None:
    door.post(ROSA)
    first = said(door.post(FILTERS))
    again = door.post({**FILTERS, "message": "Still waiting"})
    assert (again["statusCode"], said(again)["outcome"]) == (200, "merged")
    assert said(again)["lead_id"] == first["submission_id"]


def test_what_it_sent_in_one_line_tells_it_nothing_of_another(door: Door) -> None:
    """Another source owns the further lead: the partner is answered as for a new person."""
    door.post(ROSA, who="autopoint")
    door.post(FILTERS, who="haus")
    answer = door.post(FILTERS, who="autopoint")
    told = said(answer)
    assert (answer["statusCode"], told["outcome"]) == (201, "lead")
    assert told["lead_id"] == told["submission_id"]
