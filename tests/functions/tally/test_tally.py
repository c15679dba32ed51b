from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.insight.stage_moves import STAGE_EVENTS
from leadloop.model.event import EntryRef, Event, TimelineEntry
from leadloop.model.events.catalogue import EventDetails, build_event
from leadloop.model.events.leads import LeadQualified, LeadScored
from leadloop.model.events.sales import LeadAccepted
from leadloop.model.lead import Record, RecordRef
from leadloop.store import register
from tally.handler import handler
from tests.contracts.samples import NOW, build_full_lead, build_quarantined
from tests.functions.aws_fixture import AwsFixture, batch_failures
from tests.functions.relay.test_relay import image, stream


def happened(n: int, details: EventDetails) -> Event:
    return build_event(details, event_id=f"T#{n}", at=NOW, cause="T", lead_id="L" * 26)


def build_lead(lead_id: str) -> Record:
    """The founding record of a lead that was qualified at once."""
    scored = happened(0, LeadScored(total=55, fit=55))
    qualified = happened(1, LeadQualified(total=55, threshold=50))
    return build_full_lead().but(id=lead_id, lead_id=lead_id, events=(scored, qualified))


ACCEPTED = happened(2, LeadAccepted(owner="jonas", pool="dach"))
UNKNOWN = ACCEPTED.but(id="T#3", name="LeadTeleported")


def tally_records(home: AwsFixture, *records: Record) -> dict[str, Any]:
    return stream(*(image(home, RecordRef(each.id), each) for each in records))


def registered(home: AwsFixture) -> list[str]:
    lines = [line for sheet in register.walk_sheets(home.table) for line in sheet.lines]
    return [id_ for line in lines for id_ in line.ids]


def test_what_the_stream_tells_together_is_one_sheet(
    home: AwsFixture, context: LambdaContext
) -> None:
    event = tally_records(home, *(build_quarantined(id_, NOW) for id_ in "abc"))
    for _ in range(2):
        assert handler(event, context) == batch_failures()
    (sheet,) = register.walk_sheets(home.table)
    assert sheet.lines[0].ids == ("a", "b", "c")


def test_a_broken_record_comes_again_and_its_neighbours_are_registered(
    home: AwsFixture, context: LambdaContext
) -> None:
    event = tally_records(home, *(build_quarantined(id_, NOW) for id_ in "abc"))
    event["Records"][1]["dynamodb"]["NewImage"]["body"] = {"B": "AAAA"}
    assert handler(event, context) == batch_failures("101")
    assert registered(home) == ["a", "c"]


def test_what_happened_to_leads_is_counted_by_the_names_of_the_events(
    home: AwsFixture, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    lead = build_lead("L" * 26)
    later = TimelineEntry(lead_id=lead.id, at=NOW, trigger_id="T1", events=(ACCEPTED, UNKNOWN))
    ref = EntryRef(lead.id, NOW.isoformat(), "T1", 0)
    records = stream(image(home, RecordRef(lead.id), lead), image(home, ref, later))
    assert handler(records, context) == batch_failures()
    (line,) = (vars(record) for record in caplog.records if record.message == "Tallied")
    counts = {name: line[name] for name in ("Registered", "LeadQualified", "LeadAccepted")}
    assert counts == {"Registered": 1, "LeadQualified": 1, "LeadAccepted": 1}
    assert not {"LeadScored", "LeadTeleported", "OpportunityWon"} & line.keys()


def test_each_event_that_moves_a_stage_is_counted() -> None:
    assert {"LeadCreated", "LeadNurtured", "LeadQualified", "LeadAccepted"} <= set(STAGE_EVENTS)
    assert {"LeadConverted", "OpportunityWon", "OpportunityLost"} <= set(STAGE_EVENTS)


def test_when_the_table_does_not_answer_all_come_again(
    home: AwsFixture, context: LambdaContext
) -> None:
    event = tally_records(home, *(build_quarantined(id_, NOW) for id_ in "ab"))
    home.aws.dynamodb.delete_table(TableName="leads")
    assert handler(event, context) == batch_failures("100", "101")
