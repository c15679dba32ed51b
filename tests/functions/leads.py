"""Leads and what they wait for, made by the one hand as anything is."""

from datetime import UTC, datetime, timedelta

import time_machine

from leadloop.edge.act import act
from leadloop.intake.envelope import sha256
from leadloop.model.contact import Contact
from leadloop.model.delivery import Delivery
from leadloop.model.due import Due
from leadloop.model.lead import Record, RecordRef
from leadloop.model.submission import Channel, ConsentRecord, Raw, Submission
from leadloop.store import queries
from tests.functions.aws_fixture import AwsFixture

LEAD = "L" * 26


def build_submission(lead_id: str = LEAD, **contact: str) -> Submission:
    body = repr(sorted(contact.items())).encode()
    return Submission(
        id=lead_id,
        source="contact",
        channel=Channel.FORM,
        received_at=datetime.now(UTC),
        raw=Raw(sha256=sha256(body), size=len(body), body=body),
        contact=Contact(**{"email": "ada@lovelace.example", "name": "Ada Lovelace", **contact}),
        consent=ConsentRecord(
            purposes=("marketing",), text_version="v1", at=datetime.now(UTC), ip="203.0.113.7"
        ),
    )


def create_lead(home: AwsFixture, lead_id: str = LEAD, **contact: str) -> Record:
    """A lead; with a `company` it is a rep's at once, without it is nurtured."""
    (verdict,) = act([build_submission(lead_id, **contact)])
    assert getattr(verdict, "outcome", verdict) == "lead"
    record: Record = home.read_entity(RecordRef(lead_id))
    return record


def only_delivery(home: AwsFixture, lead_id: str = LEAD) -> Delivery:
    """The lead's only delivery."""
    (found,) = queries.deliveries(home.table, lead_id, 10).rows
    return found


def fire_timer(record: Record) -> None:
    """What the lead waits for comes to pass."""
    assert record.lead is not None
    (timer,) = record.lead.timers
    with time_machine.travel(timer.at + timedelta(seconds=1), tick=False):
        act([Due(timer=timer.kind, lead_id=record.id, at=timer.at)])
