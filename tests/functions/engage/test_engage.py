from datetime import UTC, datetime, timedelta

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from engage.handler import handler
from leadloop.model.lead import RecordRef
from leadloop.model.signal import Signal
from tests.functions.aws_fixture import AwsFixture, batch_failures, sqs_event
from tests.functions.leads import LEAD, create_lead


@pytest.fixture
def lead(home: AwsFixture) -> str:
    return create_lead(home).id


def click(n: int, *, confirmed: bool) -> str:
    return Signal(
        id=f"click:{n}",
        signal="click",
        lead_id=LEAD,
        at=datetime.now(UTC) - timedelta(seconds=n),
        confirmed=confirmed,
    ).model_dump_json()


def test_a_confirmed_click_counts_once(home: AwsFixture, context: LambdaContext, lead: str) -> None:
    for _ in range(2):
        assert handler(sqs_event(click(1, confirmed=True)), context) == batch_failures()
    assert [touch.id for touch in home.read_entity(RecordRef(lead)).person.touchpoints] == [
        "click:1"
    ]


def test_a_scanners_clicks_change_no_item_and_are_in_the_lake(
    home: AwsFixture, context: LambdaContext, lead: str
) -> None:
    before = home.items()
    assert (
        handler(sqs_event(*(click(n, confirmed=False) for n in range(10))), context)
        == batch_failures()
    )
    assert home.items() == before
    assert [line["data"]["signal"] for line in home.lake_lines()] == ["click"] * 10


def test_a_poisonous_message_comes_again_alone(
    home: AwsFixture, context: LambdaContext, lead: str
) -> None:
    event = sqs_event("{}", click(1, confirmed=True), click(2, confirmed=False))
    assert handler(event, context) == batch_failures("m0")
    assert [touch.id for touch in home.read_entity(RecordRef(lead)).person.touchpoints] == [
        "click:1"
    ]
    assert len(home.lake_lines()) == 1


def test_a_signal_of_nobody_is_done_with(home: AwsFixture, context: LambdaContext) -> None:
    assert handler(sqs_event(click(1, confirmed=True)), context) == batch_failures()
    assert home.items() == []
