import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.bench.steps import PARENT_STATES

from .conftest import Assembly


@pytest.fixture(scope="session")
def machine(laptop: Assembly) -> dict[str, Any]:
    return defined(laptop, "Journey")


def defined(laptop: Assembly, family: str) -> dict[str, Any]:
    machines = laptop.of_type("AWS::StepFunctions::StateMachine").items()
    (found,) = [each for place, each in machines if place.partition("/")[2].startswith(family)]
    _, parts = found["Properties"]["DefinitionString"]["Fn::Join"]
    text = "".join(part if isinstance(part, str) else "arn" for part in parts)
    definition: dict[str, Any] = json.loads(text)
    return definition


def states(machine: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


def test_a_map_over_pages_runs_express_children_and_knows_no_batches(
    machine: dict[str, Any],
) -> None:
    pages = machine["States"]["Pages"]
    mode = pages["ItemProcessor"]["ProcessorConfig"]
    assert mode == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    assert pages["ItemReader"]["ReaderConfig"] == {"InputType": "JSON"}
    assert not {"ItemBatcher", "ResultWriter"} & pages.keys()


def test_every_task_is_tried_again_whatever_its_failure_is_called(machine: dict[str, Any]) -> None:
    tasks = {name: state for name, state in states(machine) if state["Type"] == "Task"}
    assert tasks.keys() == {"Due", "Step", "Breach", "Recycle", "Retry"}
    for state in tasks.values():
        assert [retry["ErrorEquals"] for retry in state["Retry"]] == [["States.TaskFailed"]]


def test_nothing_due_is_no_failure(machine: dict[str, Any]) -> None:
    assert machine["States"][machine["States"]["AnythingDue"]["Default"]]["Type"] == "Succeed"


def test_a_run_enters_the_states_that_the_bench_counts(machine: dict[str, Any]) -> None:
    name, entered = machine["StartAt"], []
    while name:
        entered.append(name)
        state = machine["States"][name]
        choices = state.get("Choices", [{}])
        name = state.get("Next") or choices[0].get("Next")
    assert tuple(entered) == PARENT_STATES


def test_a_replay_is_summed_up_whatever_became_of_it(laptop: Assembly) -> None:
    replay = defined(laptop, "Keeping")
    tasks = {name for name, state in states(replay) if state["Type"] == "Task"}
    assert tasks == {"Find", "Page", "End"}
    assert replay["StartAt"] == "Find"
    assert [catch["Next"] for catch in replay["States"]["Find"]["Catch"]] == ["End"]
    assert replay["States"]["AnybodyFound"]["Default"] == "End"
    pages = replay["States"]["ReplayPages"]
    assert (pages["Next"], pages["ToleratedFailurePercentage"]) == ("End", 100)
