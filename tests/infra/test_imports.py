from typing import Any

import pytest

from .conftest import Assembly
from .test_journey import defined, states


@pytest.fixture(scope="session")
def machine(laptop: Assembly) -> dict[str, Any]:
    return defined(laptop, "Imports")


def test_pages_of_rows_are_mapped_by_express_children(machine: dict[str, Any]) -> None:
    pages = machine["States"]["Pages"]
    mode = pages["ItemProcessor"]["ProcessorConfig"]
    assert mode == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    assert pages["ResultPath"] is None
    assert pages["ToleratedFailurePercentage"] == 100


def test_every_task_of_an_import_is_tried_again(machine: dict[str, Any]) -> None:
    tasks = {name: state for name, state in states(machine) if state["Type"] == "Task"}
    assert tasks.keys() == {"Open", "Rows", "Close", "GiveUp"}
    for state in tasks.values():
        assert [retry["ErrorEquals"] for retry in state["Retry"]] == [["States.TaskFailed"]]


def test_a_file_that_cannot_be_opened_is_given_up_and_told(machine: dict[str, Any]) -> None:
    (catch,) = machine["States"]["Open"]["Catch"]
    assert (catch["ErrorEquals"], catch["ResultPath"]) == (["States.ALL"], "$.failure")
    given_up = machine["States"][catch["Next"]]
    assert given_up["Parameters"] == {
        "task": "give up",
        "key.$": "$.key",
        "error.$": "$.failure.Error",
    }
    assert machine["States"][given_up["Next"]]["Type"] == "Fail"


def test_a_file_that_waits_for_a_person_is_no_failure(machine: dict[str, Any]) -> None:
    assert machine["States"][machine["States"]["Next"]["Default"]]["Type"] == "Succeed"
    assert machine["States"][machine["States"]["AllDone"]["Default"]]["Type"] == "Fail"


def test_files_and_confirmations_start_it_and_nothing_else_of_the_bucket(laptop: Assembly) -> None:
    patterns = [
        rule["Properties"]["EventPattern"]
        for rule in laptop.of_type("AWS::Events::Rule").values()
        if "EventPattern" in rule["Properties"]
    ]
    (keys,) = [pattern["detail"]["object"]["key"] for pattern in patterns]
    assert keys == [{"prefix": f"{word}/"} for word in ("files", "confirmed", "released")]
    (raw,) = [
        bucket["Properties"]["NotificationConfiguration"]
        for bucket in laptop.of_type("AWS::S3::Bucket").values()
        if "NotificationConfiguration" in bucket["Properties"]
    ]
    assert raw["EventBridgeConfiguration"] == {"EventBridgeEnabled": True}
