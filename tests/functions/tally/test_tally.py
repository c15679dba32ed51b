from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.model.facts import RecordRef
from leadloop.model.lead import Record
from leadloop.store import register
from tally.handler import handler
from tests.contracts.samples import NOW, quarantined
from tests.functions.aws_fixture import House, again
from tests.functions.relay.test_relay import image, stream


def told(home: House, *records: Record) -> dict[str, Any]:
    return stream(*(image(home, RecordRef(each.id), each) for each in records))


def registered(home: House) -> list[str]:
    lines = [line for sheet in register.walk(home.table) for line in sheet.lines]
    return [id_ for line in lines for id_ in line.ids]


def test_what_the_stream_tells_together_is_one_sheet(home: House, context: LambdaContext) -> None:
    event = told(home, *(quarantined(id_, NOW) for id_ in "abc"))
    for _ in range(2):
        assert handler(event, context) == again()
    (sheet,) = register.walk(home.table)
    assert sheet.lines[0].ids == ("a", "b", "c")


def test_a_broken_record_comes_again_and_its_neighbours_are_registered(
    home: House, context: LambdaContext
) -> None:
    event = told(home, *(quarantined(id_, NOW) for id_ in "abc"))
    event["Records"][1]["dynamodb"]["NewImage"]["body"] = {"B": "AAAA"}
    assert handler(event, context) == again("101")
    assert registered(home) == ["a", "c"]


def test_when_the_table_does_not_answer_all_come_again(home: House, context: LambdaContext) -> None:
    event = told(home, *(quarantined(id_, NOW) for id_ in "ab"))
    home.aws.dynamodb.delete_table(TableName="leads")
    assert handler(event, context) == again("100", "101")
