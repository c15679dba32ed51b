"""What the vendor has and we have not, on the embedded AWS, with the rights of the real roles."""

import json
import time

from leadloop.intake.envelope import submission_id
from tests.stack.conftest import RunningSystem

MISSED = submission_id("meta-home", "90074")  # only ever in the vendor's list
WITHIN = 180  # seconds; on an idle machine it takes ten


def test_a_lead_whose_post_never_came_is_taken_in_by_the_hourly_question(
    running: RunningSystem,
) -> None:
    functions = running.aws.functions
    names = [each["FunctionName"] for each in functions.list_functions()["Functions"]]
    (upkeep,) = [name for name in names if "Upkeep" in name]
    asked = functions.invoke(FunctionName=upkeep, Payload=json.dumps({"task": "vendors"}).encode())
    said = json.loads(asked["Payload"].read())
    assert said["meta-home"] >= 1, said
    deadline = time.monotonic() + WITHIN
    while (found := running.client.submission(MISSED)) is None and time.monotonic() < deadline:
        time.sleep(0.25)
    assert found is not None
    assert found.outcome == "lead"
