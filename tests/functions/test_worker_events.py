"""Every sample event of the workers is handled, and answered as it says beside it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from deliver.handler import handler as deliver
from engage.handler import handler as engage
from feeds.handler import handler as feeds
from imports.handler import handler as imports
from infra.local.expectations import Observation, compare_answer, read_expectation
from journey.handler import handler as journey
from leadloop.playbook.load import load_playbook
from mail_in.handler import handler as mail_in
from qualify.handler import handler as qualify
from relay.handler import handler as relay
from tally.handler import handler as tally
from tests.functions.aws_fixture import AwsFixture, reset_caches
from upkeep.handler import handler as upkeep

ROOT = Path(__file__).parents[2]
HANDLERS: dict[str, Callable[..., Any]] = {
    "deliver": deliver,
    "engage": engage,
    "imports": imports,
    "feeds": feeds,
    "journey": journey,
    "mail_in": mail_in,
    "qualify": qualify,
    "relay": relay,
    "tally": tally,
    "upkeep": upkeep,
}
PATHS = [path for name in HANDLERS for path in sorted(ROOT.glob(f"events/{name}/*.json"))]
ACME = load_playbook(ROOT / "shared" / "playbooks" / "acme")


def test_every_worker_has_samples() -> None:
    assert {path.parent.name for path in PATHS} == HANDLERS.keys()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_is_answered_as_it_says(
    path: Path, home: AwsFixture, context: LambdaContext
) -> None:
    home.publish(ACME)
    reset_caches()
    answer = answered(HANDLERS[path.parent.name], json.loads(path.read_text()), context)
    assert compare_answer(read_expectation(path), Observation(answer=answer)) == ()


def answered(handler: Callable[..., Any], event: Any, context: LambdaContext) -> str:
    """What the caller gets; of an error its name, as Lambda tells a state machine."""
    try:
        return json.dumps(handler(event, context))
    except ValueError as error:
        return json.dumps({"errorType": type(error).__name__})
