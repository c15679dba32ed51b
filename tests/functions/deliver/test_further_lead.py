"""A mail about a further lead: claimed, written and closed, with links that name that lead."""

import json
from datetime import timedelta

import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext

from deliver.handler import handler
from leadloop.content.links import AcceptLink, Links, Unsubscribe
from leadloop.edge.act import act
from leadloop.model.contact import Interest
from leadloop.model.delivery import Delivery, DeliveryState
from leadloop.model.due import Due
from leadloop.model.further_lead import FurtherLead, LineRef
from leadloop.model.lead import RecordRef
from leadloop.store import queries
from tests.functions.aws_fixture import (
    LINKS_SECRET,
    PUBLIC_ADDRESS,
    SECTIONS,
    AwsFixture,
    batch_failures,
    reset_caches,
    sqs_event,
)
from tests.functions.deliver.test_deliver import mails, text
from tests.functions.leads import LEAD, build_submission, create_lead
from tests.functions.two_lines import LINE, two_line_playbook

FURTHER = f"{LEAD}:{LINE}"


def create_two(home: AwsFixture, **contact: str) -> FurtherLead:
    home.publish(two_line_playbook(SECTIONS))
    reset_caches()
    create_lead(home, **contact)
    wish = Interest(product_line=LINE)
    (verdict,) = act([build_submission("M" * 26, **contact).but(interest=wish)])
    assert getattr(verdict, "lead_id", verdict) == FURTHER
    lead: FurtherLead = home.read_entity(LineRef(LEAD, LINE))
    return lead


def deliveries_of(home: AwsFixture, lead_id: str) -> list[Delivery]:
    rows = queries.deliveries(home.table, lead_id, 10).rows
    return [each for each in rows if each.lead_id == lead_id]


def say(home: AwsFixture, context: LambdaContext) -> None:
    (delivery,) = deliveries_of(home, FURTHER)
    ready = json.dumps({"lead_id": FURTHER, "delivery_id": delivery.id})
    assert handler(sqs_event(ready), context) == batch_failures()
    (delivery,) = deliveries_of(home, FURTHER)
    assert delivery.state is DeliveryState.SENT


def test_the_rep_of_a_further_lead_accepts_that_lead(
    home: AwsFixture, context: LambdaContext
) -> None:
    create_two(home, company="Engines Ltd")
    say(home, context)
    (mail,) = mails()
    assert mail["X-Leadloop-Lead"] == FURTHER
    token = text(mail).split(f"{PUBLIC_ADDRESS}/a/")[1].split()[0]
    assert Links(LINKS_SECRET).read(token, AcceptLink) == AcceptLink(FURTHER, "ida")


def test_a_step_of_a_further_lead_counts_among_what_the_person_got(
    home: AwsFixture, context: LambdaContext
) -> None:
    lead = create_two(home)
    (timer,) = lead.lead.timers
    with time_machine.travel(timer.at + timedelta(seconds=1), tick=False):
        act([Due(timer=timer.kind, key=timer.key, lead_id=FURTHER, at=timer.at)])
    before = home.read_entity(RecordRef(LEAD))
    say(home, context)
    after = home.read_entity(RecordRef(LEAD))
    assert (len(before.person.sends), len(after.person.sends)) == (0, 1)
    assert after.lead == before.lead
    (mail,) = mails()
    token = text(mail).split(f"{PUBLIC_ADDRESS}/u/")[1].split()[0]
    said = Links(LINKS_SECRET).read(token, Unsubscribe)
    assert said is not None
    assert said.lead_id == FURTHER
