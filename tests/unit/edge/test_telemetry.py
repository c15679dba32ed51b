"""What a call tells of itself: read as CloudWatch does, from the line."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from leadloop.edge.telemetry import log_call, log_fault, record_accepted


@pytest.fixture
def said() -> Iterator[StringIO]:
    stream = StringIO()
    (handler,) = logging.getLogger("leadloop").handlers
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def test_one_line_is_the_log_and_the_metrics(said: StringIO) -> None:
    log_call("Captured", {"Status202": 1, "Refused": 0})
    (line,) = said.getvalue().splitlines()
    told = json.loads(line)
    (metrics,) = told["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "leadloop"
    assert {each["Name"]: told[each["Name"]] for each in metrics["Metrics"]} == {
        "Status202": 1,
        "Refused": 0,
    }
    assert {name for names in metrics["Dimensions"] for name in names} <= told.keys()
    assert told["message"] == "Captured"
    assert 1.7e12 < told["_aws"]["Timestamp"] < 1e13  # milliseconds


def test_where_nothing_is_counted_there_is_no_metric(said: StringIO) -> None:
    log_call("Looked", {})
    assert "_aws" not in json.loads(said.getvalue())


def test_a_fault_names_its_kind_and_place_and_not_what_it_says(said: StringIO) -> None:
    try:
        int("someone@example.com")
    except ValueError as error:
        log_fault("A request failed", error)
    assert "someone@example.com" not in said.getvalue()
    told = json.loads(said.getvalue())
    assert told["error"] == "ValueError"
    assert "test_telemetry.py" in told["at"][0]


def test_what_a_door_took_is_told_once_and_by_our_own_ids(said: StringIO) -> None:
    record_accepted("contact", "A1", "A2")
    for _ in range(2):
        log_call("Captured", {"Status202": 1})
    first, second = map(json.loads, said.getvalue().splitlines())
    assert first["taken"] == [["contact", "A1"], ["contact", "A2"]]
    assert "taken" not in second
