import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext

from journey.handler import handler
from leadloop.edge.act import act
from leadloop.model.lead import RecordRef
from leadloop.model.lifecycle import Stage
from tests.functions.aws_fixture import AwsFixture
from tests.functions.leads import LEAD, build_submission, create_lead, only_delivery
from tests.lambda_context import FakeLambdaContext

NAMES = "ABCDEFG"


def run(name: str = "r-1") -> Any:
    return handler({"task": "due"}, FakeLambdaContext(name))


def pages(home: AwsFixture, found: Any) -> list[dict[str, str]]:
    manifest = home.aws.s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
    return list(json.loads(manifest["Body"].read()))


def later(**span: float) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + timedelta(**span), tick=False)


def test_nothing_due_is_no_page(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home)
    assert run()["pages"] == 0


def test_what_is_due_is_listed_by_kind_and_done(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home)
    with later(hours=2):
        found = run()
        assert found["pages"] == 1
        (page,) = pages(home, found)
        assert page["kind"] == "step"
        did = handler({"task": "act", **page}, context)
    assert did == {"kind": "step", "done": 1, "late": 0, "failed": 0, "outcome": "done"}
    assert only_delivery(home).template == "hello"


def test_a_page_done_twice_is_done_once(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home)
    with later(hours=2):
        (page,) = pages(home, run())
        handler({"task": "act", **page}, context)
        handler({"task": "act", **page}, context)
    assert only_delivery(home).template == "hello"


def test_two_runs_at_once_do_not_both_list(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home)
    with later(hours=2):
        assert run("first")["pages"] == 1
        assert run("second")["pages"] == 0


def test_a_run_that_crashed_loses_nothing(home: AwsFixture, context: LambdaContext) -> None:
    create_lead(home)
    with later(hours=2):
        run("crashed")
    with later(hours=2, minutes=1):
        assert run("next")["pages"] == 1


def test_a_lead_nobody_accepts_in_time_is_taken_back(
    home: AwsFixture, context: LambdaContext
) -> None:
    create_lead(home, company="Engines Ltd")
    with later(hours=2):
        (page,) = pages(home, run())
        assert page["kind"] == "breach"
        handler({"task": "act", **page}, context)
    lead = home.read_entity(RecordRef(LEAD)).lead
    assert lead.stage is Stage.QUALIFIED
    assert lead.assignment.takebacks == 1


def test_leads_are_paged_by_the_hundred(home: AwsFixture, context: LambdaContext) -> None:
    names = [a + b + c for a in NAMES for b in NAMES for c in NAMES][:105]
    act([build_submission(name.ljust(26, "Z"), email=f"{name}@lovelace.example") for name in names])
    with later(hours=2):
        found = run()
        listed = pages(home, found)
        assert found["pages"] == len(listed) == 2
        done = [handler({"task": "act", **page}, context)["done"] for page in listed]
    assert sorted(done) == [5, 100]


def test_an_unknown_task_is_an_error(home: AwsFixture, context: LambdaContext) -> None:
    with pytest.raises(ValueError, match="no such task"):
        handler({"task": "guess"}, context)
