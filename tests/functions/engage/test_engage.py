from datetime import UTC, datetime, timedelta

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from engage.handler import handler
from leadloop.model.facts import RecordRef
from leadloop.model.signal import Signal
from tests.functions.aws_fixture import House, again, sqs_event
from tests.functions.leads import LEAD, founded


@pytest.fixture
def lead(home: House) -> str:
    return founded(home).id


def click(n: int, *, confirmed: bool) -> str:
    return Signal(
        id=f"click:{n}",
        signal="click",
        lead_id=LEAD,
        at=datetime.now(UTC) - timedelta(seconds=n),
        confirmed=confirmed,
    ).model_dump_json()


def test_a_confirmed_click_counts_once(home: House, context: LambdaContext, lead: str) -> None:
    for _ in range(2):
        assert handler(sqs_event(click(1, confirmed=True)), context) == again()
    assert [touch.id for touch in home.at(RecordRef(lead)).lead.touchpoints] == ["click:1"]


def test_a_scanners_clicks_change_no_item_and_are_in_the_lake(
    home: House, context: LambdaContext, lead: str
) -> None:
    before = home.items()
    assert handler(sqs_event(*(click(n, confirmed=False) for n in range(10))), context) == again()
    assert home.items() == before
    assert [line["data"]["signal"] for line in home.lake()] == ["click"] * 10


def test_a_poisonous_message_comes_again_alone(
    home: House, context: LambdaContext, lead: str
) -> None:
    event = sqs_event("{}", click(1, confirmed=True), click(2, confirmed=False))
    assert handler(event, context) == again("m0")
    assert [touch.id for touch in home.at(RecordRef(lead)).lead.touchpoints] == ["click:1"]
    assert len(home.lake()) == 1


def test_a_signal_of_nobody_is_done_with(home: House, context: LambdaContext) -> None:
    assert handler(sqs_event(click(1, confirmed=True)), context) == again()
    assert home.items() == []
