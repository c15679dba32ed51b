from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.model.lead import Record, RecordRef
from leadloop.store import register
from tally.handler import handler
from tests.contracts.samples import NOW, build_quarantined
from tests.functions.aws_fixture import AwsFixture, batch_failures
from tests.functions.relay.test_relay import image, stream


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


def test_when_the_table_does_not_answer_all_come_again(
    home: AwsFixture, context: LambdaContext
) -> None:
    event = tally_records(home, *(build_quarantined(id_, NOW) for id_ in "ab"))
    home.aws.dynamodb.delete_table(TableName="leads")
    assert handler(event, context) == batch_failures("100", "101")
